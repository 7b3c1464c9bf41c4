"""Originals: a file that arrives is looked at before it is kept, and kept privately under a name of ours."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.db import DatabaseError, transaction

from articles.models.image import private_storage

from . import hatch, loose_ends
from .passes import Refused

EXTENSIONS = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "AVIF": "avif",
    "TIFF": "tif",
    "GIF": "gif",
    "HEIF": "heic",
}


@dataclass(frozen=True)
class Arrival:
    """A file that has come: a copy of it to work with, the name it came with, and what the darkroom found."""

    path: Path
    name: str
    found: dict[str, Any]


@contextlib.contextmanager
def arrived(file: File) -> Iterator[Arrival]:
    """Copy a file, look at all of it, and hold the copy for as long as the block runs. Raises Refused."""
    name = file.name or ""
    with TemporaryDirectory(prefix="arrival-") as folder:
        path = Path(folder) / "original"
        with _sentences(name):
            _copy(file, path, name=name)
            found = hatch.verify(path, name=name)
        yield Arrival(path, name, found)


@contextlib.contextmanager
def kept(arrival: Arrival, *, uid: UUID) -> Iterator[dict[str, Any]]:
    """Keep the original and run the block in one transaction: the block is given the columns of Image about the file.

    Where the block fails the file goes too. Raises Refused when the folder cannot be written.
    """
    found = arrival.found
    with _sentences(arrival.name):
        stored = loose_ends.announce(f"originals/{uid.hex[:2]}/{uid}.{EXTENSIONS[found['format']]}")
    names = ("sha256", "perceptual_hash", "format", "width", "height", "tint", "carried")
    columns = {name: found[name] for name in names}
    try:
        _store(arrival, stored)
        with transaction.atomic():
            loose_ends.tie_up(stored)
            yield {"file": stored, "byte_size": arrival.path.stat().st_size, **columns}
    except BaseException:
        with contextlib.suppress(OSError, DatabaseError):  # then the clock does it
            loose_ends.remove(loose_ends.ORIGINALS, stored)
        raise


def _copy(file: File, path: Path, *, name: str) -> None:
    """Copy in pieces, and stop at the first byte too many."""
    most, size = settings.PICTURE_MAX_BYTES, 0
    with path.open("wb") as copy:
        for piece in file.chunks():
            size += len(piece)
            if size > most:
                raise hatch.Refused("bytes", name=name, most=most // 1024**2)
            copy.write(piece)


def _store(arrival: Arrival, name: str) -> None:
    with _sentences(arrival.name), arrival.path.open("rb") as file:
        if private_storage().save(name, File(file)) != name:
            raise RuntimeError(f"{name} was free, and is written down as ours, yet somebody else has it.")


@contextlib.contextmanager
def _sentences(name: str) -> Iterator[None]:
    """The darkroom's refusals and the folder's faults, as what the photo desk says."""
    try:
        yield
    except hatch.Refused as refused:
        raise Refused(str(refused)) from refused
    except OSError as fault:
        raise Refused(str(hatch.Refused("no_room", name=name, why=fault.strerror))) from fault
