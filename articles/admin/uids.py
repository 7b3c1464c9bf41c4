"""Uids as they come from outside, in an address, a form or an old text: what is none names nothing."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID


def read(text: Any) -> UUID | None:
    """The uid that ``text`` is, or None."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def among(texts: Iterable[str]) -> list[UUID]:
    """Those of ``texts`` that are any, in their order."""
    return [uid for text in texts if (uid := read(text))]
