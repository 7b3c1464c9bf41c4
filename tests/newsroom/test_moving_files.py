"""manage.py move_files: both halves between disk and bucket, byte for byte."""

import io
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage.handler import StorageHandler
from django.core.management import CommandError, call_command

from newsroom import media, moving_files
from newsroom.storage import halves
from tests.newsroom.test_settings import start

FILES = {
    "private/originals/ab/one.jpg": os.urandom(3_000_000),
    "private/arriving/7/0": b"a piece",
    "public/cd/two.avif": os.urandom(1000),
    "public/cards/ef/three.jpg": b"",
}


def lay_out(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def laid_out(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def move(here: str | Path, there: str | Path) -> str:
    said = io.StringIO()
    call_command("move_files", "--from", str(here), "--to", str(there), stdout=said)
    return said.getvalue()


@pytest.fixture
def disk(tmp_path) -> Path:
    return lay_out(tmp_path / "media", FILES)


def opened(bucket: str) -> tuple:
    return tuple(halves(StorageHandler(media.halves(bucket, "/media/"))))


def test_from_disk_to_bucket_to_another_disk_no_byte_is_lost(disk, bucket, tmp_path):
    (disk / "private" / "clock.heartbeat").write_text("{}")
    (disk / "public" / "cd" / "half.avif.0123.part").write_text("hal")
    assert "4 copied, 0 there before and the same, 0 deleted meanwhile, 0 there alone." in move(disk, bucket)
    originals, public = opened(bucket)
    assert set(originals.names()) == {"originals/ab/one.jpg", "arriving/7/0"}
    assert set(public.names()) == {"cd/two.avif", "cards/ef/three.jpg"}

    assert "4 copied" in move(bucket, tmp_path / "back")
    assert laid_out(tmp_path / "back") == FILES


def test_run_again_it_copies_only_what_came_since(disk, bucket):
    move(disk, bucket)
    lay_out(disk, {"public/gh/four.webp": b"new"})
    assert "1 copied, 4 there before and the same" in move(disk, bucket)


def test_what_is_there_alone_is_counted_and_kept(disk, bucket):
    move(disk, bucket)
    (disk / "public/cd/two.avif").unlink()
    assert "0 copied, 3 there before and the same, 0 deleted meanwhile, 1 there alone." in move(disk, bucket)
    assert opened(bucket)[1].exists("cd/two.avif")


def test_a_file_that_differs_is_named_and_left_alone_and_the_end_is_no_success(disk, bucket, capsys):
    opened(bucket)[1].save("cd/two.avif", ContentFile(b"another"))
    with pytest.raises(CommandError, match="1 named above are not there as they are here"):
        call_command("move_files", "--from", str(disk), "--to", bucket)
    said = capsys.readouterr().out
    assert "  differs: cd/two.avif\n" in said
    assert "3 copied" in said
    with opened(bucket)[1].open("cd/two.avif") as file:
        assert file.read() == b"another"


def test_a_file_that_cannot_be_kept_is_named_and_stops_no_other(disk, tmp_path, capsys):
    lay_out(tmp_path / "there", {"public/cd": b"a file where a folder should be"})
    with pytest.raises(CommandError, match="1 named above"):
        call_command("move_files", "--from", str(disk), "--to", str(tmp_path / "there"))
    said = capsys.readouterr().out
    assert "  failed: cd/two.avif " in said
    assert "3 copied" in said


@pytest.mark.parametrize(
    ("here", "there", "sentence"),
    [
        ("nowhere", "media", "There is no folder nowhere."),
        (".", "s3://s3.example.org", "--to cannot be used. It names no host and bucket."),
        ("ftp://s3.example.org/pictures", "media", "--from cannot be used. It begins with “ftp:”."),
    ],
)
def test_a_place_that_cannot_be_meant_gets_a_sentence(here, there, sentence):
    with pytest.raises(CommandError) as refused:
        move(here, there)
    assert sentence in str(refused.value)


def test_a_bucket_that_is_not_there_gets_a_sentence_either_way(disk, store, tmp_path):
    for here, there in ((disk, f"{store}/nobody-made-me"), (f"{store}/nobody-made-me", tmp_path / "back")):
        with pytest.raises(CommandError, match="NoSuchBucket"):
            move(here, there)


def test_the_command_line_says_by_its_status_how_it_ended(disk, bucket):
    assert start("manage.py", "move_files", "--from", str(disk), "--to", bucket).returncode == 0
    (disk / "public/cd/two.avif").write_bytes(b"changed")
    done = start("manage.py", "move_files", "--from", str(disk), "--to", bucket)
    assert done.returncode == 1
    assert "differs: cd/two.avif" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_file_that_is_deleted_meanwhile_is_no_fault(bucket):
    originals, public = opened(bucket)
    assert list(moving_files.carry(["deleted.jpg"], originals, public)) == [moving_files.Carried("deleted.jpg", "gone")]
