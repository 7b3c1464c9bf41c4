"""Whoever does something may be killed at any step of it: then it is done or not, and nothing is half-done.

The steps of each verb are counted first, then it is killed at some of them, the same ones for the same seed. Afterwards
the house must be whole, the verb must have happened together with its event or not at all, and doing it again works.
``python -m benchmarks.crashes`` does the same to the real processes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles import manuscript as manuscripts
from articles.desk import drafts, publishing, schedule, takedowns
from articles.live import composed, store
from articles.models import Article, Event, Image, LooseFile, Publication, Stamp
from articles.photos import deliveries, discarding, intake, loose_ends, renditions
from articles.wire import account
from articles.wire import intake as wire
from newsroom import integrity
from newsroom import storage as files
from tests.photos import pictures
from tests.wire import texts

from .dying import does

pytestmark = pytest.mark.django_db(transaction=True)

SEED, KILLS = 8, 12  # of each verb


@dataclass
class Try:
    """One thing to be done: how, whether it has been, and how often the record says so."""

    do: Callable[[], object]
    is_done: Callable[[], bool]
    told: Callable[[], int]


@pytest.fixture(autouse=True)
def queue(settings) -> None:
    """Orders for the worker stay in the database, as on the site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def recorded(verb: str, **about) -> int:
    return Event.objects.filter(verb=verb, **about).count()


def killed_at_many_steps(make: Callable[[int], Try]) -> None:
    """``make`` gives the same thing to do on something new each time."""
    first = make(0)
    steps = does(first.do)
    assert steps is not None
    assert first.is_done()
    chosen = Random(SEED).sample(range(1, steps + 1), min(KILLS, steps))
    for number, step in enumerate(sorted(chosen), 1):
        one, where = make(number), f"killed at step {step} of {steps}"
        before = one.told()
        ended = does(one.do, dies_at=step)
        begin_again()
        assert list(integrity.of_the_house(read=True)) == [], where
        assert one.told() - before == one.is_done(), f"{where}: half done"
        if not one.is_done():
            assert ended is None, where
            assert does(one.do)
            assert one.is_done(), f"{where}: it cannot be done again"
    begin_again()
    assert list(integrity.of_the_house(read=True)) == []


def begin_again() -> None:
    """What the clock does after a while."""
    later = timezone.now() + timedelta(hours=2)
    for sweep in (loose_ends.sweep, files.sweep):
        sweep(later)
    assert not LooseFile.objects.exists()
    assert not list(Path(files.halves()[0].where).glob(f"{files.PARTS}/*"))


@pytest.fixture
def a_story(manuscript, reporter):
    def begin(number: int, **words) -> Article:
        words = {"headline": f"Base {number} handed over", "slug": f"base-{number}", **words}
        return drafts.start(replace(manuscript, **words), by=reporter)

    return begin


@pytest.fixture
def a_picture(picture_editor):
    def receive(number: int, **facts) -> Image:
        facts = {"credit": "Sample", "rights_basis": "staff", "alt_text": "A sample", **facts}
        return intake.receive(file_of(number), by=picture_editor, **facts)

    return receive


def file_of(number: int) -> ContentFile:
    """Another picture for each number."""
    return pictures.upload(pictures.jpeg(64 + number, 48, quality=60), f"Convoy {number}.jpg")


def live(story: Article) -> Publication | None:
    return store.live(story, at=timezone.now())


def public(story: Article, editor, **how) -> Publication:
    return publishing.publish(drafts.sealed(story, by=editor), by=editor, **how)


def test_saving(a_story, reporter):
    def make(number: int) -> Try:
        story = a_story(number)
        drafts.sealed(story, by=reporter)
        words = replace(manuscripts.of(story), headline="Another headline")
        return Try(
            lambda: drafts.write(story, words, seen=1, by=reporter),
            lambda: Article.objects.filter(pk=story.pk, headline="Another headline").exists(),
            lambda: recorded("saved", subject_key=story.pk),
        )

    killed_at_many_steps(make)


def test_starting_a_story(a_story):
    def make(number: int) -> Try:
        slug = f"base-{number}"
        return Try(
            lambda: a_story(number),
            lambda: Article.objects.filter(slug=slug).exists(),
            lambda: recorded("started", subject_name=f"Base {number} handed over"),
        )

    killed_at_many_steps(make)


def test_publishing_with_pictures(a_story, a_picture, editor):
    def make(number: int) -> Try:
        image = a_picture(number)
        story = a_story(number, cover=str(image.uid), body=f'<p>Gone.</p><figure data-image="{image.uid}"></figure>')
        revision = drafts.sealed(story, by=editor)
        return Try(
            lambda: publishing.publish(revision, by=editor),
            lambda: live(story) is not None,
            lambda: recorded("published", subject_key=story.pk),
        )

    killed_at_many_steps(make)


def test_correcting(a_story, editor):
    def make(number: int) -> Try:
        story = a_story(number)
        public(story, editor)
        story.refresh_from_db()
        words = replace(manuscripts.of(story), standfirst="The fourth base in a month.")
        story = drafts.save(story, words, seen=story.version, by=editor)
        revision = drafts.sealed(story, by=editor)
        return Try(
            lambda: publishing.publish(revision, by=editor, over=1, change="correction", note="It was the fourth."),
            lambda: live(story).number == 2,
            lambda: recorded("corrected", subject_key=story.pk),
        )

    killed_at_many_steps(make)


