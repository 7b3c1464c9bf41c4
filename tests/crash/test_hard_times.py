"""A full disk and a clock that jumps: the right sentence comes, readers are served, and nothing is half-done."""

import resource
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone
from PIL import Image as Pictures

from articles import manuscript as manuscripts
from articles.desk import drafts, publishing, schedule
from articles.live import store
from articles.models import Event, Image, LooseFile, Publication
from articles.photos import intake, loose_ends
from newsroom import integrity
from tests.photos import pictures

from .dying import does

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = 200_000  # bytes
JUMPS = [timedelta(hours=-3), timedelta(seconds=-1), timedelta(hours=3), timedelta(days=400)]
REFUSALS = (publishing.Overtaken, publishing.NotPossible, publishing.Blocked, schedule.NoTime)


def whole() -> bool:
    return list(integrity.of_the_house(read=True)) == []


@pytest.mark.parametrize("full", ["the disk for work", "the pictures' own"])
def test_a_picture_for_which_there_is_no_room_is_refused_in_a_sentence_and_leaves_nothing(
    request, picture_editor, lying_in, monkeypatch, full
):
    """No file of the process that takes it in may become larger than ROOM, from the beginning or from storing on."""
    if full == "the pictures' own":
        request.getfixturevalue("on_disk")
    content = Random(8).randbytes(600 * 400 * 3)
    content = pictures.as_bytes(Pictures.frombytes("RGB", (600, 400), content), quality=95)
    assert len(content) > ROOM
    announce = loose_ends.announce

    def announced(name: str) -> str:
        name = announce(name)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
        return name

    def upload() -> None:
        if full == "the disk for work":
            resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
        else:
            monkeypatch.setattr(loose_ends, "announce", announced)
        with pytest.raises(intake.Refused, match="The picture folder cannot be written .+ was not kept"):
            intake.receive(pictures.upload(content, "Convoy.jpg"), by=picture_editor)

    assert does(upload) is not None
    assert (Image.objects.count(), LooseFile.objects.count(), lying_in("default")) == (0, 0, [])
    assert whole()


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_publishing_correcting_and_withdrawing_on_either_side_of_a_jump(story, published, editor, jump):
    published()
    before = Publication.objects.count()
    done, refused = 0, []
    for number, at in enumerate((timezone.now() + jump, timezone.now() + timedelta(seconds=1))):
        with time_machine.travel(at, tick=True):
            for verb in (_correct, _withdraw):
                try:
                    verb(story, editor, number)
                    done += 1
                except REFUSALS as refusal:
                    refused.append(str(refusal))
                assert whole()
    assert done + len(refused) == 4
    assert all(sentence.endswith(".") for sentence in refused)
    assert Publication.objects.count() - before == done
    assert Event.objects.filter(verb__in=["corrected", "updated", "published", "withdrawn"]).count() == done + 1


def _correct(story, editor, number: int) -> None:
    story.refresh_from_db()
    words = replace(manuscripts.of(story), headline=f"Base handed over, again {number}")
    article = drafts.save(story, words, seen=story.version, by=editor)
    live = store.live(article, at=timezone.now())
    how = {"change": "correction", "note": "It was another base."} if live else {}
    publishing.publish(drafts.sealed(article, by=editor), by=editor, over=live.number if live else None, **how)


def _withdraw(story, editor, _number: int) -> None:
    live = store.live(story, at=timezone.now())
    publishing.withdraw(story, by=editor, over=live.number if live else None, notice="It was wrong.")
