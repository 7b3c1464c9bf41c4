"""The record of what was done."""

import pytest
from django.db import IntegrityError, connection, transaction

from articles import audit
from articles.models import Chain, Event


def test_each_event_is_chained_to_the_one_before(story, reporter):
    first = Event.objects.get()
    second = audit.record("read", story, by=reporter, page=2)

    assert (second.number, second.previous) == (first.number + 1, first.digest)
    assert (second.actor_name, second.subject_name, second.details) == ("Rosa Diaz", "Base handed over", {"page": 2})
    assert audit.first_fault() is None


def test_what_the_newsroom_does_by_itself_has_its_name(story):
    assert audit.record("sealed", story, by=None).actor_name == "Newsroom"


@pytest.mark.parametrize(
    "change", [lambda: Event.objects.update(actor_name="Nobody"), lambda: Event.objects.all().delete()]
)
def test_the_database_refuses_to_change_the_record(story, change):
    with pytest.raises(IntegrityError, match="guard: events"), transaction.atomic():
        change()


def test_a_forged_record_is_found_by_its_number(story, reporter):
    from articles import guards

    for verb in ("one", "two", "three"):
        audit.record(verb, story, by=reporter)
    guards.lift(connection)
    Event.objects.filter(number=3).update(verb="forged")
    assert audit.first_fault() == 3

    Event.objects.filter(number__gte=3).delete()
    assert audit.first_fault() == 3
    guards.install(connection)


def test_an_untouched_newsroom_has_nothing_to_doubt(db):
    assert audit.first_fault() is None
    assert not Chain.objects.exists()
