"""The database of a test as a whole site of its own sees it, and new ones beside it."""

import inspect
import json
import os
import secrets
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.newsroom.test_settings import start

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs a PostgreSQL")
REFUSES = "from articles.models import Event; Event.objects.all()._raw_delete('default')"


@pytest.fixture
def any_database(transactional_db, monkeypatch) -> None:
    """This test may reach databases that it makes itself: Django lets it reach those only that the settings name."""
    refusing = inspect.getclosurevars(BaseDatabaseWrapper.ensure_connection)
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refusing.nonlocals["real_ensure_connection"])


@pytest.fixture
def ours() -> str:
    """The address of the database that this test writes to."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{name}"


@pytest.fixture
def file(tmp_path) -> str:
    """The address of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'moved.sqlite3'}"


@pytest.fixture
def new_postgresql(ours) -> Iterator[str]:
    """The address of a new PostgreSQL database."""
    name = f"moved_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        yield f"{ours.rpartition('/')[0]}/{name}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(database: str, *command: str, **environment: str):
    return start("manage.py", *command, **{"DATABASE_URL": database, "LOG_JSON": "false"} | environment)


def rows(database: str) -> list[dict]:
    """Every row of every table, as fixtures write them."""
    done = manage(database, "dumpdata")
    assert done.returncode == 0, done.stderr
    return sorted(json.loads(done.stdout), key=lambda row: (row["model"], str(row["pk"])))


def stands(database: str) -> None:
    """The record verifies, all guards are there, and one of them is tried."""
    assert manage(database, "verify_audit").returncode == 0
    assert manage(database, "check", "--database", "default", "--fail-level", "ERROR").returncode == 0
    assert "guard: events are never deleted" in manage(database, "shell", "--verbosity", "0", "-c", REFUSES).stderr