def test_withdrawing(a_story, editor):
    def make(number: int) -> Try:
        story = a_story(number)
        public(story, editor)
        return Try(
            lambda: publishing.withdraw(story, by=editor, over=1, notice="It was wrong."),
            lambda: live(story).kind == Publication.Kind.NOTICE,
            lambda: recorded("withdrawn", subject_key=story.pk),
        )

    killed_at_many_steps(make)


def test_scheduling_and_moving_what_waits(a_story, editor):
    tomorrow = timezone.now() + timedelta(days=1)

    def make(number: int) -> Try:
        story = a_story(number)
        revision = drafts.sealed(story, by=editor)
        return Try(
            lambda: schedule.schedule(revision, to=tomorrow, by=editor),
            lambda: store.waiting(story, at=timezone.now()).exists(),
            lambda: recorded("scheduled", subject_key=story.pk),
        )

    def later(number: int) -> Try:
        story = a_story(1000 + number)
        waiting = schedule.schedule(drafts.sealed(story, by=editor), to=tomorrow, by=editor)
        return Try(
            lambda: schedule.reschedule(waiting, to=tomorrow + timedelta(hours=1), by=editor),
            lambda: store.waiting(story, at=timezone.now()).get().live_from > tomorrow,
            lambda: recorded("rescheduled", subject_key=story.pk),
        )

    killed_at_many_steps(make)
    killed_at_many_steps(later)


def test_uploading(a_picture):
    def make(number: int) -> Try:
        name = f"Convoy {number}.jpg"
        return Try(
            lambda: a_picture(number),
            lambda: Image.objects.filter(original_name=name).exists(),
            lambda: recorded("received", details__file=name),
        )

    killed_at_many_steps(make)
    # Nobody need look after a picture: whichever came in is waited for by the worker.
    assert DBTaskResult.objects.count() == Image.objects.count()


def test_what_arrives_in_pieces(picture_editor):
    def make(number: int) -> Try:
        content = pictures.jpeg(64 + number, 48)
        pieces = [content[:700], content[700:]]
        key = sha256(b"".join(sha256(piece).digest() for piece in pieces)).hexdigest()
        name = f"Pieces {number}.jpg"

        def send() -> None:
            for at, piece in ((0, pieces[0]), (700, pieces[1])):
                delivery = deliveries.of(key, name=name, size=len(content), by=picture_editor)
                if not delivery.pictures:
                    deliveries.add(delivery, ContentFile(piece), at=at)
            delivery = deliveries.of(key, name=name, size=len(content), by=picture_editor)
            if not delivery.pictures:
                with deliveries.whole(delivery) as file:
                    image = intake.receive(file, by=picture_editor)
                deliveries.settle(delivery, [image])

        return Try(
            send,
            lambda: Image.objects.filter(original_name=name).exists(),
            lambda: recorded("received", details__file=name),
        )

    killed_at_many_steps(make)
    deliveries.sweep(timezone.now() + timedelta(days=2))
    assert not [name for name in storages["default"].names() if name.startswith("arriving")]


def test_deleting_a_picture(a_picture, editor):
    def make(number: int) -> Try:
        image = a_picture(number)
        original, uid = str(image.file), image.uid

        def is_gone() -> bool:
            if Image.objects.filter(uid=uid).exists():
                return False
            return not storages["default"].exists(original)

        return Try(
            lambda: discarding.discard(Image.objects.get(uid=uid), by=editor),
            is_gone,
            lambda: recorded("deleted", details__uid=str(uid)),
        )

    killed_at_many_steps(make)
    assert not [name for name in storages["public"].names() if "cards" not in name]


def test_making_public_files(a_picture):
    def make(number: int) -> Try:
        image = a_picture(number)
        image.renditions.all().delete()
        return Try(
            lambda: renditions.ensure([image]),
            lambda: image.renditions.count() == len(renditions.wanted_of(image)),
            lambda: int(image.renditions.exists()),
        )

    killed_at_many_steps(make)


def test_taking_a_picture_down(a_story, a_picture, editor):
    def make(number: int) -> Try:
        image = a_picture(number)
        story = a_story(number, cover=str(image.uid), body="<p>Gone.</p>")
        public(story, editor)
        return Try(
            lambda: takedowns.take_down(image, why="The agency asked.", by=editor),
            lambda: live(story).cover == "",
            lambda: recorded("took down", subject_key=image.pk),
        )

    killed_at_many_steps(make)


def test_importing(tmp_path, section):
    by = account.account()

    def make(number: int) -> Try:
        path = tmp_path / f"story {number}.txt"
        path.write_text(texts.instead_of("Helicopters Come Home", f"Helicopters {number}"), encoding="utf-8")
        path.with_suffix(".toml").write_text('section = "Middle East"', encoding="utf-8")
        return Try(
            lambda: wire.take_in(path, by=by),
            lambda: Article.objects.filter(headline=f"Helicopters {number}").exists(),
            lambda: recorded("took in", details__file=path.name),
        )

    killed_at_many_steps(make)


def test_composing_anew(a_story, editor):
    def make(number: int) -> Try:
        publication = public(a_story(number), editor)
        wanted = publication.body_html
        publication.body_html = "<p>From an old renderer.</p>"
        digest = composed.of(publication)
        Publication.objects.filter(pk=publication.pk).update(body_html=publication.body_html, composed_digest=digest)
        of_the_story = Stamp.objects.filter(name=f"story:{publication.article_id}").values_list("value", flat=True)
        before = of_the_story.get()
        return Try(
            lambda: store.recompose(Publication.objects.get(pk=publication.pk)),
            lambda: Publication.objects.get(pk=publication.pk).body_html == wanted,
            lambda: int(of_the_story.get() > before),
        )

    killed_at_many_steps(make)
