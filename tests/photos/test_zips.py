"""Pictures in a ZIP: each for itself, and no bomb."""

import struct
import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.admin import uploads
from articles.models import Image
from articles.photos import intake, zips

from . import pictures


def packed(entries: dict[str, bytes], name: str = "pictures.zip") -> SimpleUploadedFile:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in entries.items():
            file.writestr(path, content)
    return SimpleUploadedFile(name, held.getvalue())


def names(file: SimpleUploadedFile) -> list[str]:
    return [inside.name for inside in zips.files_in(file)]


def refusal(file: SimpleUploadedFile) -> str:
    with pytest.raises(intake.Refused) as refused:
        names(file)
    return str(refused.value)


@pytest.mark.django_db
def test_each_picture_in_it_is_taken_in_by_its_own_name_and_one_that_is_refused_stops_no_other(picture_editor):
    file = packed(
        {
            "march/Parade 210320 CREDIT ROYAL NAVY.jpg": pictures.jpeg(64, 48),
            "../../etc/passwd.jpg": b"no picture at all",
            "march\\Convoy.png": pictures.as_bytes(pictures.quarters(32, 24), "PNG"),
            "__MACOSX/._Parade.jpg": b"x",
            "march/.DS_Store": b"x",
            "inner.zip": packed({"a.jpg": pictures.jpeg(48, 48)}).read(),
        }
    )
    assert zips.is_one(file)
    taken = list(uploads.taken_in([file], by=picture_editor))
    assert [bool(image) for image, _said in taken] == [True, False, True, False]
    assert [said for _image, said in taken if said] == [
        "“passwd.jpg” is not a picture, whatever its name says. Send a JPEG, PNG, WebP, AVIF, TIFF, GIF or HEIC.",
        (
            "“inner.zip” is a file of the kind “ZIP”, which cannot be used here."
            " Save it as JPEG, PNG, WebP, AVIF, TIFF, GIF or HEIC."
        ),
    ]
    assert set(Image.objects.values_list("title", "credit")) == {("Parade", "Royal Navy"), ("Convoy", "")}


def test_a_zip_with_too_much_in_it_is_refused_before_anything_is_unpacked(monkeypatch):
    monkeypatch.setattr(zips, "MOST_FILES", 2)
    assert "has 3 files; 2 are the most" in refusal(packed(dict.fromkeys("abc", b"x")))
    monkeypatch.setattr(zips, "MOST_BYTES", 1000)
    assert "would unpack to more than 2 GB" in refusal(packed({"bomb.jpg": b"\0" * 5000}))


def test_a_zip_that_declares_less_than_it_holds_gives_no_more_than_it_declares():
    content = bytearray(packed({"bomb.jpg": b"\0" * 50_000}).read())
    for start, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.index(start) + at
        content[place : place + 4] = struct.pack("<I", 10)
    inside = next(zips.files_in(SimpleUploadedFile("bomb.zip", bytes(content))))
    with pytest.raises(intake.Refused, match="damaged"):
        list(inside.chunks())


def test_empty_locked_and_damaged_ones_get_a_sentence():
    assert "There is no file in" in refusal(packed({}))
    locked = bytearray(packed({"a.jpg": b"x"}).read())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    assert "locked with a password" in refusal(SimpleUploadedFile("a.zip", bytes(locked)))
    whole = packed({"a.jpg": pictures.jpeg(64, 48)}).read()
    assert "is damaged" in refusal(SimpleUploadedFile("a.zip", whole[: len(whole) // 2]))


def test_what_is_no_zip_is_none():
    assert not zips.is_one(pictures.upload(pictures.jpeg(8, 8)))
