"""Asks the database which version of the site is public now: the question behind every page that is kept finished.

It is asked over connections that read nothing else. On SQLite most answers cost no question: the file in which SQLite
itself looks whether anybody has committed is mapped into memory, and is the same as when it was asked last.
"""

import mmap
import os
import select
import sqlite3
import threading
from pathlib import Path
from typing import Any, Protocol

from django.db import connections

PATIENCE = 0.7  # seconds in which the database must answer; after that it counts as gone


class Unanswered(Exception):
    """The database could not be asked."""


class Gate(Protocol):
    """One per process, for all of its threads."""

    def version(self) -> int:
        """The newest version that is committed; 0 before there was any. Raises Unanswered."""

    def close(self) -> None:
        """Let go what this thread asks over, and what was known; the next question opens it anew."""


# --- SQLite ----------------------------------------------------------------------------------------------------------

# Two copies of what each commit changes, and readers compare (sqlite.org/walformat.html, "The WAL-Index Header").
_COPY = 48  # bytes
# By device and inode. None is ever closed: that would take away the locks that SQLite has on the same file in this
# process (sqlite.org/howtocorrupt.html, 2.2).
_mapped: dict[tuple[int, int], mmap.mmap] = {}


class SqliteGate:
    """As long as its connection is open, SQLite keeps the index of the write-ahead log in the same file."""

    def __init__(self, path: str, question: str) -> None:
        self.path, self.question = path, question
        self.lock = threading.Lock()
        self.connection: sqlite3.Connection | None = None
        self.index: mmap.mmap | None = None
        self.known: tuple[bytes, int] | None = None  # the heads of the index, and the version since then

    def version(self) -> int:
        known, index = self.known, self.index
        if known and index and index[: 2 * _COPY] == known[0]:
            return known[1]
        if not self.lock.acquire(timeout=PATIENCE):
            raise Unanswered(f"Others have waited for it for {PATIENCE} seconds.")
        try:
            return self._ask()
        except sqlite3.Error as fault:
            self._let_go()
            raise Unanswered(str(fault)) from fault
        finally:
            self.lock.release()

    def close(self) -> None:
        with self.lock:
            self._let_go()

    def _let_go(self) -> None:
        connection, self.connection, self.index, self.known = self.connection, None, None, None
        if connection:
            connection.close()

    def _ask(self) -> int:
        if self.connection is None:
            self.connection = sqlite3.connect(
                f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, timeout=PATIENCE
            )
        heads = self.index[: 2 * _COPY] if self.index else b""
        row = self.connection.execute(self.question).fetchone()
        version = row[0] if row else 0
        if self.index is None:
            self.index = _index(self.path)
        # While somebody writes them the copies differ: nothing is known for longer than this question.
        is_settled = heads and heads[:_COPY] == heads[_COPY:]
        self.known = (heads, version) if is_settled else None
        return version


def _index(path: str) -> mmap.mmap | None:
    """The index of the write-ahead log of the database at ``path``; None where it has none, so each time is asked."""
    name = Path(f"{Path(path).resolve()}-shm")
    try:
        found = name.stat()
        place = (found.st_dev, found.st_ino)
        if place not in _mapped:
            file = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
            _mapped[place] = mmap.mmap(file, 2 * _COPY, prot=mmap.PROT_READ)
    except OSError:
        return None
    return _mapped[place]


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


class PostgresGate:
    """Each thread has a connection of its own. It waits for an answer itself: a server that hangs keeps to no limit of
    its own, and psycopg has none.
    """

    def __init__(self, parameters: dict[str, Any], question: str) -> None:
        import psycopg  # only there where it is used

        self.parameters, self.question = parameters, question
        self.fault, self.connect = psycopg.Error, psycopg.connect
        self.mine = threading.local()

    def version(self) -> int:
        try:
            if "connection" not in self.mine.__dict__:
                self.mine.connection = self._open()
            return self._ask(self.mine.connection)
        except self.fault as fault:
            self.close()
            raise Unanswered(str(fault)) from fault

    def close(self) -> None:
        connection = self.mine.__dict__.get("connection")
        self.mine.__dict__.clear()
        if connection:
            connection.close()

    def _open(self) -> Any:
        connection = self.connect(**self.parameters)
        connection.pgconn.prepare(b"version", self.question.encode())
        return connection

    def _ask(self, connection: Any) -> int:
        line, heard = connection.pgconn, select.poll()
        heard.register(line.socket, select.POLLIN)
        line.send_query_prepared(b"version", None)
        line.flush()
        while line.is_busy():
            if not heard.poll(PATIENCE * 1000):
                raise self.fault(f"It has not answered for {PATIENCE} seconds.")
            line.consume_input()
        answer = line.get_result()
        if answer.error_message:
            raise self.fault(answer.error_message.decode(errors="replace"))
        while line.get_result():  # to the end, or the next question could not be sent
            pass
        return int(answer.get_value(0, 0)) if answer.ntuples else 0


def gate(question: str) -> Gate:
    """For the database of the settings."""
    database = connections["default"]
    parameters = database.get_connection_params()
    if database.vendor == "sqlite":
        return SqliteGate(str(parameters["database"]), question)
    given = {name: value for name, value in parameters.items() if name not in {"context", "cursor_factory"}}
    own = {"connect_timeout": 2, "tcp_user_timeout": 2000, "autocommit": True}
    return PostgresGate(given | own, question)
