"""Is everything whole? The database is asked here, and the newsroom by the dotted names of HOUSE_PROOFS in settings."""

import logging
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

MOST = 100  # faults that SQLite names at once

log = logging.getLogger(__name__)


def of_the_house(*, read: bool = False) -> Iterator[str]:
    """A sentence for each thing that is not whole. ``read``: also read again what is large."""
    for name in settings.HOUSE_PROOFS:
        yield from import_string(name)(read=read)


def of_the_database(*, read: bool = False) -> Iterator[str]:
    """Faults of SQLite's pages, indexes and references. PostgreSQL has constraints and checksums of its own.

    A fault is told when it is there twice, and otherwise goes to the log: the check of a full-text index has been seen
    to stumble, once in a hundred times, over what another process was writing; what is damaged stays so.
    """
    if connection.vendor == "sqlite" and (once := _told_by_sqlite()):
        again = set(_told_by_sqlite())
        for fault in once:
            if fault in again:
                yield fault
            else:
                log.warning("SQLite named a fault that it did not name again: %s", fault)


def _told_by_sqlite() -> list[str]:
    """On a connection of its own, which remembers nothing from before."""
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:
            cursor.execute(f"PRAGMA integrity_check({MOST})")
            told = [f"SQLite: {said}" for (said,) in cursor.fetchall() if said != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            lost = [f"SQLite: row {row} of {table} leads to no row of {other}" for table, row, other, _ in cursor]
    finally:
        fresh.close()
    return told + lost
