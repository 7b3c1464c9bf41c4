"""Watches what is asked of the site, from outside of everything else: one log line and the counts of each request.

It is not there at all unless REQUEST_LOG or METRICS is on. A line says what was asked for, never by whom it was read:
no reader's address, browser, query or cookie. Who of the newsroom asked is their key.
"""

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from newsroom import requests
from newsroom.logs import without_secrets

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

log = logging.getLogger("newsroom.request")

# Kinds of answers: what the door of finished pages says of them (newsroom.pages), else whose address it is.
KINDS = {
    "Newsroom; hit": "finished",
    "Newsroom; hit; detail=collapsed": "finished",
    "Newsroom; hit; detail=shared": "shared",
    "Newsroom; hit; detail=stale": "stale",
    "Newsroom; fwd=miss": "made",
    "Newsroom; fwd=miss; detail=sick": "sick",
}
MADE = frozenset({"made", "newsroom", "other"})
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
# A part of a path that is long enough to open something, in places where paths have no long names.
_LONG = re.compile(r"(?<=/)[^/]{20,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Watched:
    """A WSGI application in front of ``application``, which hears nothing of it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.places = {f"/{settings.ADMIN_PATH}": "newsroom", "/static/": "static", "/media/": "media"}
        self.private = (f"/{settings.ADMIN_PATH}", "/preview/")
        self.count = _counter()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began, said = time.perf_counter(), ("500", "other")

        def start(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            nonlocal said
            said = status[:3], self._kind(environ["PATH_INFO"], headers)
            return start_response(status, headers, *fault)

        with requests.answering(environ) as asked:
            try:
                return self.application(environ, start)
            finally:
                self._noted(environ, asked, said, time.perf_counter() - began)

    def _kind(self, path: str, headers: list[tuple[str, str]]) -> str:
        for name, value in reversed(headers):  # the door says it last
            if name == "Cache-Status":
                return KINDS.get(value, "made")
        return next((kind for place, kind in self.places.items() if path.startswith(place)), "other")

    def _noted(self, environ: Environ, asked: requests.Asked, said: tuple[str, str], seconds: float) -> None:
        if self.count:
            self.count(*said, seconds)
        if settings.REQUEST_LOG:
            self._write(environ, asked, said, seconds)

    def _write(self, environ: Environ, asked: requests.Asked, said: tuple[str, str], seconds: float) -> None:
        status, kind = said
        method = environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in _METHODS else "other"
        path = _CONTROL.sub("?", environ["PATH_INFO"].encode("latin-1").decode(errors="replace")[:300])
        if path.startswith(self.private):
            path = _LONG.sub("…", path)
        told = {
            "method": method,
            "path": without_secrets(path),
            "status": int(status),
            "kind": kind,
            "ms": round(seconds * 1000, 1),
        }
        if asked.queries:
            told |= {"queries": asked.queries, "query_ms": round(asked.in_database * 1000, 1)}
        if asked.user:
            told["user"] = asked.user
        log.info("%s %s %s %s %s ms", method, told["path"], status, kind, told["ms"], extra=told)


def _counter() -> Callable[[str, str, float], None] | None:
    if not settings.METRICS:
        return None
    from newsroom import metrics  # needs a library that is only there where it is used

    return metrics.counter()


def watched(application: Application) -> Application:
    """``application``, watched as the settings say; itself where they say nothing."""
    return Watched(application) if settings.METRICS or settings.REQUEST_LOG else application
