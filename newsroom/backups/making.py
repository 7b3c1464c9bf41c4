"""Making a backup. Files first, then the rows of one moment, then the files that came in between: none is missing."""

import hashlib
import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.db import connections

from newsroom import storage
from newsroom.backups import checking, databases, manifest, places
from newsroom.backups.manifest import HALVES, Kept, Manifest, Rows
from newsroom.backups.sealing import Broken, Compressing, Hashing, Plain

AT_ONCE = 4  # files
TRIES = 3  # at a moment whose files can all be had
SPARE = 64 * 1024**2  # bytes of the disk that are left to others

Named = tuple[str, str]
Tell = Callable[[str], None]


class NoRoom(Exception):
    """The disk cannot take the backup; the message says how much is missing."""


@dataclass
class Maker:
    """One run: where to, through what, and what is known of the files from the backup before."""

    folder: places.Folder
    sealing: Plain
    tell: Tell
    known: dict[Named, Kept] = field(default_factory=dict)
    found: dict[Named, int] = field(default_factory=dict)
    kept: dict[Named, Kept] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.halves = dict(zip(HALVES, storage.halves(), strict=True))

    # --- The files -----------------------------------------------------------------------------------------------

    def keep(self, names: Iterable[Named]) -> None:
        """Keep the content of these files, but of those that are gone. Raises ``OSError`` and Broken."""
        names = list(names)
        with ThreadPoolExecutor(AT_ONCE) as keepers:
            self.kept |= {each: kept for each, kept in zip(names, keepers.map(self._kept, names), strict=True) if kept}

    def is_there(self, named: Named) -> bool:
        return self.halves[named[0]].exists(named[1])

    def _kept(self, named: Named) -> Kept | None:
        """No file of the site ever changes under its name: what is known need not be read again.

        But for what an older key has sealed, which has another name: that key shall be needed no longer one day.
        """
        known = self.known.get(named)
        if known and known.object == self.sealing.name(known.sha256) and self._stored(known.object) == known.stored:
            return known
        half, name = named
        try:
            with self.halves[half].open(name) as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                file.seek(0)
                return self._put(half, name, sha256, file)
        except FileNotFoundError:
            return None

    def _stored(self, kept_as: str) -> int | None:
        return self.folder.size(places.object_path(kept_as) + self.sealing.suffix)

    def _put(self, half: str, name: str, sha256: str, file) -> Kept:
        kept_as = self.sealing.name(sha256)
        path = places.object_path(kept_as) + self.sealing.suffix
        through = Hashing(file)
        with self.folder.writing(self.folder.root / path) as target:
            self.sealing.seal(through, target)
            stored = target.tell()
        self.new.add(kept_as)
        made = Kept(half, name, through.size, sha256, kept_as, stored)
        checking.read_object(self.folder, made, self.sealing)
        return made

    # --- The rows ------------------------------------------------------------------------------------------------

    def copy_rows(self, path: Path) -> tuple[Rows, list[str], set[Named]]:
        """Write a copy of the database into that folder; what is wrong in it; and which files its rows name."""
        with databases.copied() as copy:
            rows = Rows(copy.kind, f"database.{copy.suffix}.zst{self.sealing.suffix}")
            with copy.opened() as source, self.folder.writing(path / rows.file) as target:
                through = Compressing(source)
                self.sealing.seal(through, target)
            rows.size, rows.sha256 = through.size, through.digest.hexdigest()
            checking.read_rows(self.folder, f"{path.name}/{rows.file}", rows, self.sealing)
            databases.describe(databases.COPY, rows)
            return rows, *self._asked(rows)

    def _asked(self, rows: Rows) -> tuple[list[str], set[Named]]:
        said = [databases.sqlite_fault(databases.COPY)] if rows.kind == "sqlite" else []
        if databases.migrations_wait(databases.COPY):
            self.tell(
                "Migrations wait, so the record was not read, nor which files the rows name. All rows and files are in"
                " the backup."
            )
            return list(filter(None, said)), set()
        rows.record = databases.record(databases.COPY)
        said += databases.troubles(databases.COPY)
        return list(filter(None, said)), databases.files_needed(databases.COPY)


