"""The check of the whole house finds what is not whole, and names it."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from articles import guards
from articles.models import Article, DeskText, Event, Publication, ReaderText, SectionListing, Stamp
from articles.photos import intake
from newsroom import integrity
from tests.photos import pictures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(published, picture_editor):
    """A public story and a picture."""
    image = intake.receive(pictures.upload(pictures.jpeg()), by=picture_editor)
    return published(), image


def faults(**how) -> str:
    return "\n".join(integrity.of_the_house(**how))


def test_a_whole_house_is_whole(house, capsys):
    call_command("check_house", read=True)
    assert capsys.readouterr().out == "Everything is whole.\n"


def test_each_thing_that_is_missing_is_named(house):
    SectionListing.objects.all().delete()
    ReaderText.objects.all().delete()
    DeskText.objects.all().delete()
    Stamp.objects.filter(name__startswith="story:").delete()
    told = faults()

    assert "it is missing in articles_sectionlisting" in told
    assert "the readers' search does not know it" in told
    assert "the desk's search does not know it" in told
    assert "has left no stamp" in told
    assert told.count("\n") == 3


def test_words_that_were_changed_by_hand_are_named(house):
    guards.lift(connection)
    Publication.objects.update(headline="Forged")
    Article.objects.update(headline="Forged too")
    Event.objects.filter(number=1).update(verb="forged")
    told = faults()

    assert "what is stored is not what was composed" in told
    assert "its working copy is not what its newest revision says" in told
    assert "event 1: what it says is not what was written" in told


def test_files_that_are_missing_changed_or_nobodys_are_named(on_disk, house):
    _publication, image = house
    private = Path(settings.MEDIA_ROOT) / "private"
    original = private / str(image.file)
    shutil.copy(original, private / "originals" / "stray.jpg")
    (private / "arriving" / "nobody").mkdir(parents=True)
    (private / "arriving" / "nobody" / "0-x").write_bytes(b"piece")
    original.write_bytes(bytes(image.byte_size))
    rendition = image.renditions.first()
    (Path(settings.MEDIA_ROOT) / "public" / rendition.name).write_bytes(b"x")

    assert "stray.jpg belongs to no picture" in faults()
    assert "arriving/nobody/0-x belongs to no delivery" in faults()
    assert f"{rendition.name} has 1 bytes instead of" in faults()
    assert "has other content than was received" not in faults()
    assert "has other content than was received" in faults(read=True)
    original.unlink()
    assert f"{image.file} is missing" in faults()


def test_the_command_ends_with_a_status_of_its_own(house):
    DeskText.objects.all().delete()
    with pytest.raises(CommandError, match="Not whole: 1"):
        call_command("check_house")
