"""One copy of SQLite in a process, and the newest there is."""

import ast
import importlib.util
import sqlite3

import pytest
from django.db import connection

from newsroom.checks import SOUND_SQLITE
from tests.newsroom.test_settings import ROOT, start

has_wheel = pytest.mark.skipif(importlib.util.find_spec("pysqlite3") is None, reason="no wheel for this machine")


@has_wheel
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is about SQLite")
@pytest.mark.django_db
def test_django_opens_the_database_with_the_wheels_sqlite():
    assert type(connection.connection).__module__ == "pysqlite3.dbapi2"
    assert sqlite3.sqlite_version_info >= SOUND_SQLITE


def test_without_the_wheel_pythons_own_is_used():
    program = "import sys; sys.modules['pysqlite3'] = None; import newsroom.sqlite, sqlite3; print(sqlite3.__name__)"
    assert start("-c", program).stdout == "sqlite3\n"


@has_wheel
def test_under_gunicorn_the_wheels_sqlite_is_used_too():
    program = "from newsroom.wsgi import application; import sqlite3; print(application, sqlite3.__name__)"
    done = start("-c", program)
    assert done.stdout.endswith("pysqlite3\n"), done.stderr


@pytest.mark.parametrize("program", ["manage.py", "newsroom/wsgi.py", "tests/settings.py"])
def test_every_way_in_swaps_before_it_imports_anything_else(program):
    module = ast.parse((ROOT / program).read_text(encoding="utf-8"))
    first = next(node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom))
    assert ast.unparse(first) == "import newsroom.sqlite"


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is about SQLite")
@pytest.mark.django_db
def test_the_database_is_opened_as_settings_say():
    def pragma(name: str):
        with connection.cursor() as cursor:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == "wal"
    assert pragma("foreign_keys") == 1
    assert connection.transaction_mode == "IMMEDIATE"
