"""The question behind every finished page, asked of a real database by several threads."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

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


def test_every_thread_sees_it_over_a_connection_of_its_own(gate):
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
    gate.mine.connection.close()
    with pytest.raises(proof.Unanswered):
        gate.version()
    assert gate.version() == version
