"""A copy of the database as it was in one moment, while people go on writing; and what is in it."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.postgresql.client import DatabaseClient
from django.utils.module_loading import import_string

from newsroom import database, moving_rows
from newsroom.backups.manifest import Rows

SITE, COPY = "default", "copy"
SCRATCH = ".backup-"

# The columns of a table, without those that the database derives itself; and a sum over its rows, which the session has
# to read in UTC.
COLUMNS = """
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"""
SUM = "coalesce(sum(('x' || left(md5(ROW(%s)::text), 15))::bit(60)::bigint), 0)"


class Failed(Exception):
    """The database could not be copied or restored; the message says why."""


@dataclass
class Copied:
    """A copy: how to read it, under which alias Django reaches what it is of, and the kind that it has."""

    kind: str
    suffix: str
    opened: Callable[[], contextlib.AbstractContextManager[BinaryIO]]


@contextlib.contextmanager
def copied() -> Iterator[Copied]:
    """Hold a copy for as long as the block runs; the alias COPY then leads to the same rows. Raises Failed."""
    make = _of_sqlite if connections[SITE].vendor == "sqlite" else _of_postgresql
    with make() as copy:
        yield copy


# --- SQLite ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _of_sqlite() -> Iterator[Copied]:
    """By SQLite's own backup, beside the database: what is unsealed lies on no other disk than it does already."""
    path = Path(connections[SITE].settings_dict["NAME"])
    for left in path.parent.glob(f"{SCRATCH}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=path.parent) as scratch:
        copy = Path(scratch) / "copy.sqlite3"
        _copy_sqlite(path, copy)
        with connected(COPY, database.options(f"sqlite:///{copy}")):
            yield Copied("sqlite", "sqlite3", lambda: copy.open("rb"))


def _copy_sqlite(path: Path, copy: Path) -> None:
    try:
        # In one step: a reader's snapshot for as long as it takes, which keeps no writer waiting.
        with (
            contextlib.closing(sqlite3.connect(path, timeout=30)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as fault:
        raise Failed(f"The database could not be copied: {fault}.") from fault


def sqlite_fault(using: str) -> str:
    """What SQLite finds wrong in the file itself, its indexes and those of words included; else an empty text."""
    with connections[using].cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(1)")
        said = cursor.fetchone()[0]
    return "" if said == "ok" else f"The database is damaged: {' '.join(said.split())}."


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _of_postgresql() -> Iterator[Copied]:
    """By pg_dump, in the snapshot of a transaction in which we look at the rows ourselves."""
    options = without_pool(connections[SITE].settings_dict)
    with connected(COPY, options), transaction.atomic(COPY):
        with connections[COPY].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        yield Copied("postgresql", "pgdump", lambda: _dumped(options, snapshot))


@contextlib.contextmanager
def _dumped(options: dict[str, Any], snapshot: str) -> Iterator[BinaryIO]:
    # Uncompressed: the backup is compressed as a whole.
    command = ["--format=custom", "--compress=0", f"--snapshot={snapshot}"]
    with tempfile.TemporaryFile() as said, program("pg_dump", options, *command, said=said) as dumping:
        yield pipe_of(dumping, "stdout")
        finished(dumping, said, "pg_dump")


@contextlib.contextmanager
def program(
    name: str,
    options: dict[str, Any] | None,
    *command: str,
    said: BinaryIO,
    stdin: int | None = None,
    stdout: int = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's own programs, connected to that database where there is one; its faults go to ``said``.

    Raises Failed where it is not here.
    """
    address, own = DatabaseClient.settings_to_cmd_args_env(options, []) if options else ([""], None)
    environment = {**os.environ, **(own or {})}
    running = subprocess.Popen(  # noqa: S603  names of ours
        [_found(name), *command, *address[1:]], stdin=stdin, stdout=stdout, stderr=said, env=environment
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()
        for pipe in filter(None, (running.stdin, running.stdout)):
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def pipe_of(running: subprocess.Popen[bytes], name: str) -> BinaryIO:
    """Its “stdin” or “stdout”, which was asked for as a pipe."""
    return cast(BinaryIO, getattr(running, name))


def finished(running: subprocess.Popen, said: BinaryIO, name: str) -> None:
    """Wait for its end. Raises Failed, with its own words, where that is no good one."""
    if running.wait():
        said.seek(0)
        words = " ".join(said.read(4000).decode(errors="replace").split())
        raise Failed(f"{name} failed: {words}")


def _found(name: str) -> str:
    folder = settings.POSTGRESQL_BIN
    found = shutil.which(name, path=str(folder) if folder else None)
    if not found:
        raise Failed(
            f"{name} is not {'in ' + str(folder) if folder else 'on this machine'}. On Debian: apt-get install"
            " postgresql-client; or name its folder in POSTGRESQL_BIN."
        )
    return found


def without_pool(options: dict[str, Any]) -> dict[str, Any]:
    return {**options, "OPTIONS": {name: value for name, value in options["OPTIONS"].items() if name != "pool"}}


# --- Both ------------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def connected(alias: str, options: dict[str, Any]) -> Iterator[None]:
    """Let ``alias`` lead to that database for as long as the block runs."""
    before = connections.settings
    connections.settings = connections.configure_settings({**before, alias: options})
    try:
        yield
    finally:
        connections[alias].close()
        del connections[alias]
        connections.settings = before


def describe(using: str, rows: Rows) -> None:
    """Write down which migrations made it, and how many rows each table of ours has."""
    connection = connections[using]
    standing = set(connection.introspection.table_names())
    tables = sorted({model._meta.db_table for model in moving_rows.tables()} & standing)
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        rows.migrations = [list(row) for row in cursor.fetchall()]
        rows.counts = {table: _count(cursor, table) for table in tables}
        if connection.vendor == "postgresql":
            rows.contents = {table: content(cursor, table) for table in tables}


def counts(using: str, tables: list[str]) -> dict[str, int]:
    with connections[using].cursor() as cursor:
        return {table: _count(cursor, table) for table in tables}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608  a name of ours
    return cursor.fetchone()[0]


def content(cursor: Any, table: str) -> str:
    """PostgreSQL: a sum over all rows of a table, in whatever order they stand."""
    cursor.execute(COLUMNS, [quoted(table)])
    columns = cursor.fetchone()[0]
    cursor.execute(f"SELECT {SUM % columns} FROM {quoted(table)}")  # noqa: S608  names of ours
    return str(cursor.fetchone()[0])


def quoted(table: str) -> str:
    """Its name in SQL. A manifest may come from anywhere: raises Failed for what is no name."""
    if not re.fullmatch(r"\w+", table):
        raise Failed(f"“{table}” is no table of ours.")
    return f'"{table}"'


def migrations_wait(using: str) -> bool:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[using])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def record(using: str) -> str:
    """The end of the newsroom's record, as people note it down outside."""
    return import_string(settings.BACKUP_RECORD)(using)


def troubles(using: str) -> list[str]:
    """What the newsroom finds wrong with its rows, in sentences."""
    return list(filter(None, (import_string(name)(using) for name in settings.BACKUP_PROOFS)))


def files_needed(using: str) -> set[tuple[str, str]]:
    """Every file that a row names: its half and name."""
    return {each for name in settings.BACKUP_FILES for each in import_string(name)(using)}
