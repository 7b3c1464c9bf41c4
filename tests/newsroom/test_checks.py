"""What would hurt later is said before the start."""

from types import SimpleNamespace

import pytest
from django.core.checks import Error, Info, Warning
from django.core.management import call_command
from django.db import connection

from newsroom import checks, media

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="is about SQLite")


@pytest.fixture
def running(monkeypatch):
    """Pretends that another SQLite runs: ``running("pysqlite3", 3, 53, 4)``."""

    def pretend(name: str, *version: int) -> None:
        words = ".".join(map(str, version))
        monkeypatch.setattr(
            checks, "sqlite3", SimpleNamespace(__name__=name, sqlite_version=words, sqlite_version_info=version)
        )

    return pretend


@on_sqlite
def test_a_sqlite_with_the_wal_fault_is_named_and_warned_of(running, monkeypatch):
    monkeypatch.setattr(checks.importlib.util, "find_spec", lambda name: None)
    running("sqlite3", 3, 40, 1)
    (warning,) = checks.sqlite_is_sound()
    assert isinstance(warning, Warning)
    assert "3.40.1" in warning.msg


@on_sqlite
def test_a_sound_sqlite_is_left_in_peace(running):
    running("pysqlite3", 3, 51, 3)
    assert checks.sqlite_is_sound() == []


@on_sqlite
def test_two_copies_of_sqlite_are_an_error(running, monkeypatch):
    monkeypatch.setattr(checks.importlib.util, "find_spec", lambda name: object())
    running("sqlite3", 3, 53, 4)
    assert [fault.id for fault in checks.sqlite_is_sound()] == ["newsroom.E004"]


@on_sqlite
def test_the_sqlite_that_runs_is_named(running):
    running("pysqlite3", 3, 53, 4)
    (note,) = checks.sqlite_is_named()
    assert isinstance(note, Info)
    assert note.msg == "SQLite 3.53.4 runs, brought by pysqlite3."


def test_on_another_database_sqlite_is_no_matter(monkeypatch):
    monkeypatch.setattr(checks, "connection", SimpleNamespace(vendor="postgresql"))
    assert checks.sqlite_is_sound() == checks.sqlite_is_named() == []


def test_a_media_folder_that_cannot_be_written_is_an_error(settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.STORAGES = media.halves(tmp_path / "file", "/media/")
    faults = checks.media_can_be_written()
    assert [fault.id for fault in faults] == ["newsroom.E001", "newsroom.E001"]
    assert "file/private cannot be written (Not a directory)" in faults[0].msg


def test_a_media_folder_that_is_not_there_yet_is_made(settings, tmp_path):
    settings.STORAGES = media.halves(tmp_path / "media", "/media/")
    assert checks.media_can_be_written() == []
    assert (tmp_path / "media" / "private").is_dir()


def test_a_bucket_that_can_be_written_is_no_news_and_keeps_nothing_of_the_proof(keep_in, bucket, lying_in):
    keep_in(bucket)
    assert checks.media_can_be_written() == []
    assert lying_in("default") == lying_in("public") == []


def test_a_bucket_that_is_not_there_is_an_error(keep_in, store):
    keep_in(f"{store}/nobody-made-me")
    faults = checks.media_can_be_written()
    assert [fault.id for fault in faults] == ["newsroom.E001", "newsroom.E001"]
    assert "private/ in the bucket nobody-made-me at http://127.0.0.1" in faults[0].msg
    assert "the store answers NoSuchBucket" in faults[0].msg


@pytest.mark.parametrize("key", ["short", "aaaaaaaaaabbbbbbbbbb" * 4])
def test_a_key_that_can_be_guessed_is_an_error(settings, key):
    settings.SECRET_KEY = key
    (fault,) = checks.secret_key_is_strong()
    assert isinstance(fault, Error)
    assert key not in fault.msg


def test_a_duty_that_does_not_exist_is_an_error(settings):
    settings.CLOCK_DUTIES = ["newsroom.tasks.sleep_in"]
    (fault,) = checks.duties_exist()
    assert "sleep_in" in fault.msg


@pytest.mark.django_db
def test_the_house_as_it_stands_passes_its_checks():
    call_command("check", databases=[connection.alias], fail_level="WARNING")
