"""Pictures that come packed in a ZIP: each taken out as a file of its own, with limits against bombs.

Nothing is unpacked into a folder, and names are data: where they lead to does not matter.
"""

import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.core.files import File
from django.utils.translation import gettext as _

from .passes import Refused

MOST_FILES = 100
MOST_BYTES = 2 * 1024**3  # of all files together; zipfile reads no more of each than it declares
ENCRYPTED = 0x1
_FAULTS = (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError)


def is_one(file: File) -> bool:
    """Whether ``file`` is a ZIP, by its first bytes."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return start in (b"PK\x03\x04", b"PK\x05\x06")


def files_in(file: File) -> Iterator[File]:
    """The files in a ZIP, each to be read before the next is asked for. Raises Refused for the ZIP as a whole."""
    named = {"name": file.name}
    try:
        with zipfile.ZipFile(file) as packed:
            entries = [entry for entry in packed.infolist() if _is_meant(entry)]
            _refuse_unfit(entries, named)
            for entry in entries:
                with packed.open(entry) as content:
                    yield Packed(content, name=PurePosixPath(entry.filename.replace("\\", "/")).name)
    except _FAULTS as fault:
        raise _damaged(named["name"]) from fault


class Packed(File):
    """A file inside of a ZIP; that it is damaged shows while it is read."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        try:
            yield from super().chunks(chunk_size)
        except _FAULTS as fault:
            raise _damaged(self.name) from fault


def _damaged(name: str | None) -> Refused:
    return Refused(_("“%(name)s” is damaged: it cannot be unpacked. Ask for it again.") % {"name": name})


def _is_meant(entry: zipfile.ZipInfo) -> bool:
    """Whether somebody packed it on purpose: no folder, and nothing that a Mac or a file manager adds."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    return not (entry.is_dir() or "__MACOSX" in path.parts or path.name.startswith(".") or path.name == "Thumbs.db")


def _refuse_unfit(entries: list[zipfile.ZipInfo], named: dict) -> None:
    if not entries:
        raise Refused(_("There is no file in “%(name)s”.") % named)
    if len(entries) > MOST_FILES:
        told = named | {"has": len(entries), "most": MOST_FILES}
        raise Refused(_("“%(name)s” has %(has)s files; %(most)s are the most. Send it in parts.") % told)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise Refused(_("“%(name)s” would unpack to more than 2 GB. Send it in parts.") % named)
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Refused(_("“%(name)s” is locked with a password. Ask for it without one.") % named)
