"""A file that comes in pieces: kept as it comes, gone on with after a break, taken in whole."""

import hashlib
import os
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Delivery, Image
from articles.models.image import private_storage
from articles.photos import deliveries
from tests.photos import pictures

UPLOAD = "/admin/library/upload/"
NAME = "Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"
PIECE = 4000  # bytes


class Sender:
    """What the browser does: names a file by its content, and sends it piece by piece."""

    def __init__(self, client: Client, content: bytes, name: str = NAME):
        self.client, self.content, self.name = client, content, name
        self.pieces = [content[at : at + PIECE] for at in range(0, len(content), PIECE)]
        digests = b"".join(hashlib.sha256(piece).digest() for piece in self.pieces)
        self.key = hashlib.sha256(digests).hexdigest()

    def ask(self, **other):
        told = {"key": self.key, "name": self.name, "size": len(self.content)} | other
        return self.client.post(UPLOAD, told)

    def send(self, number: int, **other):
        return self.ask(at=number * PIECE, piece=pictures.upload(self.pieces[number], "blob"), **other)

    def send_all(self):
        return [self.send(number) for number in range(len(self.pieces))][-1]


@pytest.fixture
def photo(at, picture_editor) -> Sender:
    noise = pictures.Image.frombytes("RGB", (96, 72), os.urandom(96 * 72 * 3))
    return Sender(at(picture_editor), pictures.as_bytes(noise, quality=95))


def test_after_a_break_only_what_is_missing_has_to_come(photo, picture_editor, at, lying_in):
    assert len(photo.pieces) > 2
    assert photo.ask().json() == {"got": 0}
    assert photo.send(0).json() == {"got": PIECE}
    assert Image.objects.count() == 0

    photo.client = at(picture_editor)  # another day's browser
    assert photo.ask().json() == {"got": PIECE}
    *_, last = [photo.send(number) for number in range(1, len(photo.pieces))]

    assert last.status_code == 201
    image = Image.objects.get()
    assert last.json()["picture"]["uid"] == str(image.uid)
    assert last.json()["sentence"].startswith("It is here.")
    assert (image.credit, image.byte_size) == ("Royal Navy", len(photo.content))
    assert image.sha256 == hashlib.sha256(photo.content).hexdigest()
    assert lying_in("default") == [image.file.name], "the pieces are gone"


def test_what_came_whole_is_known_at_the_first_question_and_is_not_sent_again(photo):
    photo.send_all()

    again = photo.ask()
    assert again.json()["sentence"].startswith("This file was here already, as “Convoy leaves base”.")
    assert photo.send(0).json()["twin"] is True
    assert Image.objects.count() == 1


def test_a_picture_that_was_deleted_meanwhile_comes_anew(photo):
    photo.send_all()
    Image.objects.all().delete()

    assert photo.ask().json() == {"got": 0}
    assert photo.send_all().status_code == 201


def test_a_piece_that_comes_twice_or_too_early_changes_nothing(photo):
    photo.send(0)
    assert photo.send(0).json() == {"got": PIECE}
    assert photo.send(2).json() == {"got": PIECE}
    assert len(Delivery.objects.get().pieces) == 1


def test_a_piece_whose_like_came_at_the_same_moment_is_not_kept_beside_it(photo, picture_editor, lying_in):
    photo.ask()
    told = {"name": photo.name, "size": len(photo.content), "by": picture_editor}
    first, second = deliveries.of(photo.key, **told), deliveries.of(photo.key, **told)
    for delivery in (first, second):
        deliveries.add(delivery, pictures.upload(photo.pieces[0], "blob"), at=0)

    assert [piece["file"] for piece in Delivery.objects.get().pieces] == lying_in("default")
    assert photo.ask().json() == {"got": PIECE}


def test_a_piece_that_comes_late_takes_away_only_itself(photo, picture_editor, lying_in, monkeypatch):
    photo.ask()
    told = {"name": photo.name, "size": len(photo.content), "by": picture_editor}
    first, second = deliveries.of(photo.key, **told), deliveries.of(photo.key, **told)
    storage = private_storage()
    # As in the moment in which neither can see the other's file yet.
    monkeypatch.setattr(storage, "get_available_name", lambda name, max_length=None: name)
    for delivery in (first, second):
        deliveries.add(delivery, pictures.upload(photo.pieces[0], "blob"), at=0)

    assert [piece["file"] for piece in Delivery.objects.get().pieces] == lying_in("default")


