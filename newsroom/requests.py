"""The request that this thread is answering: its number, by which a person and the log mean the same, and its cost."""

import base64
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings

HEADER = "X-Request-ID"
NUMBER = "newsroom.request"  # in the environment of a request: its number, for a page that says it
# What a proxy may name a request: nothing that could be more than one word of a log line or of a page.
_WORD = re.compile(r"[A-Za-z0-9._-]{6,64}")


@dataclass(slots=True)
class Asked:
    """One request. ``user`` is the key of the journalist who asks; readers have none."""

    number: str
    user: int | None = None
    queries: int = 0
    in_database: float = 0.0  # seconds


_answered: ContextVar[Asked | None] = ContextVar("request", default=None)


def current() -> Asked | None:
    """The request that is being answered here, or None outside of one."""
    return _answered.get()


@contextmanager
def answering(environ: Mapping[str, Any]) -> Iterator[Asked]:
    """What happens inside belongs to this request. Inside another one it is that one."""
    already = _answered.get()
    if already:
        yield already
        return
    asked = Asked(_number(environ))
    token = _answered.set(asked)
    try:
        yield asked
    finally:
        _answered.reset(token)


def _number(environ: Mapping[str, Any]) -> str:
    """As our own proxy says, else eight letters and digits of which no two look alike, to be read out."""
    said = environ.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
    if _WORD.fullmatch(said):
        return said
    letters = base64.b32encode(os.urandom(5)).decode()
    return f"{letters[:4]}-{letters[4:]}"
