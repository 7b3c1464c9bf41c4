"""The record of what was done."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from articles import audit
from articles.models import Chain, Event, EventOrigin


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
    assert audit.first_fault().number == 3

    Event.objects.filter(number__gte=3).delete()
    assert audit.first_fault() == audit.Fault(3, "the end of the record is missing")
    guards.install(connection)


def test_an_untouched_newsroom_has_nothing_to_doubt(db):
    assert audit.first_fault() is None
    assert not Chain.objects.exists()


COLUMNS = [field.attname for field in Event._meta.concrete_fields if field.name != "id"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 3, 5])
def test_any_one_column_of_any_one_row_changed_by_sql_is_found(story, reporter, column, number):
    from articles import guards

    with audit.done_from("192.0.2.7", "A browser"):
        for n in range(4):
            audit.record("looked", story, by=reporter, page=n)
    other = {"at": "2020-01-01 00:00:00", "details": '{"page": 9}', "actor_key": 99, "number": 77}
    guards.lift(connection)
    with connection.cursor() as cursor:
        forged = f"UPDATE articles_event SET {column} = %s WHERE number = %s"  # noqa: S608  a column of ours
        cursor.execute(forged, [other.get(column, "f" * 64 if column in ("digest", "previous") else "forged"), number])
    guards.install(connection)

    assert audit.first_fault().number in (number, number + 1)


def test_two_rows_that_changed_places_are_found(story, reporter):
    from articles import guards

    for n in range(4):
        audit.record("looked", story, by=reporter, page=n)
    guards.lift(connection)
    for old, new in ((2, 99), (3, 2), (99, 3)):
        Event.objects.filter(number=old).update(number=new)
    guards.install(connection)

    assert audit.first_fault().number == 2


def test_a_record_cut_off_together_with_its_end_is_found_by_what_was_noted_down_outside(story, reporter):
    from articles import guards

    for n in range(4):
        audit.record("looked", story, by=reporter, page=n)
    noted = audit.anchor()
    assert audit.first_fault(expect=noted) is None
    guards.lift(connection)
    Event.objects.filter(number__gt=3).delete()
    last = Event.objects.get(number=3)
    Chain.objects.update(length=3, head=last.digest)
    guards.install(connection)

    assert audit.first_fault() is None
    assert audit.first_fault(expect=noted) == audit.Fault(4, "the record was cut off: event 5 was noted down outside")


def test_where_something_was_done_from_is_forgotten_and_stays_provable(story, reporter):
    with audit.done_from("192.0.2.7", "A browser"):
        event = audit.record("looked", story, by=reporter)
    assert audit.record("looked", story, by=reporter).origin == ""
    kept = EventOrigin.objects.get()
    assert (kept.event_number, kept.address, kept.device) == (event.number, "192.0.2.7", "A browser")
    said = json.dumps([kept.salt, kept.address, kept.device]).encode()
    assert event.origin == hashlib.sha256(said).hexdigest()

    audit.forget_origins(event.at + timedelta(days=89))
    assert EventOrigin.objects.exists()
    audit.forget_origins(event.at + timedelta(days=91))
    assert not EventOrigin.objects.exists()
    assert audit.first_fault() is None


def test_the_record_is_given_out_line_by_line(story, reporter):
    audit.record("looked", story, by=reporter, page=2)

    told = [json.loads(line) for line in audit.lines()]

    assert [each["verb"] for each in told] == ["started", "looked"]
    assert told[1]["details"] == {"page": 2}
    assert told[1]["digest"] == Event.objects.newest_first().first().digest
