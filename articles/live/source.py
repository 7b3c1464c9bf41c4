"""Which database answers for readers: the one that is written to, or its replica (``DATABASE_REPLICA_URL``).

A replica is some moments behind. So it is asked only for pages that are much work, inside ``spared``, and only when it
has the version of the site that the database itself has: what it says is never older than the proof of a page.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .stamps import VERSION_SQL

REPLICA = "replica"
AGAIN = 5.0  # seconds after which one that did not answer is asked again

_source: ContextVar[str] = ContextVar("source", default=DEFAULT_DB_ALIAS)
_ask_again = 0.0

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Router:
    """For DATABASE_ROUTERS: the ORM reads from the replica where that is asked now, and never writes there.

    Otherwise it has no opinion: whoever names a database, as moves to another one do, gets that one.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return REPLICA if _source.get() == REPLICA else None

    def db_for_write(self, model: Any, instance: Any = None, **hints: Any) -> str | None:
        return DEFAULT_DB_ALIAS if _source.get() == REPLICA or _is_from_replica(instance) else None

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        return True if _is_from_replica(one) or _is_from_replica(other) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None


def connection() -> BaseDatabaseWrapper:
    """The database that is asked now."""
    return connections[_source.get()]


def spared(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Read for ``view`` from the replica where there is one as new as the database, so that this has less to do."""

    @wraps(view)
    def answer(*args: Any, **named: Any) -> Answer:
        if not _is_as_new():
            return view(*args, **named)
        token = _source.set(REPLICA)
        try:
            return view(*args, **named)
        except (DatabaseError, InterfaceError) as fault:
            _leave(fault)
        finally:
            _source.reset(token)
        return view(*args, **named)

    return answer


def _is_from_replica(instance: Any) -> bool:
    return instance is not None and instance._state.db == REPLICA


def _is_as_new() -> bool:
    if REPLICA not in settings.DATABASES or time.monotonic() < _ask_again:
        return False
    ours = _version(DEFAULT_DB_ALIAS)
    try:
        return _version(REPLICA) >= ours
    except (DatabaseError, InterfaceError) as fault:
        _leave(fault)
        return False


def _version(alias: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(VERSION_SQL)
        row = cursor.fetchone()
    return row[0] if row else 0


def _leave(fault: Exception) -> None:
    global _ask_again
    log.error("The replica does not answer (%s). The database itself is asked.", fault)
    _ask_again = time.monotonic() + AGAIN
    connections[REPLICA].close()
