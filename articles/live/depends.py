"""What a page stands on: the names of the stamps whose change may change it, and until when it is true by itself.

The readers' half notes both as it answers, so no view can forget one. Where nobody listens, nothing is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from articles.models import FAR_FUTURE


@dataclass
class Grounds:
    """What has been asked for so far."""

    names: set[str] = field(default_factory=set)
    until: datetime = FAR_FUTURE


_listening: ContextVar[Grounds | None] = ContextVar("grounds", default=None)


@contextmanager
def noted() -> Iterator[Grounds]:
    """What is read inside."""
    grounds = Grounds()
    token = _listening.set(grounds)
    try:
        yield grounds
    finally:
        _listening.reset(token)


def on(*names: str) -> None:
    """The page is another one when a stamp of ``names`` is raised."""
    grounds = _listening.get()
    if grounds:
        grounds.names.update(names)


def until(moment: datetime | None) -> None:
    """The page is another one from ``moment`` on, whatever else happens."""
    grounds = _listening.get()
    if grounds and moment:
        grounds.until = min(grounds.until, moment)
