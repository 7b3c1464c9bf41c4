"""Asks the database which version of the site is public now: the question behind every page that is kept finished.

Each thread asks over a connection of its own, which reads nothing else. On SQLite most answers cost one pragma, which
says whether anybody has committed since; it does not count a connection's own commits, and two connections' numbers
cannot be compared.
"""

import sqlite3
import threading
from typing import Any, Protocol

from django.db import connections

PATIENCE = 1  # seconds in which PostgreSQL must answer; after that it counts as gone


class Unanswered(Exception):
    """The database could not be asked."""


class Gate(Protocol):
    """One per process."""

    def version(self) -> int:
        """The newest version that is committed; 0 before there was any. Raises Unanswered."""

    def close(self) -> None:
        """Let this thread's connection go; the next question opens another."""


class SqliteGate:
    def __init__(self, path: str, question: str) -> None:
        self.path, self.question = path, question
        self.mine = threading.local()

    def version(self) -> int:
        mine = self.mine.__dict__
        try:
            connection = mine.get("connection") or self._open()
            moved = connection.execute("PRAGMA data_version").fetchone()[0]
            if moved != mine.get("moved"):
                row = connection.execute(self.question).fetchone()
                mine["moved"], mine["version"] = moved, row[0] if row else 0
        except sqlite3.Error as fault:
            self.close()
            raise Unanswered(str(fault)) from fault
        return mine["version"]

    def close(self) -> None:
        _let_go(self.mine)

    def _open(self) -> sqlite3.Connection:
        opened = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, timeout=PATIENCE)
        self.mine.connection = opened
        return opened


class PostgresGate:
    def __init__(self, parameters: dict[str, Any], question: str) -> None:
        self.parameters, self.question = parameters, question
        self.mine = threading.local()

    def version(self) -> int:
        import psycopg

        mine = self.mine.__dict__
        try:
            connection = mine.get("connection") or self._open()
            row = connection.execute(self.question, prepare=True).fetchone()
        except psycopg.Error as fault:
            self.close()
            raise Unanswered(str(fault)) from fault
        return row[0] if row else 0

    def close(self) -> None:
        _let_go(self.mine)

    def _open(self) -> Any:
        import psycopg

        opened = psycopg.connect(**self.parameters, autocommit=True)
        self.mine.connection = opened
        return opened


def _let_go(mine: threading.local) -> None:
    """What was known over that connection is nothing to the next one."""
    connection = mine.__dict__.get("connection")
    mine.__dict__.clear()
    if connection:
        connection.close()


def gate(question: str) -> Gate:
    """For the database of the settings."""
    database = connections["default"]
    parameters = database.get_connection_params()
    if database.vendor == "sqlite":
        return SqliteGate(str(parameters["database"]), question)
    options = f"{parameters.get('options', '')} -c statement_timeout={PATIENCE}s"
    given = {name: value for name, value in parameters.items() if name not in {"context", "cursor_factory"}}
    return PostgresGate(given | {"options": options, "connect_timeout": 2}, question)
