"""Originals stay private, and no file is ever there by half."""

import stat
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages


class Cut(ContentFile):
    """A file whose transfer breaks off in the middle."""

    def chunks(self, chunk_size=None):
        yield b"half of it"
        raise ConnectionResetError


@pytest.mark.parametrize("name", ["default", "public"])
def test_a_file_that_breaks_off_leaves_nothing(name):
    with pytest.raises(ConnectionResetError):
        storages[name].save("picture.jpg", Cut(b""))
    assert list(Path(storages[name].location).iterdir()) == []


def test_an_original_is_for_the_owner_alone_and_has_no_address():
    originals = storages["default"]
    kept = Path(originals.path(originals.save("2026/picture.jpg", ContentFile(b"facts"))))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    with pytest.raises(ValueError, match="has no address"):
        originals.url("2026/picture.jpg")


def test_what_readers_may_fetch_keeps_its_name_and_has_an_address():
    public = storages["public"]
    for _twice in range(2):
        assert public.save("abc.avif", ContentFile(b"pixels")) == "abc.avif"
    assert public.url("abc.avif") == "/media/abc.avif"
    with public.open("abc.avif") as file:
        assert isinstance(file, File)
        assert file.read() == b"pixels"
