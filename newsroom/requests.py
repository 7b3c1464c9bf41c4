"""The request that this thread is answering: its number, by which a person and the log mean the same, and its cost."""

import base64
import os
import re
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cached_property
from typing import Any

from django.conf import settings

HEADER = "X-Request-ID"
NUMBER = "newsroom.request"  # in the environment of a request: its number, for a page that says it
# What a proxy may name a request: nothing that could be more than one word of a log line or of a page.
_WORD = re.compile(r"[A-Za-z0-9._-]{6,64}")


class Asked:
    """One request, as its environment in WSGI describes it. ``user`` is the key of the journalist who asks; readers
    have none. Nothing is worked out before somebody wants to know it: most requests are for finished pages.
    """

    def __init__(self, environ: Mapping[str, Any]) -> None:
        self.environ = environ
        self.user: int | None = None
        self.queries = 0
        self.in_database = 0.0  # seconds

    @cached_property
    def number(self) -> str:
        return _number(self.environ)


_answered: ContextVar[Asked | None] = ContextVar("request", default=None)


def current() -> Asked | None:
    """The request that is being answered here, or None outside of one."""
    return _answered.get()


class answering:  # noqa: N801  it is used as a verb
    """A context: what happens inside belongs to this request. Inside another one it is that one."""

    __slots__ = ("asked", "token")

    def __init__(self, environ: Mapping[str, Any]) -> None:
        already = _answered.get()
        self.asked = already or Asked(environ)
        self.token = None if already else _answered.set(self.asked)

    def __enter__(self) -> Asked:
        return self.asked

    def __exit__(self, *_fault: object) -> None:
        if self.token:
            _answered.reset(self.token)


def _number(environ: Mapping[str, Any]) -> str:
    """As our own proxy says, else eight letters and digits of which no two look alike, to be read out."""
    said = environ.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    if _WORD.fullmatch(said):
        return said
    letters = base64.b32encode(os.urandom(5)).decode()
    return f"{letters[:4]}-{letters[4:]}"
