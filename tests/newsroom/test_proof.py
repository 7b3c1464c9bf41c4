"""The question behind every finished page, asked of a real database by several threads."""

import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from articles.live import proof as truth
from articles.live import stamps
from newsroom import proof

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gate():
    gate = proof.gate(import_module(settings.PAGE_PROOF).VERSION_SQL)
    yield gate
    gate.close()


def test_each_commit_is_seen_by_the_next_question(gate):
    assert gate.version() == 0
    for _change in range(50):
        version = stamps.bump(["stories"])
        assert gate.version() == version


def test_every_thread_sees_it(gate):
    def ask(_thread: int) -> int:
        version = gate.version()
        gate.close()
        return version

    version = stamps.bump()
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(ask, range(8))) == {version}
    assert gate.version() < stamps.bump() == gate.version()


def test_what_is_not_committed_is_not_seen(gate):
    with transaction.atomic():
        version = stamps.bump()
        assert gate.version() == 0
    assert gate.version() == version


def test_a_database_that_is_not_there_is_said(tmp_path):
    if connection.vendor == "sqlite":
        lost = proof.SqliteGate(str(tmp_path / "lost.sqlite3"), truth.VERSION_SQL)
    else:
        lost = proof.PostgresGate({"host": str(tmp_path), "dbname": "lost"}, truth.VERSION_SQL)
    with pytest.raises(proof.Unanswered):
        lost.version()


# --- SQLite's own way of knowing ---

SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL is asked each time")


def number(value: int) -> str:
    return f"UPDATE number SET value = {value}"  # noqa: S608  the tests' own


def in_another_process(path: Path, *statements: str) -> str:
    """What the last statement says, or why it does not."""
    told = """
import newsroom.sqlite, sqlite3, sys
said = None
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0.1)
try:
    for statement in sys.argv[2:]:
        said = connection.execute(statement).fetchone()
except sqlite3.Error as fault:
    said = fault
print(said)
"""
    done = subprocess.run([sys.executable, "-c", told, path, *statements], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def numbers(tmp_path):
    """A database with a number in it: where it lies, a connection to it, and a gate that asks for the number."""
    path = tmp_path / "numbers.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE number (value); INSERT INTO number VALUES (1);")
    gate = proof.SqliteGate(str(path), "SELECT value FROM number")
    yield path, connection, gate
    gate.close()
    connection.close()


@SQLITE
def test_nothing_is_asked_while_nobody_commits(numbers):
    _path, connection, gate = numbers
    assert [gate.version() for _time in range(3)] == [1, 1, 1]
    gate.question = "this would be refused"
    assert gate.version() == 1
    connection.execute(number(2))
    with pytest.raises(proof.Unanswered):
        gate.version()


@SQLITE
def test_a_commit_of_another_process_is_seen(numbers):
    path, _connection, gate = numbers
    for value in range(2, 5):
        in_another_process(path, number(value))
        assert gate.version() == gate.version() == value


@SQLITE
def test_the_log_may_begin_anew(numbers):
    _path, connection, gate = numbers
    for value in range(2, 6):
        connection.execute(number(value))
        assert gate.version() == gate.version() == value
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert gate.version() == gate.version() == value


@SQLITE
def test_all_others_may_have_gone_meanwhile(numbers):
    path, connection, gate = numbers
    assert gate.version() == gate.version() == 1
    connection.close()
    in_another_process(path, number(2))
    assert gate.version() == gate.version() == 2
    gate.close()
    in_another_process(path, number(3), "PRAGMA journal_mode=DELETE", "PRAGMA journal_mode=WAL")
    in_another_process(path, number(4))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT value FROM number").fetchone() == (4,)
        assert gate.version() == gate.version() == 4
        connection.execute(number(5))
    assert gate.version() == gate.version() == 5
    connection.close()


@SQLITE
def test_a_database_without_a_log_is_asked_each_time(numbers):
    path, connection, _gate = numbers
    connection.execute("PRAGMA journal_mode=DELETE")
    gate = proof.SqliteGate(str(path), "SELECT value FROM number")
    for value in range(2, 5):
        connection.execute(number(value))
        assert gate.version() == value
    gate.close()


@SQLITE
def test_looking_takes_no_lock_away(numbers):
    """A file of SQLite's that this process opened beside it and closed would: howtocorrupt.html, 2.2."""
    path, connection, gate = numbers
    connection.execute("BEGIN IMMEDIATE")
    assert gate.version() == 1
    gate.close()
    assert gate.version() == 1
    assert in_another_process(path, "BEGIN IMMEDIATE") == "database is locked"
    connection.execute("COMMIT")
    assert in_another_process(path, "BEGIN IMMEDIATE") == "None"


# --- PostgreSQL ---


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no server that could hang")
def test_a_server_that_hangs_counts_as_gone_after_a_moment(gate):
    version = stamps.bump()
    assert gate.version() == version
    server = gate.mine.connection.info.backend_pid
    os.kill(server, signal.SIGSTOP)
    try:
        with pytest.raises(proof.Unanswered, match="It has not answered for 0.7 seconds."):
            gate.version()
    finally:
        os.kill(server, signal.SIGCONT)
    assert gate.version() == version


def test_a_connection_that_was_cut_is_opened_anew(gate):
    version = stamps.bump()
    assert gate.version() == version
    getattr(gate, "mine", gate).connection.close()
    version = stamps.bump()
    with pytest.raises(proof.Unanswered):
        gate.version()
    assert gate.version() == version
