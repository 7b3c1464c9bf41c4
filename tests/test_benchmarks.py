"""The stories to measure with are stories as the desk leaves them. What is measured is measured by hand."""

import pytest
from django.db import connection
from django.utils import timezone

from articles import audit, fulltext
from articles import manuscript as manuscripts
from articles.desk import asking, drafts, finding
from articles.live import indexing, reading
from articles.models import Article, DeskText, Publication, ReaderText, Revision
from benchmarks import stories


@pytest.fixture
def filled(db):
    stories.fill(40)


def test_they_are_the_same_for_the_same_seed_and_whole(filled):
    story = Article.objects.order_by("pk").first()
    newest = Revision.objects.of_the_story().filter(article=story).newest_first().first()

    assert Article.objects.count() == DeskText.objects.count() == 40
    assert manuscripts.from_json(newest.manuscript) == manuscripts.of(story)
    shown = Publication.objects.at(timezone.now())
    assert shown.exists()
    assert len(reading.intact([row.pk for row in shown], timezone.now())) == shown.count()
    assert ReaderText.objects.count() == Publication.objects.count()
    assert audit.first_fault() is None
    assert Article._meta.get_field("saved_at").auto_now_add


def hits(text: str) -> int:
    return Article.objects.filter(asking.fitting(asking.read(text))).count()


def test_what_is_there_to_be_searched_for_is_there(filled):
    assert (hits(stories.COMMON), hits(stories.RARE), hits(f'"{stories.PHRASE}"')) == (20, 10, 2)


def test_copies_are_whole_stories_too(db, monkeypatch, reporter):
    monkeypatch.setattr(stories, "FEW", 20)
    stories.fill(60)

    every, now = list(Article.objects.order_by("pk")), timezone.now()
    first, copy = every[0], every[40]
    assert (copy.headline, copy.slug, copy.uid != first.uid) == (first.headline, f"{first.slug}-2", True)
    assert {story.state for story in every[20:]} <= {"ready", "spiked"}
    assert first.saved_at < copy.saved_at < every[1].saved_at
    for story in every:
        newest = Revision.objects.of_the_story().filter(article=story).newest_first().first()
        assert manuscripts.from_json(newest.manuscript) == manuscripts.of(story)
    public = [row.pk for row in Publication.objects.at(now)]
    assert len(reading.intact(public, now)) == len(public) > 40
    for text in ReaderText.objects.select_related("publication"):
        assert text.place == indexing.place(text.publication.dated_at, text.publication_id)
    assert audit.first_fault() is None
    assert finding.index_all().changed == 0
    assert (hits(stories.COMMON), hits(stories.RARE)) == (30, 10)
    assert fulltext.missing(connection) == set()
    assert drafts.start(manuscripts.Manuscript(section="sea", headline="New"), by=reporter).pk > every[-1].pk


def test_a_number_that_copies_cannot_make_is_refused(db):
    with pytest.raises(SystemExit, match="Give a multiple of it"):
        stories.fill(stories.FEW + 1)


def test_a_newsroom_that_has_stories_is_left_alone(story):
    with pytest.raises(SystemExit, match="There are stories in this database already"):
        stories.fill(1)