def make(folder: places.Folder, sealing: Plain, *, at: datetime, tell: Tell, anew: bool = False) -> Manifest:
    """Make one backup and prove it. The folder must be held. ``anew`` reads every file of the site again.

    Raises NoRoom, databases.Failed, Broken and ``OSError``; then there is no backup, and those before are as they were.
    """
    maker = Maker(folder, sealing, tell, known={} if anew else _known(folder, sealing, tell))
    maker.found = {(half, name): size for half in HALVES for name, size in sizes(maker.halves[half])}
    _look_for_room(folder, sum(size for each, size in maker.found.items() if each not in maker.known))
    made = _begun(folder.free_name(at), at)
    with folder.new(made.name) as path:
        maker.keep(maker.found)
        made.rows, made.troubles, lost = _rows_with_files(maker, path)
        made.files, made.lost = sorted(maker.kept.values()), sorted("/".join(each) for each in lost)
        manifest.write(made, folder, path, sealing)
        manifest.read(folder, path.name, sealing, of=made.name)
    tell(f"{len(made.files)} files ({len(maker.new)} new), {sum(made.rows.counts.values())} rows.")
    return made


def _rows_with_files(maker: Maker, path: Path) -> tuple[Rows, list[str], set[Named]]:
    """The rows of a moment whose files can all be had: a picture may be deleted between its row and its file.

    What the site has lost for good, while its rows still name it, is told; the backup before may have had it.
    """
    for _try in range(TRIES):
        rows, troubles, needed = maker.copy_rows(path)
        came = needed - maker.kept.keys()
        maker.keep(came)
        had = maker.found.keys() & maker.kept.keys()
        gone = {each for each in needed - had if not maker.is_there(each)}
        if not gone or gone <= databases.files_needed(databases.SITE):
            break
    return rows, troubles, gone


def sizes(half: storage.Half) -> Iterator[tuple[str, int]]:
    """The files of a half. What the clock leaves beside the originals on this machine's disk is no picture."""
    heartbeat = settings.CLOCK_HEARTBEAT
    beside = {heartbeat.name, heartbeat.with_suffix(".new").name}
    return (each for each in half.sizes() if each[0] not in beside)


def _begun(name: str, at: datetime) -> Manifest:
    versions = {"python": platform.python_version(), "django": django.__version__, "sqlite": sqlite3.sqlite_version}
    if connections[databases.SITE].vendor == "postgresql":
        with connections[databases.SITE].cursor() as cursor:
            cursor.execute("SHOW server_version")
            versions["postgresql"] = cursor.fetchone()[0]
    return Manifest(name, settings.SITE_URL, manifest.key_mark(), at.isoformat(), versions, Rows("", ""))


def _known(folder: places.Folder, sealing: Plain, tell: Tell) -> dict[Named, Kept]:
    """The files of the newest backup that can be read; those of a broken one are read again on the site."""
    for name in reversed(folder.backups()):
        try:
            return {(each.half, each.name): each for each in manifest.read(folder, name, sealing).files}
        except Broken as fault:
            tell(f"Not built upon: {fault}.")
    return {}


def _look_for_room(folder: places.Folder, files: int) -> None:
    """Asked beforehand, and for more than is likely: a disk that runs full at night may stop the site."""
    wanted = {folder.root: files + _database_bytes() + SPARE}
    if connections[databases.SITE].vendor == "sqlite":
        beside = Path(connections[databases.SITE].settings_dict["NAME"]).parent
        if beside.stat().st_dev == folder.root.stat().st_dev:
            wanted[folder.root] += _database_bytes()
        else:
            wanted[beside] = _database_bytes() + SPARE
    for where, needed in wanted.items():
        if (free := shutil.disk_usage(where).free) < needed:
            raise NoRoom(
                f"The disk of {where} has {_megabytes(free)} free, and a backup may need {_megabytes(needed)}. Free"
                " space, or keep fewer backups."
            )


def _database_bytes() -> int:
    connection = connections[databases.SITE]
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        wal = path.with_name(f"{path.name}-wal")
        return path.stat().st_size + (wal.stat().st_size if wal.exists() else 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def _megabytes(number: int) -> str:
    return f"{number / 1024**2:,.0f} MB"
