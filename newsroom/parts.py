"""The plant room's parts of the status (newsroom.status): each is asked as of a moment and returns a Fact's mapping."""

import platform
import shutil
import socket
import sqlite3
import ssl
import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from newsroom import backups, clock, storage, tasks
from newsroom.checks import SOUND_SQLITE
from newsroom.hosts import is_loopback

MEGABYTE = 1024 * 1024
QUEUE_LATE = timedelta(minutes=5)
CERTIFICATE_LATE = timedelta(days=14)

Said = dict[str, Any]


@cache
def release() -> str:
    """The version of the newsroom that runs."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def versions(now: datetime) -> Said:
    """newsroom.W001 is the same check before a start."""
    running = [f"Newsroom {release()}", f"Python {platform.python_version()}", f"Django {django.get_version()}"]
    said = {"title": _("Versions"), "says": ", ".join([*running, _database_version()])}
    if connection.vendor == "sqlite" and sqlite3.sqlite_version_info < SOUND_SQLITE:
        said["do"] = _(
            "This SQLite can damage a database in rare moments. Use Python 3.11 to 3.13 on Linux x86-64 or macOS arm64,"
            " or PostgreSQL by DATABASE_URL; until then back up often."
        )
    return said


def _database_version() -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0]}"


def database(now: datetime) -> Said:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = cursor.fetchone()[0]
    says = _("It answers, and holds %(size)s.") % {"size": filesizeformat(size)}
    return {"title": _("Database"), "says": says, "numbers": {"database_bytes": size}}


@cache  # only what is found to be applied is kept: it stays applied while this code runs
def _waiting_migrations() -> tuple[str, ...]:
    from django.db.migrations.executor import MigrationExecutor  # no reader needs it, and it slows every start

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan)


def migrations(now: datetime) -> Said:
    waiting = _waiting_migrations()
    if not waiting:
        return {"title": _("Migrations"), "says": _("All are applied.")}
    _waiting_migrations.cache_clear()
    says = ngettext("%(number)s waits: %(names)s.", "%(number)s wait: %(names)s.", len(waiting))
    return {
        "title": _("Migrations"),
        "says": says % {"number": len(waiting), "names": ", ".join(waiting[:3])},
        "do": _("Run manage.py migrate, then restart the three services."),
    }


def refuse_unmigrated() -> None:
    """Raise RuntimeError while a migration waits."""
    if waiting := _waiting_migrations():
        _waiting_migrations.cache_clear()
        raise RuntimeError(f"{len(waiting)} migrations wait: run manage.py migrate")


def pictures(now: datetime) -> Said:
    places = ", ".join(half.where for half in storage.halves())
    said = {"title": _("Pictures"), "says": _("They can be kept: %(places)s.") % {"places": places}}
    for half in storage.halves():
        try:
            half.probe()
        except OSError as fault:
            return said | {
                "says": _("Nothing can be written to %(place)s (%(fault)s).")
                % {"place": half.where, "fault": fault.strerror or fault},
                "do": _(
                    "Free space, or give the folder to the user that runs the site. A bucket: see that the store runs,"
                    " and that the keys may read, write, delete and list."
                ),
            }
    return said


def disk(now: datetime) -> Said:
    free = {folder: shutil.disk_usage(folder).free for folder in _folders()}
    least = min(free, key=lambda folder: free[folder])
    size = filesizeformat(free[least])
    said: Said = {
        "title": _("Disk"),
        "says": _("%(size)s are free at %(folder)s.") % {"size": size, "folder": least},
        "numbers": {"disk_free_bytes": free[least]},
    }
    if free[least] < settings.DISK_FREE_MB * MEGABYTE:
        said["do"] = _(
            "Make room: old logs and backups first. On a full disk nothing can be saved, and readers go on reading."
        )
    return said


def _folders() -> set[Path]:
    """Where this machine writes; of two on the same disk one is as good as the other."""
    folders = {settings.CLOCK_HEARTBEAT.parent}
    if connection.vendor == "sqlite":
        folders.add(Path(settings.DATABASES["default"]["NAME"]).parent)
    if not settings.STORAGE_URL:
        folders.add(settings.MEDIA_ROOT)
    return {folder for folder in folders if folder.is_dir()} or {settings.BASE_DIR}


def beats(now: datetime) -> Said:
    trouble, last = clock.trouble(), clock.last_beat()
    said: Said = {"title": _("Clock"), "says": _("It has never beaten here.")}
    if last:
        said["says"] = _("It last beat %(ago)s ago.") % {"ago": _ago(last, now)}
        said["numbers"] = {"clock_age_seconds": max(0.0, (now - last).total_seconds())}
    return said | ({"do": trouble} if trouble else {})


def queue(now: datetime) -> Said:
    """Jobs that wait, run or have failed. What has failed stays until somebody tries it again or lets it go."""
    waits, failed = tasks.waiting(now), DBTaskResult.objects.failed().count()
    numbers = {"queue_waiting": waits.number, "queue_failed": failed, "queue_age_seconds": waits.seconds}
    said: Said = {"title": _("Jobs"), "says": _("None waits."), "numbers": numbers}
    if waits.number:
        said["says"] = ngettext(
            "%(number)s waits, for %(time)s.", "%(number)s wait, the oldest for %(time)s.", waits.number
        ) % {"number": waits.number, "time": _ago(now - timedelta(seconds=waits.seconds), now)}
    if failed:
        said["says"] += " " + ngettext("%(number)s has failed.", "%(number)s have failed.", failed) % {"number": failed}
        said["do"] = _("Read in the log why, then have each tried again on the page “Site status”.")
    if timedelta(seconds=waits.seconds) > QUEUE_LATE:
        said["do"] = _("Nobody takes them. Start the worker: manage.py db_worker, or systemctl start newsroom-worker.")
    return said


def cache_between(now: datetime) -> Said:
    """The Redis or Valkey in which processes share finished pages; the site does without one that is down."""
    said: Said = {"title": _("Shared pages"), "says": _("Each process keeps its own; none are shared.")}
    if not settings.CACHE_URL:
        return said
    from newsroom import shared

    server = shared.SharedShelf(settings.CACHE_URL)
    try:
        server.server.ping()
    except server.fault as fault:
        says = _("The server of CACHE_URL does not answer (%(fault)s).") % {"fault": type(fault).__name__}
        return said | {"says": says, "do": _("Start it again. Nothing is lost: each process makes its own pages.")}
    finally:
        server.server.close()
    return said | {"says": _("The server of CACHE_URL answers.")}


def backup(now: datetime) -> Said:
    """What ``manage.py backup`` said of itself when it last ran."""
    said: Said = {"title": _("Last backup")}
    known = backups.last()
    if known is None:
        do = _("Make one, prove it by restoring it elsewhere, and let a timer make one each night (docs/operators.md).")
        return said | {"says": _("No backup is known."), "do": do}
    if known.good_at is None:
        said["says"] = _("None has been whole yet.")
    else:
        facts = {"ago": _ago(known.good_at, now), "size": filesizeformat(known.bytes)}
        said["says"] = _("%(ago)s ago, %(size)s.") % facts
        said["numbers"] = {"backup_age_seconds": (now - known.good_at).total_seconds()}
    if known.fault:
        return said | {"do": _("The last run failed. Mend what it says, then make another: %s") % known.fault}
    is_old = known.good_at is None or now - known.good_at > backups.LATE
    return said | ({"do": _("It is old. See why the timer does not run, and make another.")} if is_old else {})


def https(now: datetime) -> Said:
    """What readers' browsers meet at SITE_URL: asked from here, as they would."""
    said: Said = {"title": _("HTTPS")}
    if not settings.HTTPS:
        return said | {"says": _("Off: the site is served to this machine alone.")}
    try:
        ends = certificate_ends(settings.SITE_HOST, settings.SITE_PORT)
    except OSError as fault:
        said["says"] = _("%(site)s could not be asked for its certificate (%(fault)s).") % {
            "site": settings.SITE_URL,
            "fault": getattr(fault, "verify_message", "") or fault.strerror or fault,
        }
        return said | {"do": _("See that the proxy runs and renews its certificate, and that this machine reaches it.")}
    said["says"] = _("The certificate is good until %(day)s.") % {"day": date_format(timezone.localtime(ends), "j F Y")}
    said["numbers"] = {"certificate_seconds": (ends - now).total_seconds()}
    if ends - now < CERTIFICATE_LATE:
        said["do"] = _("Renew it, and see why that does not happen by itself (certbot renew --dry-run).")
    return said


def certificate_ends(host: str, port: int) -> datetime:
    """Until when the certificate of ``host`` is valid. Raises ``OSError`` where it is not, or cannot be asked for."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host.strip("[]"), port), timeout=1.5) as plain,
        context.wrap_socket(plain, server_hostname=host.strip("[]")) as line,
    ):
        told = line.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)


def doors(now: datetime) -> Said:
    """Settings that are right for one's own machine alone."""
    said: Said = {"title": _("Settings"), "says": _("As for a site that the world reads.")}
    if is_loopback(settings.SITE_HOST):
        return said | {"says": _("As for work on one’s own machine: %(site)s.") % {"site": settings.SITE_URL}}
    if not settings.TRUSTED_PROXIES:
        return said | {
            "says": _("TRUSTED_PROXIES is 0: every request seems to come from the proxy."),
            "do": _("Say how many proxies of yours stand in front, as in TRUSTED_PROXIES=1, and restart the site."),
        }
    return said


def _ago(at: datetime, now: datetime) -> str:
    seconds = max(0, round((now - at).total_seconds()))
    return (
        ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
        if seconds < 120
        else timesince(at, now)
    )
