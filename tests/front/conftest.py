"""Stories as readers meet them: written and published by the desk's own verbs, at a moment the test chooses."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from articles import manuscript as manuscripts
from articles.desk import drafts, publishing
from articles.live import store
from articles.models import Article, Image, Publication
from articles.photos import intake
from tests.photos.pictures import jpeg, upload

# Stories are published at noon; the reader comes the next morning.
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
MORNING = NOON + timedelta(hours=20)


@pytest.fixture(autouse=True)
def _pictures_are_there(made_once) -> None:
    """Readers' pages show pictures; how they are made is proven in tests/photos."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """The moment at which the reader asks: ``clock.move_to(…)``."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tell(manuscript, reporter, editor) -> Callable[..., Publication]:
    """Publishes a story of its own: ``tell(headline="…", at=…)``; whatever is not given is as in ``manuscript``."""
    told = 0

    def tell(*, at: datetime = NOON, **words) -> Publication:
        nonlocal told
        told += 1
        with time_machine.travel(at, tick=False):
            article = drafts.start(replace(manuscript, **{"slug": f"story-{told}"} | words), by=reporter)
            return publishing.publish(drafts.sealed(article, by=editor), by=editor)

    return tell


@pytest.fixture
def retell(editor) -> Callable[..., Publication]:
    """Publishes a story again, with other words: ``retell(publication, at=…, change="correction", note="…")``."""

    def retell(before: Publication, *, at: datetime, change: str = "update", note: str = "", **words) -> Publication:
        with time_machine.travel(at, tick=False):
            article = Article.objects.get(pk=before.article_id)
            article = drafts.save(article, replace(manuscripts.of(article), **words), seen=article.version, by=editor)
            live = store.live(article, at=datetime.now(UTC))
            sealed = drafts.sealed(article, by=editor)
            return publishing.publish(sealed, by=editor, over=live and live.number, change=change, note=note)

    return retell


@pytest.fixture
def withdraw(editor) -> Callable[..., Publication]:
    """Takes a live story off the site: ``withdraw(publication, at=…, notice="…")``."""

    def withdraw(before: Publication, *, at: datetime, notice: str = "It named the wrong person.") -> Publication:
        with time_machine.travel(at, tick=False):
            article = Article.objects.get(pk=before.article_id)
            return publishing.withdraw(article, by=editor, over=before.number, notice=notice)

    return withdraw


@pytest.fixture
def awaited(picture_editor) -> Image:
    """A picture whose file has not come."""
    words = {"caption": "Forces prepare to leave.", "alt_text": "Soldiers beside lorries.", "credit": "US Navy"}
    return intake.expect("K1 Air Base.jpg", by=picture_editor, rights_basis="us-federal", **words)


@pytest.fixture
def photograph(picture_editor) -> Image:
    """A picture with a file of 1,000 x 750 pixels."""
    words = {"caption": "Lorries at the gate.", "alt_text": "Four lorries.", "credit": "US Department of Defense"}
    file = upload(jpeg(1000, 750), "lorries.jpg")
    return intake.receive(file, by=picture_editor, title="Lorries", rights_basis="us-federal", **words)
