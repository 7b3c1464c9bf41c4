"""Putting a backup back: into an empty place, or over what is there when that is asked for; and the proof of it.

Nothing is written before all of the backup has been read and found whole. Files come first, so that no row is ever
without its file; then the database, in one step.
"""

import contextlib
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, connections

from newsroom import moving_rows
from newsroom.backups import checking, databases, manifest, places, postgresql
from newsroom.backups.databases import connected
from newsroom.backups.making import Tell, sizes
from newsroom.backups.manifest import HALVES, Kept, Manifest
from newsroom.backups.sealing import Broken, Plain
from newsroom.database import options as options_of
from newsroom.storage import Half, settle

TARGET, STAGED = "target", "staged"
_RUNNING = "The site is running. Stop its processes first: newsroom-web, newsroom-worker, newsroom-clock."
AT_ONCE = 4  # files


class Refused(Exception):
    """Nothing was changed; the message says why, and what to do."""


@dataclass
class Restore:
    """One backup, where it lies and how it is read."""

    place: places.Place
    made: Manifest
    sealing: Plain
    tell: Tell

    # --- Before anything is written ------------------------------------------------------------------------------

    def look(self) -> None:
        """Refuse a backup that is not whole, or that this release is too old for."""
        if newer := manifest.newer(self.made):
            raise Refused(
                f"It was made by a newer release: this one does not know {', '.join(newer[:3])}. Restore it with the"
                " release that made it, or a later one."
            )
        if said := checking.check(self.place, self.made, self.sealing):
            raise Refused(f"The backup is not whole. {' '.join(said[:20])}")

    def look_at_files(self, halves: dict[str, Half], *, over: bool) -> list[Kept]:
        """The files that have to be written. Refuses a place in which there are others, unless told ``over``."""
        for half in halves.values():
            if isinstance(half, FileSystemStorage):
                refuse_stranger(Path(half.location))
            half.prepare()
            half.probe()
        wanted = {(each.half, each.name): each for each in self.made.files}
        there = {(half, name): size for half in HALVES for name, size in sizes(halves[half])}
        others = sorted("/".join(each) for each in there if each not in wanted)
        same, differ = self._compared(halves, [each for key, each in wanted.items() if key in there])
        if (others or differ) and not over:
            named = ", ".join([*("/".join(each[:2]) for each in differ), *others][:3])
            raise Refused(
                f"There are other files where these shall go ({len(others) + len(differ)}, such as {named}). Name an"
                " empty place with --files, or say “--over files”: what has the same name is replaced, all else stays."
            )
        if others:
            self.tell(f"{len(others)} files that the backup does not have stay where they are, such as {others[0]}.")
        return [each for each in wanted.values() if each not in same]

    def _compared(self, halves: dict[str, Half], found: list[Kept]) -> tuple[set[Kept], list[Kept]]:
        def is_same(each: Kept) -> bool:
            with halves[each.half].open(each.name) as file:
                return file_digest(file, "sha256").hexdigest() == each.sha256

        with ThreadPoolExecutor(AT_ONCE) as readers:
            answers = dict(zip(found, readers.map(is_same, found), strict=True))
        return {each for each in found if answers[each]}, [each for each in found if not answers[each]]

    # --- Files ---------------------------------------------------------------------------------------------------

    def put_files(self, files: Iterable[Kept], halves: dict[str, Half]) -> None:
        """Write them and read each again where it now is. Raises Broken and ``OSError``; then run it again."""
        with ThreadPoolExecutor(AT_ONCE) as writers:
            for _done in writers.map(lambda each: self._put(each, halves[each.half]), files):
                pass

    def _put(self, kept: Kept, half: Half) -> None:
        with tempfile.SpooledTemporaryFile(1024 * 1024) as content:
            checking.read_object(self.place, kept, self.sealing, into=content)
            content.seek(0)
            if half.exists(kept.name):
                half.delete(kept.name)
            written = half.save(kept.name, File(content))
        with half.open(written) as file:
            if written != kept.name or file_digest(file, "sha256").hexdigest() != kept.sha256:
                raise Broken(f"{kept.half}/{kept.name}: it did not come as it was")

    # --- Rows ----------------------------------------------------------------------------------------------------

    def put_rows(self, address: str, *, through: str) -> str:
        """Put the database there, which refuse_rows has looked at; what to know of what was there.

        Raises Lost, Broken, Failed and ``OSError``; then what was there is as it was.
        """
        options = options_of(address)
        to = "sqlite" if options["ENGINE"].endswith(".sqlite3") else "postgresql"
        if to == "sqlite":
            return self._into_sqlite(Path(options["NAME"]), through)
        if self.made.rows.kind == "postgresql":
            return self._into_postgresql(address)
        with tempfile.TemporaryDirectory(prefix="restore-") as scratch, self._staged(Path(scratch) / "rows.sqlite3"):
            return self._carried(STAGED, address)

    def refuse_rows(self, address: str, *, over: bool, through: str) -> None:
        """Refuse a place that cannot be written, or in which there is something. Raises ``ValueError`` too."""
        options = options_of(address)
        is_sqlite = options["ENGINE"].endswith(".sqlite3")
        if self.made.rows.kind == "postgresql" and is_sqlite and not through:
            raise Refused(
                "A backup of PostgreSQL can only be read by a PostgreSQL. Name an empty database of one with --through;"
                " from there the rows are carried into the SQLite file."
            )
        if is_sqlite and self.made.rows.kind == "postgresql" and (used := self._used(options_of(through))):
            raise Refused(f"The database of --through is not empty: there is something in {used[0]}.")
        if is_sqlite:
            refuse_stranger(Path(options["NAME"]))
            if not Path(options["NAME"]).exists():
                return
        used = self._used(options)
        if used and (not over or (self.made.rows.kind == "sqlite" and not is_sqlite)):
            way = "make an empty one" if over else "name an empty one with --database, or say “--over database”"
            raise Refused(f"The database is not empty: there is something in {', '.join(used[:3])}. Please {way}.")
        if is_sqlite:
            _refuse_running(Path(options["NAME"]))

    def _used(self, options: dict[str, Any]) -> list[str]:
        """What is in a database that there is. Refuses a PostgreSQL that cannot be asked, or that others use."""
        is_sqlite = options["ENGINE"].endswith(".sqlite3")
        with connected(TARGET, databases.without_pool(options)):
            try:
                used = moving_rows.in_use(TARGET)
                if used and not is_sqlite:
                    _refuse_connected(TARGET)
            except DatabaseError as fault:
                if not is_sqlite:
                    raise Refused(f"The database cannot be reached: {' '.join(str(fault).split())}") from fault
                return ["a file that is damaged, or no database"]
        return used

    def _into_sqlite(self, path: Path, through: str) -> str:
        """Made beside, proved, and put in its place in one step; what was there stays under another name."""
        staged = path.with_name(f"{path.name}.{secrets.token_hex(4)}.restoring")
        try:
            if self.made.rows.kind == "sqlite":
                with self._staged(staged):
                    self._prove(STAGED)
            else:
                self._into_postgresql(through)
                with connected(STAGED, options_of(through)):
                    self._carried(STAGED, f"sqlite:///{staged}")
            return _swapped(staged, path)
        finally:
            for left in path.parent.glob(f"{staged.name}*"):
                left.unlink()

    @contextlib.contextmanager
    def _staged(self, path: Path) -> Iterator[None]:
        """The copy of a SQLite database as a file of this name, brought up to this release; reached as STAGED."""
        with open(path, "xb", opener=places.for_the_owner) as file:
            checking.read_rows(
                self.place, f"{self.made.name}/{self.made.rows.file}", self.made.rows, self.sealing, into=file
            )
        with connected(STAGED, options_of(f"sqlite:///{path}")):
            self._compare(STAGED)
            self._bring_up(STAGED, f"sqlite:///{path}")
            yield
        settle(path)

    def _into_postgresql(self, address: str) -> str:
        """All in one transaction, which ends only if every table has its rows."""
        options = databases.without_pool(options_of(address))
        with connected(TARGET, options):
            over = bool(connections[TARGET].introspection.table_names())
        postgresql.restore(self.place, self.made, self.sealing, options, over=over)
        with connected(TARGET, options):
            self._compare(TARGET)
            self._bring_up(TARGET, address)
            self._prove(TARGET)
        return ""

    def _carried(self, here: str, address: str) -> str:
        """From one kind of database to the other, by our own models."""
        _migrate(address)
        with connected(TARGET, databases.without_pool(options_of(address))):
            moving_rows.carry_all(here, TARGET, tell=self.tell)
            self._prove(TARGET)
        return ""

    def _bring_up(self, using: str, address: str) -> None:
        """The migrations that came since it was made; each puts guards and searches in their places too."""
        if databases.migrations_wait(using):
            self.tell("It was made by an older release: its migrations are applied.")
            _migrate(address)
        elif moving_rows.missing(using):
            moving_rows.settle(using)

    # --- Proof ---------------------------------------------------------------------------------------------------

    def _compare(self, using: str) -> None:
        came = databases.counts(using, list(self.made.rows.counts))
        wrong = [name for name, number in self.made.rows.counts.items() if came[name] != number]
        if wrong:
            raise moving_rows.Lost(f"{wrong[0]} has {came[wrong[0]]} rows, not {self.made.rows.counts[wrong[0]]}.")

    def _prove(self, using: str) -> None:
        """Guards stand, the record is whole and ends as it did. What was wrong before is no reason to stop."""
        said = [*moving_rows.missing(using), *databases.troubles(using)]
        if new := [each for each in said if each not in self.made.troubles]:
            raise moving_rows.Lost(" ".join(new))
        if self.made.rows.record and databases.record(using) != self.made.rows.record:
            raise moving_rows.Lost("The record does not end as it did.")


