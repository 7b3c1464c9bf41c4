"""Asks the database which version of the site is public now: the question behind every page that is kept finished.

Each thread asks over a connection of its own, which reads nothing else. On SQLite most answers cost one pragma, which
says whether anybody has committed since; it does not count a connection's own commits, and two connections' numbers
cannot be compared.
"""

import select
import sqlite3
import threading
from typing import Any

from django.db import connections

PATIENCE = 0.7  # seconds in which the database must answer; after that it counts as gone


class Unanswered(Exception):
    """The database could not be asked."""


class Gate:
    """One per process; each of its threads has a connection of its own."""

    fault: type[Exception]  # what the driver raises

    def __init__(self, question: str) -> None:
        self.question = question
        self.mine = threading.local()

    def version(self) -> int:
        """The newest version that is committed; 0 before there was any. Raises Unanswered."""
        try:
            if "connection" not in self.mine.__dict__:
                self.mine.connection = self._open()
            return self._ask(self.mine.connection)
        except self.fault as fault:
            self.close()
            raise Unanswered(str(fault)) from fault

    def close(self) -> None:
        """Let this thread's connection go, and what was known over it; the next question opens another."""
        connection = self.mine.__dict__.get("connection")
        self.mine.__dict__.clear()
        if connection:
            connection.close()

    def _open(self) -> Any:
        raise NotImplementedError

    def _ask(self, connection: Any) -> int:
        row = connection.execute(self.question).fetchone()
        return row[0] if row else 0


class SqliteGate(Gate):
    fault = sqlite3.Error

    def __init__(self, path: str, question: str) -> None:
        super().__init__(question)
        self.path = path

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, check_same_thread=False, timeout=PATIENCE)

    def _ask(self, connection: sqlite3.Connection) -> int:
        mine = self.mine.__dict__
        moved = connection.execute("PRAGMA data_version").fetchone()[0]
        if moved != mine.get("moved"):
            mine["version"], mine["moved"] = super()._ask(connection), moved
        return mine["version"]


class PostgresGate(Gate):
    """Waits for an answer itself: a server that hangs keeps to no limit of its own, and psycopg has none."""

    def __init__(self, parameters: dict[str, Any], question: str) -> None:
        import psycopg  # only there where it is used

        super().__init__(question)
        self.parameters, self.fault, self.connect = parameters, psycopg.Error, psycopg.connect

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
