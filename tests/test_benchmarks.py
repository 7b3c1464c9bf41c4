"""The stories to measure with are stories as the desk leaves them. What is measured is measured by hand."""

import pytest
from django.utils import timezone

from articles import audit
from articles import manuscript as manuscripts
from articles.desk import asking
from articles.live import reading
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
    assert len(reading.intact([row.pk for row in shown], timezone.now())) == shown.count() == ReaderText.objects.count()
    assert audit.first_fault() is None
    assert Article._meta.get_field("saved_at").auto_now_add


def test_what_is_there_to_be_searched_for_is_there(filled):
    def hits(text: str) -> int:
        return Article.objects.filter(asking.fitting(asking.read(text))).count()

    assert (hits(stories.COMMON), hits(stories.RARE), hits(f'"{stories.PHRASE}"')) == (20, 10, 2)


def test_a_newsroom_that_has_stories_is_left_alone(story):
    with pytest.raises(SystemExit, match="There are stories in this database already"):
        stories.fill(1)