def _migrate(address: str) -> None:
    """In a process of its own, whose site has this database: some migrations know no other than the site's."""
    ours = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DATABASE_URL": address}
    alone = {"DATABASE_POOL": "0", "DATABASE_REPLICA_URL": ""}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--no-input"]
    done = subprocess.run(  # noqa: S603  a program of ours
        command, cwd=settings.BASE_DIR, env={**os.environ, **ours, **alone}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise databases.Failed(f"Its migrations could not be applied: {said[-1]}")


def _swapped(staged: Path, path: Path) -> str:
    """In one step, so that the database is never away."""
    kept = ""
    if path.exists():
        aside = path.with_name(f"{path.name}.before-{staged.name.split('.')[-2]}")
        os.link(path, aside)
        for end in ("-wal", "-shm"):  # of a file that no SQLite could open and tidy up
            if path.with_name(f"{path.name}{end}").exists():
                path.with_name(f"{path.name}{end}").rename(aside.with_name(f"{aside.name}{end}"))
        staged.chmod(path.stat().st_mode & 0o777)
        kept = f"What was there is {aside} now; delete it when you need it no longer."
    staged.replace(path)
    settle(path.parent)
    return kept


def _refuse_running(path: Path) -> None:
    """A process that has the file open would go on writing to the one that is set aside."""
    with contextlib.closing(sqlite3.connect(path, timeout=2)) as connection:
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN IMMEDIATE")  # granted only to who is alone
        except sqlite3.DatabaseError as fault:
            if "locked" in str(fault):
                raise Refused(_RUNNING) from fault


def _refuse_connected(using: str) -> None:
    """A process of the site is a client. What PostgreSQL does by itself is none, such as to vacuum after a restore."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise Refused(_RUNNING)


def refuse_stranger(path: Path) -> None:
    """Refuse root where the place is somebody else's: what root writes, the site could not."""
    folder = next(each for each in (path, *path.absolute().parents) if each.exists())
    if os.geteuid() == 0 and folder.stat().st_uid != 0:
        raise Refused(f"{folder} belongs to {folder.owner()}. Run this as that user: runuser -u {folder.owner()} -- …")
