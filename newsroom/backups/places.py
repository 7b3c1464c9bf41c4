"""Where backups lie: a folder, and perhaps a bucket that has the same. Each file in it is whole or not there.

``2026-11-29T030000Z/`` is one backup: the database and, written last, the manifest. ``files/`` has the pictures of all
of them, each content once, under a name made of it; so a picture that stays is copied once, whatever it is called.
"""

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import File

from newsroom import media
from newsroom.backups.sealing import Broken
from newsroom.storage import PART, Half, PrivateStorage, settle

FILES = "files"
MANIFEST = "manifest.json"
IN_BUCKET = "backups"
_MADE = re.compile(r"(\d{4}-\d\d-\d\dT\d{6}Z)/manifest\.json(\.age)?")


class Busy(Exception):
    """Another backup is being made."""


class Place:
    """Reads and clears away in a folder or a bucket; only ``Folder`` writes."""

    def __init__(self, half: Half) -> None:
        self.half = half

    @property
    def where(self) -> str:
        return self.half.where

    def backups(self) -> list[str]:
        """The names of the backups that were brought to their end, oldest first. Raises ``OSError``."""
        return sorted(found[1] for name in self.half.names() if (found := _MADE.fullmatch(name)))

    @contextlib.contextmanager
    def opened(self, name: str) -> Iterator[BinaryIO]:
        """A file to be read. Raises Broken where it is missing, ``OSError`` where it cannot be read."""
        try:
            file: File = self.half.open(name)
        except FileNotFoundError as gone:
            raise Broken(f"{name}: it is missing") from gone
        with file:
            yield file.file  # type: ignore[misc]  # Django's File has one


class Folder(Place):
    """A folder of this machine, or one that is mounted on it."""

    def __init__(self, root: Path) -> None:
        super().__init__(PrivateStorage(location=root))
        self.root = root

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Make it ready, have it for us alone, and clear away what a run that was killed has left. Raises Busy."""
        self.half.prepare()
        self.root.chmod(0o700)
        with open(self.root / "lock", "w", opener=for_the_owner) as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as busy:
                raise Busy("Another backup is being made at this moment.") from busy
            for left in self.root.rglob(f"*{PART}"):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            yield

    def free_name(self, moment: datetime) -> str:
        """A name that none has yet: that of the first second from this moment on."""
        while (self.root / name_of(moment)).exists():
            moment += timedelta(seconds=1)
        return name_of(moment)

    def size(self, name: str) -> int | None:
        """Bytes of a file, None where there is none."""
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            return None

    @contextlib.contextmanager
    def new(self, name: str) -> Iterator[Path]:
        """A folder to write a backup into, which has its name and is on the disk once the block has ended well."""
        path = self.root / f"{name}{PART}"
        path.mkdir(mode=0o700)
        try:
            yield path
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        os.sync()  # all that was written since the beginning, before its name says that it is whole
        path.rename(self.root / name)
        settle(self.root)

    @contextlib.contextmanager
    def writing(self, path: Path) -> Iterator[BinaryIO]:
        """A file that has its name once the block has ended well; on the disk it is once ``new`` ends."""
        part = path.with_name(f"{path.name}.{os.urandom(4).hex()}{PART}")
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(part, "xb", opener=for_the_owner) as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """A backup: first what says that it is whole."""
        for manifest in (self.root / name).glob(f"{MANIFEST}*"):
            manifest.unlink()
        shutil.rmtree(self.root / name)


class Bucket(Place):
    def remove(self, name: str) -> None:
        every = [each for each in self.half.names() if each.startswith(f"{name}/")]
        for each in sorted(every, key=lambda each: not each.startswith(f"{name}/{MANIFEST}")):
            self.half.delete(each)


def bucket(address: str) -> Bucket:
    """The bucket at this address. Raises ``ValueError`` with a sentence, and no secret in it."""
    options = media.bucket(address)
    from newsroom.bucket import PrivateInBucket

    return Bucket(PrivateInBucket(location=IN_BUCKET, **options))


def opened(address: str) -> tuple[Place, str]:
    """What an operator names: a folder or bucket with backups, or one backup in a folder; and the newest of them.

    Raises ``ValueError`` with a sentence where there is none, ``OSError`` where it cannot be asked.
    """
    if "://" in address:
        place: Place = bucket(address)
    else:
        path = Path(address).resolve()
        if not path.is_dir():
            raise ValueError(f"There is no folder {path}.")
        if _MADE.fullmatch(f"{path.name}/{MANIFEST}"):
            if path.name not in Folder(path.parent).backups():
                raise ValueError(
                    f"{path} has no manifest: that backup was not brought to its end, or is a part of one."
                )
            return Folder(path.parent), path.name
        place = Folder(path)
    if not (names := place.backups()):
        raise ValueError(f"There is no backup in {place.where}.")
    return place, names[-1]


def name_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H%M%SZ")


def moment_of(name: str) -> datetime:
    return datetime.strptime(name, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)


def object_path(name: str) -> str:
    """Where the content of this name lies among the files."""
    return f"{FILES}/{name[:2]}/{name[2:]}"


def for_the_owner(path: str, flags: int) -> int:
    """Opens a file that nobody else may read."""
    return os.open(path, flags, 0o600)
