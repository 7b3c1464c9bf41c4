"""What a process that died has left of pictures is found by name and deleted; what has its row is not."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from articles.models import LooseFile
from articles.photos import discarding, intake, loose_ends

from . import pictures

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=2)


def test_nothing_is_loose_once_a_picture_is_here(received, lying_in):
    received()
    assert not LooseFile.objects.exists()
    assert len(lying_in("default")) == 1


def test_a_file_whose_process_died_goes_after_a_while_and_not_before(lying_in):
    name = loose_ends.announce("originals/ab/x.jpg")
    storages["default"].save(name, ContentFile(b"pixels"))

    loose_ends.sweep(timezone.now())
    assert lying_in("default") == [name]
    loose_ends.sweep(timezone.now() + LATER)
    assert lying_in("default") == []
    assert not LooseFile.objects.exists()


def test_what_has_its_row_is_kept_though_it_was_written_down(received, lying_in):
    image = received()
    loose_ends.announce(str(image.file))  # another name, for this one is taken
    LooseFile.objects.update(name=str(image.file))
    loose_ends.sweep(timezone.now() + LATER)

    assert lying_in("default") == [str(image.file)]
    assert not LooseFile.objects.exists()


def test_a_file_that_nobody_has_written_down_is_left_alone(lying_in):
    """An original that is newer than a database which was put back from a backup."""
    storages["default"].save("originals/ab/newer.jpg", ContentFile(b"pixels"))
    loose_ends.sweep(timezone.now() + LATER)
    assert lying_in("default") == ["originals/ab/newer.jpg"]


def test_two_never_announce_one_name():
    assert loose_ends.announce("originals/ab/x.jpg") == "originals/ab/x.jpg"
    assert loose_ends.announce("originals/ab/x.jpg") != "originals/ab/x.jpg"


def test_a_file_that_was_swept_before_its_row_came_is_refused(picture_editor, monkeypatch, lying_in):
    announce = loose_ends.announce

    def too_late(name: str) -> str:
        name = announce(name)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_loosefile")
        return name

    monkeypatch.setattr(loose_ends, "announce", too_late)
    with pytest.raises(intake.Refused, match="took too long to arrive"):
        intake.receive(pictures.upload(pictures.jpeg()), by=picture_editor)
    assert lying_in("default") == []


def test_files_of_a_deleted_picture_are_tried_again(received, editor, monkeypatch, lying_in):
    image, delete = received(), storages["default"].delete

    def refuse(name: str):
        raise OSError("The store does not answer.")

    monkeypatch.setattr(storages["default"], "delete", refuse)
    discarding.discard(image, by=editor)
    monkeypatch.setattr(storages["default"], "delete", delete)
    loose_ends.sweep(timezone.now() + LATER)
    assert lying_in("default") == []
