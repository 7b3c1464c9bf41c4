"""Files are there whole or not at all, originals privately."""

import stat
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages


class BreaksOff(ContentFile):
    """A file whose source goes away in the middle, as on a full disk."""

    def chunks(self, chunk_size=None):
        yield b"half of "
        raise OSError(28, "No space left on device")


def lying_in(storage) -> list[str]:
    return [path.name for path in Path(storage.location).rglob("*") if path.is_file()]


@pytest.mark.parametrize("which", ["default", "public"])
def test_a_file_that_breaks_off_leaves_nothing_behind(which):
    with pytest.raises(OSError, match="No space left"):
        storages[which].save("ab/cd.jpg", BreaksOff(b""))
    assert lying_in(storages[which]) == []


def test_an_original_is_for_the_owner_of_the_process_alone():
    name = storages["default"].save("originals/ab/cd.jpg", ContentFile(b"whole"))
    path = Path(storages["default"].path(name))
    assert path.read_bytes() == b"whole"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_second_original_of_the_same_name_does_not_replace_the_first():
    first, second = (storages["default"].save("ab/cd.jpg", ContentFile(text)) for text in (b"first", b"second"))
    assert first != second
    assert Path(storages["default"].path(first)).read_bytes() == b"first"


def test_a_public_file_keeps_its_name_however_often_it_is_written():
    for _ in range(2):
        assert storages["public"].save("ab/cd.avif", ContentFile(b"same")) == "ab/cd.avif"
    assert lying_in(storages["public"]) == ["cd.avif"]
    assert stat.S_IMODE(Path(storages["public"].path("ab/cd.avif")).stat().st_mode) == 0o644
