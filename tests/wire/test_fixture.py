"""The fixture in seeds/ is the source story too: written from text and sidecar, and proved equal to them."""

import os

import pytest
from django.core.management import call_command
from django.db import transaction

from articles import manuscript as manuscripts
from articles.desk import drafts, publishing
from articles.manuscript import Manuscript
from articles.models import Article, Event, Publication, Revision, Source
from articles.wire import intake
from articles.wire.account import account

from .fixture import exported
from .test_source_story import SEEDS, TEXT

FIXTURE = SEEDS / "source_story.json"


def load() -> Article:
    call_command("loaddata", FIXTURE, verbosity=0)
    return Article.objects.get()


def test_the_committed_fixture_is_what_text_and_sidecar_give(db):
    intake.take_in(TEXT, by=account())
    if os.environ.get("WRITE_FIXTURE"):
        FIXTURE.write_text(exported(), encoding="utf-8")
    assert exported() == FIXTURE.read_text(encoding="utf-8"), "Write it anew: see seeds/README.md."


def told(article: Article) -> tuple[Manuscript, str]:
    manuscript = manuscripts.of(article)
    return manuscript, manuscripts.fingerprint(manuscript)


def test_the_fixture_gives_the_same_story_as_text_and_sidecar(db):
    with transaction.atomic():
        imported = told(intake.take_in(TEXT, by=account()).article)
        transaction.set_rollback(True)
    assert not Article.objects.exists()
    assert told(load()) == imported


def test_the_fixture_holds_nothing_that_only_its_writer_makes(db):
    load()
    for only_made in (Publication, Revision, Event, Source):
        assert not only_made.objects.exists()


def test_loading_it_twice_makes_no_second_story(db):
    assert load() == load()
    assert Article.objects.get().bylines.count() == 1
    assert Article.objects.get().tags.count() == 6


def test_a_loaded_story_can_be_saved_and_published_like_any_other(editor):
    article = load()
    manuscript = manuscripts.of(article)
    saved = drafts.save(article, manuscripts.from_json(manuscript.as_json() | {"kicker": "Kirkuk"}), seen=1, by=editor)
    assert (saved.kicker, saved.version) == ("Kirkuk", 2)
    publication = publishing.publish(drafts.sealed(saved, by=editor), by=editor)
    assert publication.dated_at.isoformat() == "2020-03-29T00:00:00+00:00"


def test_a_loaded_story_can_be_published_as_it_is(editor):
    article = load()
    publication = publishing.publish(drafts.sealed(article, by=editor), by=editor)
    assert manuscripts.from_json(publication.manuscript) == manuscripts.of(article)


def test_the_text_of_a_loaded_story_is_known_and_makes_no_second_one(db):
    article = load()
    outcome = intake.take_in(TEXT, by=account())
    assert (outcome.kind, outcome.article) == ("unchanged", article)
    assert Source.objects.get().article == article
    assert [each.kind for each in intake.publish(article, by=account())] == ["published"]


@pytest.mark.parametrize("kicker", ["Kirkuk", ""])
def test_a_loaded_story_that_the_desk_has_changed_stays_as_it_is(editor, kicker):
    article = load()
    words = manuscripts.from_json(manuscripts.of(article).as_json() | {"kicker": kicker})
    drafts.save(article, words, seen=1, by=editor)
    assert intake.take_in(TEXT, by=account()).kind == "kept"
    assert not Source.objects.exists()
    assert manuscripts.of(Article.objects.get()).kicker == kicker