def test_a_file_that_was_changed_on_its_way_is_refused_and_comes_from_the_beginning(photo, lying_in):
    photo.pieces[0] = photo.pieces[0][:-1] + b"?"

    refusal = photo.send_all()
    assert (refusal.status_code, refusal.json()) == (422, {"wrong": f"“{NAME}” was changed on its way. Send it again."})
    assert (Delivery.objects.count(), Image.objects.count(), lying_in("default")) == (0, 0, [])


def test_a_whole_file_that_is_no_picture_leaves_nothing_behind(at, picture_editor, lying_in):
    refusal = Sender(at(picture_editor), b"<svg>" + b"x" * 9000, "plan.svg").send_all()

    assert refusal.status_code == 422
    assert "is a file of the kind “SVG”" in refusal.json()["wrong"]
    assert (Delivery.objects.count(), lying_in("default")) == (0, [])


def test_a_fault_of_ours_at_the_end_loses_no_piece(photo, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("the machine was switched off")

    with monkeypatch.context() as patch:
        patch.setattr("articles.photos.intake.receive", breaks)
        photo.client.raise_request_exception = False
        assert photo.send_all().status_code == 500

    assert photo.ask().status_code == 201, "asking is enough: all of it is here"


def test_a_zip_may_be_larger_than_a_picture(at, picture_editor, settings):
    settings.PICTURE_MAX_BYTES = 12_000
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        for name in ("one", "two"):
            packed.writestr(f"{name}.jpg", pictures.jpeg(320, 240, comment=name * 2000))
    sender = Sender(at(picture_editor), held.getvalue(), "march.zip")
    assert len(sender.content) > settings.PICTURE_MAX_BYTES

    said = sender.send_all().json()
    assert (len(said["pictures"]), said["sentence"]) == (2, "2 pictures were in it.")
    assert len(sender.ask().json()["pictures"]) == 2


def test_what_is_too_large_is_refused_with_its_first_piece_at_the_latest(photo, settings, lying_in):
    settings.PICTURE_MAX_BYTES = 1024**2
    huge = photo.send(0, size=2 * 1024**2)
    assert (huge.status_code, "is larger than 1 MB" in huge.json()["wrong"]) == (422, True)
    assert "is larger than 2048 MB" in photo.ask(size=2 * 1024**3 + 1).json()["wrong"]
    assert (Delivery.objects.count(), lying_in("default")) == (0, [])


def test_somebody_else_s_file_is_not_gone_on_with(photo, at, editor):
    photo.send(0)
    photo.client = at(editor)
    assert photo.ask().json() == {"got": 0}


@pytest.mark.parametrize(
    "other",
    [
        {"key": "../../x"},
        {"size": 0},
        {"size": "many"},
        {"name": ""},
        {"name": "n" * 300},
        {"at": -1},
        {"size": PIECE - 1},  # less than what came
        {"at": 10**9},
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(photo, other):
    told = {"at": 0} | other
    answer = photo.ask(piece=pictures.upload(photo.pieces[0], "blob"), **told)
    assert (answer.status_code, answer.json()) == (400, {"wrong": "What was sent cannot be read."})
    assert Delivery.objects.count() == 0


def test_a_piece_that_is_too_large_or_empty_is_refused(photo, monkeypatch):
    monkeypatch.setattr(deliveries, "MOST_IN_A_PIECE", PIECE - 1)
    assert photo.send(0).status_code == 400
    photo.pieces[0] = b""
    assert photo.send(0).status_code == 400


def test_nobody_has_more_than_so_many_files_on_their_way(photo, monkeypatch):
    monkeypatch.setattr(deliveries, "MOST_OPEN", 2)
    photo.send(0)
    photo.ask(key="0" * 64)
    refusal = photo.ask(key="1" * 64)
    assert refusal.json()["wrong"] == "2 files of yours are on their way already. Let some arrive first."


def test_what_nobody_goes_on_with_is_forgotten_after_a_day(photo, lying_in):
    photo.send(0)
    deliveries.sweep(timezone.now() + deliveries.KEPT - timedelta(minutes=1))
    assert Delivery.objects.count() == 1
    deliveries.sweep(timezone.now() + deliveries.KEPT + timedelta(minutes=1))
    assert (Delivery.objects.count(), lying_in("default")) == (0, [])
