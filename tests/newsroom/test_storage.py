"""Originals stay private, and no file is ever there by half: on disk and in a bucket."""

import os
import socket
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.utils import timezone

from newsroom import media, moving_files
from newsroom.storage import PARTS, halves, sweep


class Cut(ContentFile):
    """A file whose transfer breaks off in the middle."""

    def chunks(self, chunk_size=None):
        yield b"half of it"
        raise ConnectionResetError


@pytest.fixture(params=["on disk", "in a bucket"])
def kept(request, settings, tmp_path, keep_in):
    """Both halves, as they lie on disk and in a bucket."""
    if request.param == "on disk":
        settings.STORAGES = settings.STORAGES | media.halves(tmp_path, "/media/")
        for half in halves():
            half.prepare()
    else:
        keep_in(request.getfixturevalue("bucket"))


@pytest.fixture
def questions() -> list[str]:
    """Counts what the bucket is asked."""
    asked: list[str] = []
    for client in (storages["public"].connection.meta.client, storages["public"]._writer):
        client.meta.events.register("before-send.s3", lambda request, **_: asked.append(request.method))
    return asked


@pytest.mark.parametrize("name", ["default", "public"])
def test_a_file_that_breaks_off_leaves_nothing(kept, name, lying_in):
    with pytest.raises(ConnectionResetError):
        storages[name].save("picture.jpg", Cut(b""))
    assert lying_in(name) == []


def test_what_a_process_that_died_was_writing_is_no_file_and_goes(settings, tmp_path, lying_in):
    settings.STORAGES = settings.STORAGES | media.halves(tmp_path, "/media/")
    storages["default"].save("2026/picture.jpg", ContentFile(b"facts"))
    (tmp_path / "private" / PARTS / "half").write_bytes(b"fac")
    assert list(storages["default"].names()) == ["2026/picture.jpg"]

    sweep(timezone.now())
    assert (tmp_path / "private" / PARTS / "half").exists()
    sweep(timezone.now() + timedelta(hours=2))
    assert lying_in("default") == ["2026/picture.jpg"]


def test_an_original_on_disk_is_for_the_owner_alone(settings, tmp_path):
    settings.STORAGES = media.halves(tmp_path, "/media/")
    originals = storages["default"]
    kept = Path(originals.path(originals.save("2026/picture.jpg", ContentFile(b"facts"))))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_an_original_has_no_address(kept):
    storages["default"].save("2026/picture.jpg", ContentFile(b"facts"))
    with pytest.raises(ValueError, match="has no address"):
        storages["default"].url("2026/picture.jpg")


def test_two_originals_never_share_a_name(kept, content_of):
    first = storages["default"].save("2026/picture.jpg", ContentFile(b"first"))
    second = storages["default"].save("2026/picture.jpg", ContentFile(b"second"))
    assert first != second
    assert (content_of("default", first), content_of("default", second)) == (b"first", b"second")


def test_what_readers_may_fetch_keeps_its_name_and_has_our_address(kept, lying_in):
    public = storages["public"]
    for content in (b"a longer one", b"pixels"):
        assert public.save("ab/c.avif", ContentFile(content)) == "ab/c.avif"
    assert public.url("ab/c.avif") == "/media/ab/c.avif"
    with public.open("ab/c.avif") as file:
        assert isinstance(file, File)
        assert file.read() == b"pixels"
    assert lying_in("public") == ["ab/c.avif"]
    assert lying_in("default") == []


def test_a_large_file_comes_back_as_it_went(kept, content_of):
    content = bytes(range(256)) * 50_000
    storages["default"].save("large.tif", ContentFile(content))
    assert content_of("default", "large.tif") == content
    assert storages["default"].size("large.tif") == len(content)


def test_what_is_missing_is_not_found_and_can_be_deleted_all_the_same(kept):
    public = storages["public"]
    assert not public.exists("ab/none.avif")
    for ask in (public.open, public.size):
        with pytest.raises(FileNotFoundError):
            ask("ab/none.avif")
    public.delete("ab/none.avif")


def test_what_was_deleted_is_gone(kept, lying_in):
    for name in ("default", "public"):
        storages[name].save("picture.jpg", ContentFile(b"pixels"))
        assert storages[name].exists("picture.jpg")
        storages[name].delete("picture.jpg")
        assert not storages[name].exists("picture.jpg")
        assert lying_in(name) == []


def test_all_files_can_be_named_and_those_of_one_folder_listed(kept):
    originals = storages["default"]
    names = {"top.jpg", "arriving/1/0", "arriving/1/8", "arriving/10/0"}
    for name in names:
        originals.save(name, ContentFile(b"pixels"))
    assert set(originals.names()) == names
    folders, files = originals.listdir("arriving/1")
    assert (folders, sorted(files)) == ([], ["0", "8"])


def test_no_name_leads_out_of_its_half(kept):
    storages["default"].save("secret.jpg", ContentFile(b"facts"))
    for name in ("../private/secret.jpg", "/private/secret.jpg"):
        with pytest.raises(SuspiciousOperation):
            storages["public"].open(name)


def test_what_is_still_being_written_has_no_name_yet(settings, tmp_path):
    settings.STORAGES = media.halves(tmp_path, "/media/")
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "picture.jpg.0123.part").touch()
    assert list(storages["public"].names()) == []


# --- In a bucket alone ------------------------------------------------------------------------------------------------


def test_reading_and_writing_a_public_file_is_one_question_each(keep_in, bucket, request):
    keep_in(bucket)
    questions = request.getfixturevalue("questions")
    storages["public"].save("ab/c.avif", ContentFile(b"p" * 20_000_000))
    with storages["public"].open("ab/c.avif") as file:
        assert len(file.read()) == 20_000_000
    assert questions == ["PUT", "GET"]


def test_a_file_in_a_bucket_is_not_opened_to_be_written(keep_in, bucket):
    keep_in(bucket)
    with pytest.raises(ValueError, match="Save writes it, whole"):
        storages["public"].open("ab/c.avif", "wb")


def test_a_store_that_is_down_is_given_up_soon_and_is_a_fault_of_the_file(keep_in, dead_store):
    keep_in(dead_store)
    began = time.monotonic()
    with pytest.raises(OSError, match="the store cannot be asked") as fault:
        storages["public"].open("ab/c.avif")
    assert time.monotonic() - began < 4
    assert not isinstance(fault.value, FileNotFoundError)


def test_a_store_that_takes_calls_and_says_nothing_is_given_up_too(keep_in):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        keep_in(f"s3+http://key:secret@127.0.0.1:{silent.getsockname()[1]}/pictures")
        began = time.monotonic()
        with pytest.raises(OSError, match="the store cannot be asked"):
            storages["public"].open("ab/c.avif")
    assert time.monotonic() - began < 8


def test_a_bucket_that_is_gone_is_no_missing_file(keep_in, store):
    keep_in(f"{store}/nobody-made-me")
    with pytest.raises(OSError, match="NoSuchBucket") as fault:
        storages["public"].open("ab/c.avif")
    assert not isinstance(fault.value, FileNotFoundError)


def test_a_very_large_file_goes_into_the_bucket_in_parts_and_comes_back_whole(bucket, monkeypatch):
    from newsroom import bucket as buckets

    monkeypatch.setattr(buckets, "AT_ONCE", 1024)
    half = moving_files.opened(bucket)[0]
    content = os.urandom(9_000_000)
    half.save("ab/large", ContentFile(content))
    with half.open("ab/large") as file:
        assert file.read() == content
    assert list(half.sizes()) == [("ab/large", 9_000_000)]
