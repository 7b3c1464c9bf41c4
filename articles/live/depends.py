"""What a page stands on: the names of the stamps whose change may change it, and until when it is true by itself.

The readers' half notes both as it answers, so no view can forget one. Where nobody listens, nothing is kept.

What many pages show, such as the newest stories of a section, is remembered between them by whoever keeps finished
pages, and forgotten as those are: when one of the names changes that it stands on.
"""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from articles.models import FAR_FUTURE


class Memory(Protocol):
    """Has what many pages show, as it is at the moment for which the page is made."""

    def recall(self, key: Hashable) -> tuple[Any, frozenset[str]] | None:
        """What was remembered under ``key`` and nothing has changed since, with the names that it stands on."""

    def remember(self, key: Hashable, value: Any, names: frozenset[str], size: int) -> None:
        """``value``, never to be changed, was read just now, and stands on ``names``; ``size`` in bytes, roughly."""


@dataclass
class Grounds:
    """What has been asked for so far."""

    memory: Memory | None = None
    names: set[str] = field(default_factory=set)
    until: datetime = FAR_FUTURE


_listening: ContextVar[Grounds | None] = ContextVar("grounds", default=None)


@contextmanager
def noted(memory: Memory | None = None) -> Iterator[Grounds]:
    """What is read inside; what many pages show comes from ``memory``, where there is one."""
    grounds = Grounds(memory)
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


def recalled(key: Hashable) -> Any | None:
    """What is remembered under ``key``: the page stands on what that stands on. Never to be changed."""
    grounds = _listening.get()
    found = grounds.memory.recall(key) if grounds and grounds.memory else None
    if found is None:
        return None
    on(*found[1])
    return found[0]


def remember(key: Hashable, value: Any, *names: str, size: int) -> None:
    """``value``, which is not None, was read just now and stands on ``names`` alone, whatever page it was read for."""
    on(*names)
    grounds = _listening.get()
    if grounds and grounds.memory:
        grounds.memory.remember(key, value, frozenset(names), size)
