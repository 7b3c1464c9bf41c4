"""System checks of the plant room: what would hurt later is said before the start, with what to do about it."""

import importlib.util
import sqlite3
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register
from django.db import connection

from newsroom import clock, storage

# The first release in which a checkpoint beside a commit cannot corrupt a WAL database.
SOUND_SQLITE = (3, 51, 3)
KEY_LENGTH, KEY_VARIETY = 50, 10


@register(Tags.database)
def sqlite_is_sound(**kwargs: Any) -> list[CheckMessage]:
    """newsroom.W001: the SQLite that runs has the WAL-reset fault. newsroom.E004: it runs beside a newer one."""
    if connection.vendor != "sqlite":
        return []
    if sqlite3.__name__ != "pysqlite3" and importlib.util.find_spec("pysqlite3"):
        return [
            Error(
                "Two copies of SQLite could open the database in this process, and each would void the other's locks.",
                hint="Import newsroom.sqlite in the first line of the program that runs, as manage.py does.",
                id="newsroom.E004",
            )
        ]
    if sqlite3.sqlite_version_info < SOUND_SQLITE:
        return [
            Warning(
                f"SQLite {sqlite3.sqlite_version} runs. Releases before 3.51.3 can corrupt a database in rare moments.",
                hint="Use Python 3.11 to 3.13 on Linux x86-64 or macOS arm64, where requirements.txt brings a newer"
                " one, or PostgreSQL by DATABASE_URL. Until then back up often.",
                id="newsroom.W001",
            )
        ]
    return []


@register(Tags.database, deploy=True)
def sqlite_is_named(**kwargs: Any) -> list[CheckMessage]:
    """newsroom.I001: which SQLite runs, and who brought it."""
    if connection.vendor != "sqlite":
        return []
    return [Info(f"SQLite {sqlite3.sqlite_version} runs, brought by {sqlite3.__name__}.", id="newsroom.I001")]


@register()
def media_can_be_written(**kwargs: Any) -> list[CheckMessage]:
    """newsroom.E001: a picture could be accepted and not be kept. Folders that are not there yet are made."""
    faults = {half.where: _write_fault(half) for half in storage.halves()}
    return [
        Error(
            f"Pictures cannot be kept: {where} cannot be written ({fault}).",
            hint="Make the folder writable for the user that runs the site, or point MEDIA_ROOT elsewhere. In a"
            " bucket: let the keys of STORAGE_URL read, write, delete and list in it, and see that the store runs.",
            id="newsroom.E001",
        )
        for where, fault in faults.items()
        if fault
    ]


def _write_fault(half: storage.Half) -> str:
    """Why no file can be kept there, or an empty text."""
    try:
        half.prepare()
        half.probe()
    except OSError as fault:
        return fault.strerror or str(fault)
    return ""


@register(Tags.security)
def secret_key_is_strong(**kwargs: Any) -> list[CheckMessage]:
    """newsroom.E002: sessions could be forged and the names of public pictures guessed."""
    key = settings.SECRET_KEY
    if len(key) >= KEY_LENGTH and len(set(key)) >= KEY_VARIETY:
        return []
    return [
        Error(
            f"SECRET_KEY has {len(key)} characters, {len(set(key))} of them different; it can be guessed.",
            hint=f"Take {KEY_LENGTH} or more random ones: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="newsroom.E002",
        )
    ]


@register()
def duties_exist(**kwargs: Any) -> list[CheckMessage]:
    """newsroom.E003: the clock would call what is not there."""
    try:
        clock.duties()
    except ImportError as fault:
        return [
            Error(f"The clock has a duty that does not exist: {fault}", hint="Mend CLOCK_DUTIES.", id="newsroom.E003")
        ]
    return []


@register(Tags.security, deploy=True)
def proxies_are_counted(**kwargs: Any) -> list[CheckMessage]:
    """newsroom.W002: nobody is told from anybody else, since all come from the proxy's address."""
    if not settings.HTTPS or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "SITE_URL is https and TRUSTED_PROXIES is 0: everybody seems to come from the proxy that speaks https.",
            hint="Set TRUSTED_PROXIES to the number of proxies in front (nginx alone: 1). Until then somebody who"
            " guesses passwords is locked out together with whoever they guess at, and the record knows no address.",
            id="newsroom.W002",
        )
    ]
