"""Where files lie: originals for the newsroom alone, what readers may fetch, and the site's own static files."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.storage.handler import StorageHandler
from django.utils.deconstruct import deconstructible
from whitenoise.storage import CompressedManifestStaticFilesStorage

PARTS = ".parts"  # the folder of a half in which files lie that are being written
PART = ".part"  # how their names ended, and end where an older release has left some
LEFT_ALONE = timedelta(hours=1)  # far longer than one file is being written


class Half(Protocol):
    """What the plant room asks of originals and of public files."""

    def open(self, name: str) -> File: ...

    def save(self, name: str, content: File) -> str: ...

    def exists(self, name: str) -> bool: ...

    def delete(self, name: str) -> None: ...

    @property
    def where(self) -> str:
        """The place in words."""
        ...

    def prepare(self) -> None:
        """Make the place ready where it is ours to make. Raises ``OSError``."""
        ...

    def probe(self) -> None:
        """Raises ``OSError`` where no file can be kept."""
        ...

    def names(self) -> Iterator[str]:
        """The names of all files, in no order; none that is still being written. Raises ``OSError``."""
        ...

    def sizes(self) -> Iterator[tuple[str, int]]:
        """The same, each with its size in bytes."""
        ...


def halves(among: StorageHandler = storages) -> list[Half]:
    """Originals, and what readers may fetch: the site's, or those ``among`` others."""
    return [cast(Half, among[name]) for name in ("default", "public")]


def sweep(now: datetime) -> None:
    """A duty of the clock: delete what processes that died have left half-written. A bucket keeps no such thing."""
    for half in halves():
        if isinstance(half, WholeFiles):
            half.sweep(now - LEFT_ALONE)


class Private:
    """What the originals' place refuses, on whatever they lie."""

    def url(self, name: str | None) -> NoReturn:
        """Refuse: raises ``ValueError``, as Django's storages do for files without an address."""
        raise ValueError(f"“{name}” is a private original and has no address. Readers get renditions of it.")


class Public:
    """Files named by their content: one that is there already is the same, so it keeps its name and is replaced."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name


class WholeFiles(FileSystemStorage):
    """A file is there whole or not at all: for whoever reads it meanwhile, and after a full disk or a power cut."""

    @property
    def where(self) -> str:
        return str(self.location)

    def prepare(self) -> None:
        Path(self.location).mkdir(parents=True, exist_ok=True)

    def probe(self) -> None:
        with tempfile.TemporaryFile(dir=self.location):
            pass

    def names(self) -> Iterator[str]:
        return (name for name, _size in self.sizes())

    def sizes(self) -> Iterator[tuple[str, int]]:
        root = Path(self.location)
        for path in root.rglob("*"):
            name = path.relative_to(root)
            with contextlib.suppress(FileNotFoundError):  # deleted in this moment
                if path.suffix != PART and name.parts[0] != PARTS and path.is_file():
                    yield name.as_posix(), path.stat().st_size

    def sweep(self, before: datetime) -> None:
        """Delete what was being written when its process died, and was begun before that moment. Raises ``OSError``."""
        for part in Path(self.location, PARTS).glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if part.stat().st_mtime < before.timestamp():
                    part.unlink()

    def _save(self, name: str, content: File) -> str:
        part = f"{PARTS}/{secrets.token_hex(16)}"
        try:
            super()._save(part, content)  # type: ignore[misc]  # Django's hook for storages, not in its stubs
            settle(Path(self.path(part)))
            self._make_room(Path(self.path(name)).parent)
            Path(self.path(part)).replace(self.path(name))
            settle(Path(self.path(name)).parent)
        except BaseException:
            with contextlib.suppress(OSError):
                self.delete(part)
            raise
        return name

    def _make_room(self, folder: Path) -> None:
        """The folder with all above it, each in the mode that Django's storage gives to those it makes."""
        mode = self.directory_permissions_mode or 0o777
        for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
            with contextlib.suppress(FileExistsError):  # somebody else was quicker
                missing.mkdir(mode)
                missing.chmod(mode) if self.directory_permissions_mode else None


@deconstructible(path="newsroom.storage.PrivateStorage")
class PrivateStorage(Private, WholeFiles):
    """Files for the owner of the process alone: mode 600 in folders of mode 700."""

    def __init__(self, **options: Any) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700, **options)


@deconstructible(path="newsroom.storage.PublicStorage")
class PublicStorage(Public, WholeFiles):
    """What readers may fetch."""


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed; also the names in ``import … from "./other.js"``, so that two releases never mix."""

    support_js_module_import_aggregation = True
    # A name is settled once those of all modules that it imports are: a pass for each step of the longest chain.
    max_post_process_passes = 30


def settle(path: Path) -> None:
    """Have the disk keep what was written to a file, or to a folder's list of names."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
