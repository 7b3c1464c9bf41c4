"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from articles import guards
from articles.apps import guards_stand
from articles.models import FAR_FUTURE, Address, Publication, Revision


def test_all_guards_stand_after_a_migration(db):
    assert guards.missing(connection) == set()
    assert guards_stand(databases=["default"]) == []


def test_a_lost_guard_is_an_error_with_a_remedy(db):
    guards.lift(connection)

    problems = guards_stand(databases=["default"])
    guards.install(connection)

    assert {problem.id for problem in problems} == {"articles.E001"}
    assert "manage.py migrate" in problems[0].hint
    assert guards.missing(connection) == set()


@pytest.mark.parametrize("overlap", [timedelta(0), timedelta(days=-1), timedelta(days=1)])
def test_two_publications_of_one_story_never_overlap(story, published, overlap):
    first = published()
    first.pk, first.number, first.live_from = None, 2, first.live_from + overlap

    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_an_interval_is_not_stretched_over_its_neighbour(story, published):
    first = published()
    published(headline="Second")

    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=first.pk).update(live_until=FAR_FUTURE)


def test_a_parked_interval_stands_in_nobodys_way_and_is_not_public(story, published, editor):
    first = published()
    Publication.objects.filter(pk=first.pk).update(parked_at=timezone.now(), parked_why="hold", parked_by=editor)

    assert not Publication.objects.at(timezone.now()).exists()
    first.pk, first.number = None, 2
    first.save(force_insert=True)
    assert Publication.objects.at(timezone.now()).get().number == 2


@pytest.mark.parametrize(
    "facts", [{"live_until": timezone.now() - timedelta(days=9)}, {"parked_at": timezone.now()}, {"parked_why": "x"}]
)
def test_half_an_interval_or_half_a_parking_is_refused(story, published, facts):
    publication = published()

    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=publication.pk).update(**facts)


def test_published_words_never_change_and_nothing_public_is_deleted(story, published):
    published()

    for change in (
        lambda: Publication.objects.update(headline="Quietly different"),
        lambda: Publication.objects.all()._raw_delete("default"),
        lambda: Address.objects.all()._raw_delete("default"),
        lambda: Revision.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="guard"), transaction.atomic():
            change()


def test_the_next_boundary_is_the_earliest_start_or_end(story, published):
    now = timezone.now()
    publication = published()
    assert Publication.objects.next_boundary(after=timezone.now()) is None
    assert Publication.objects.next_boundary(after=now) == publication.live_from

    end = publication.live_from + timedelta(hours=2)
    Publication.objects.filter(pk=publication.pk).update(live_until=end)
    assert Publication.objects.next_boundary(after=publication.live_from) == end
