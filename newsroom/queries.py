"""Counts what a request asks the database, and logs slow questions: their SQL, never what was put into it."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from newsroom import requests

LONGEST = 2000  # characters of a statement that are written down

log = logging.getLogger(__name__)


def listen() -> None:
    """Listen on every connection that is opened from now on. Called again, it listens once."""
    connection_created.connect(_listen_on, dispatch_uid="newsroom.queries")


def _listen_on(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    if _heard not in connection.execute_wrappers:  # the same object connects again after each time it was closed
        connection.execute_wrappers.insert(0, _heard)  # whoever listens for a while takes away the last


def _heard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = time.perf_counter() - began
        if asked := requests.current():
            asked.queries += 1
            asked.in_database += seconds
        if 0 < settings.SLOW_QUERY_MS <= seconds * 1000:
            milliseconds = round(seconds * 1000)
            log.warning("A question took %s ms: %s", milliseconds, str(sql)[:LONGEST], extra={"ms": milliseconds})
