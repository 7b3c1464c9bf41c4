"""Is everything whole? The database is asked here, and the newsroom by the dotted names of HOUSE_PROOFS in settings."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

MOST = 100  # faults that SQLite names at once


def of_the_house(*, read: bool = False) -> Iterator[str]:
    """A sentence for each thing that is not whole. ``read``: also read again what is large."""
    for name in settings.HOUSE_PROOFS:
        yield from import_string(name)(read=read)


def of_the_database(*, read: bool = False) -> Iterator[str]:
    """Faults of SQLite's pages, indexes and references. PostgreSQL has constraints and checksums of its own."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA integrity_check({MOST})")
        yield from [f"SQLite: {said}" for (said,) in cursor.fetchall() if said != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        for table, row, other, _key in cursor.fetchall():
            yield f"SQLite: row {row} of {table} leads to a row of {other} that is not there"
