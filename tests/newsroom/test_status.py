"""Each part of the status says how it is, and where it is not well what somebody is to do."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from newsroom import backups, parts, status

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@task
def draw(number: int) -> None:
    raise ZeroDivisionError


@pytest.fixture
def queued(settings) -> DBTaskResult:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    draw.enqueue(7)
    return DBTaskResult.objects.get()


# --- Jobs -------------------------------------------------------------------------------------------------------------


def test_a_job_that_waits_a_moment_is_well_and_one_that_nobody_takes_is_not(queued):
    soon = parts.queue(timezone.now())
    later = parts.queue(timezone.now() + timedelta(minutes=6))
    assert "do" not in soon
    assert soon["says"].startswith("1 waits, for ")
    assert "manage.py db_worker" in later["do"]
    assert later["numbers"]["queue_age_seconds"] == pytest.approx(360, abs=30)


def test_a_job_that_has_failed_is_told_of(queued):
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    said = parts.queue(timezone.now())
    assert said["numbers"]["queue_failed"] == 1
    assert said["says"] == "None waits. 1 has failed."
    assert "tried again" in said["do"]


# --- The last backup --------------------------------------------------------------------------------------------------


@pytest.fixture
def said_of(settings, tmp_path):
    """What is told of backups that went so."""
    settings.BACKUP_ROOT = tmp_path

    def say(**went) -> dict:
        now = timezone.now()
        backups.leave(backups.Last(ran_at=now, bytes=5_000_000, files=3, **went))
        return parts.backup(now)

    return say


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}", '{"good_at": "yesterday"}', '{"ran_at": 7}', "7"])
def test_where_nothing_can_be_read_no_backup_is_known(settings, tmp_path, text):
    settings.BACKUP_ROOT = tmp_path
    (tmp_path / backups.STATUS).write_text(text, encoding="utf-8")
    assert parts.backup(NOW)["says"] == "No backup is known."
    assert parts.backup(NOW)["do"]


def test_where_none_was_ever_made_it_says_how_to_make_one(settings, tmp_path):
    settings.BACKUP_ROOT = tmp_path
    said = parts.backup(NOW)
    assert said["says"] == "No backup is known."
    assert "manage.py backup" in said["do"]


def test_a_backup_of_last_night_is_well_and_an_old_one_or_one_before_a_failed_one_is_not(said_of):
    night, old = timezone.now() - timedelta(hours=7), timezone.now() - timedelta(days=3)

    assert "do" not in said_of(good_at=night)
    assert said_of(good_at=night)["says"] == "7\N{NO-BREAK SPACE}hours ago, 4.8\N{NO-BREAK SPACE}MB in 3 files."
    assert said_of(good_at=night)["numbers"]["backup_age_seconds"] == pytest.approx(7 * 3600, abs=60)
    assert "for two days" in said_of(good_at=old)["do"]
    assert "A newer one failed: No space." in said_of(good_at=night, fault="No space.")["do"]
    assert said_of(fault="No space.")["do"]


# --- Disk, cache ------------------------------------------------------------------------------------------------------


def test_little_room_is_told_of(settings):
    assert "do" not in parts.disk(NOW)
    settings.DISK_FREE_MB = 1_000_000_000
    assert "Make room" in parts.disk(NOW)["do"]


def test_a_cache_that_runs_answers_and_a_dead_one_is_told_of(settings, own_redis):
    settings.CACHE_URL = ""
    assert parts.cache_between(NOW)["says"].startswith("Each process keeps its own")
    settings.CACHE_URL, die = own_redis
    assert parts.cache_between(NOW)["says"] == "The server of CACHE_URL answers."
    die()
    assert "Start it again" in parts.cache_between(NOW)["do"]


# --- HTTPS ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def certified(tmp_path, monkeypatch) -> Iterator:
    """Serves TLS on this machine with a certificate for so many days, which this process trusts if told so."""
    if not shutil.which("openssl"):
        pytest.fail("openssl is not installed")
    servers = []

    def serve(days: int, *, trusted: bool = True) -> int:
        key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
        made = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            str(days),
            "-subj",
            "/CN=localhost",
        ]
        names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*made, *names], check=True, capture_output=True)
        if trusted:
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        door = socket.create_server(("127.0.0.1", 0))
        servers.append(door)
        threading.Thread(target=greet, args=(context, door), daemon=True).start()
        return door.getsockname()[1]

    yield serve
    for door in servers:
        door.close()


def greet(context: ssl.SSLContext, door: socket.socket) -> None:
    try:
        line, _address = door.accept()
        with context.wrap_socket(line, server_side=True) as safe:
            safe.recv(1)
    except OSError:  # the other side does not trust us, or the test is over
        return


@pytest.fixture
def over_https(settings):
    def ask(port: int) -> dict:
        settings.HTTPS, settings.SITE_HOST, settings.SITE_PORT = True, "localhost", port
        settings.SITE_URL = f"https://localhost:{port}"
        return parts.https(timezone.now())

    return ask


def test_a_good_certificate_is_well_until_two_weeks_before_its_end(certified, over_https):
    said = over_https(certified(60))
    assert "do" not in said
    assert said["says"].startswith("The certificate is good until ")
    assert "Renew it" in over_https(certified(10))["do"]


def test_a_certificate_that_browsers_refuse_is_told_of(certified, over_https):
    said = over_https(certified(60, trusted=False))
    assert "self-signed certificate" in said["says"]
    assert "the proxy runs and renews" in said["do"]


def test_a_proxy_that_is_down_is_told_of(over_https):
    with socket.create_server(("127.0.0.1", 0)) as passing:
        port = passing.getsockname()[1]
    assert "the proxy runs" in over_https(port)["do"]


def test_without_https_there_is_no_certificate():
    assert parts.https(NOW)["says"] == "Off: the site is served to this machine alone."


def test_a_proxy_that_nobody_told_us_of_is_told_of(settings):
    assert "do" not in parts.doors(NOW)
    settings.SITE_HOST, settings.TRUSTED_PROXIES = "news.example.org", 0
    assert "TRUSTED_PROXIES=1" in parts.doors(NOW)["do"]


# --- All of it --------------------------------------------------------------------------------------------------------


def test_versions_are_named():
    said = parts.versions(NOW)["says"]
    assert said.startswith(f"Newsroom {parts.release()}, Python 3.")
    assert "Django 5.2" in said


def test_the_command_says_the_same_and_ends_otherwise_than_well(capsys, settings):
    with pytest.raises(CommandError, match="To do: Clock, Last backup"):
        call_command("status", no_color=True)
    said = capsys.readouterr().out
    for fact in status.look(timezone.now()):
        assert fact.title in said
    assert said.index("TO DO Clock") < said.index("well  Database")


def test_the_command_ends_well_where_all_is_well(capsys, settings, tmp_path):
    settings.STATUS_PARTS = {"disk": "newsroom.parts.disk"}
    call_command("status", no_color=True)
    assert capsys.readouterr().out.startswith("well  Disk: ")
