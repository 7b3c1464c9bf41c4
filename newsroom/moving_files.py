"""Carrying files from one place to another, either way between folder and bucket; both may be in use meanwhile."""

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.files.storage.handler import StorageHandler

from newsroom import media
from newsroom.storage import Half, halves

AT_ONCE = 8  # files
IN_LINE = 1000  # files that wait for their turn


@dataclass(frozen=True)
class Carried:
    """What became of a file: it was "copied", was there and is the "same", or was deleted meanwhile and is "gone".

    It "differs" where another one has its name there, which is left alone; and why it "failed" is in ``why``.
    """

    name: str
    kind: str
    why: str = ""


def opened(place: str) -> list[Half]:
    """Both halves in a folder, named as MEDIA_ROOT is, or in a bucket, as STORAGE_URL is. Raises ``ValueError``."""
    entries = media.halves(place if "://" in place else Path(place), base_url=settings.MEDIA_URL)
    # The stubs expect storages here, where Django expects what they are made of.
    return halves(StorageHandler(entries))  # type: ignore[arg-type]


def carry(names: Iterable[str], here: Half, there: Half) -> Iterator[Carried]:
    """Copy the files of these names, and read each again where it now is. Nothing is deleted or replaced."""
    waiting = iter(names)
    with ThreadPoolExecutor(AT_ONCE) as carriers:
        while line := list(islice(waiting, IN_LINE)):
            yield from carriers.map(lambda name: _carried(name, here, there), line)


def _carried(name: str, here: Half, there: Half) -> Carried:
    try:
        try:
            file = here.open(name)
        except FileNotFoundError:
            return Carried(name, "gone")
        with file:
            wanted, kind = _digest(file), "same"
            if (found := _digest_there(name, there)) is None:
                file.seek(0)
                there.save(name, file)
                found, kind = _digest_there(name, there), "copied"
        return Carried(name, kind if found == wanted else "differs")
    except OSError as fault:
        return Carried(name, "failed", fault.strerror or str(fault))


def _digest_there(name: str, there: Half) -> str | None:
    try:
        with there.open(name) as file:
            return _digest(file)
    except FileNotFoundError:
        return None


def _digest(file) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()
