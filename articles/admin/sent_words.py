"""Words of a story as our scripts send them: each field of a Manuscript in its own shape, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from articles.manuscript import BylineLine, Manuscript

MOST, LONGEST = 200, 1000  # entries of one list, and characters of one entry
LONGEST_NAME = 64  # of a tab, or of an opened page
HIGHEST = 2**31 - 1  # a number that every database can be asked about


def changed(sent: Any) -> dict[str, Any]:
    """The fields in ``sent`` as a Manuscript holds them. Raises BadRequest."""
    if not isinstance(sent, Mapping):
        raise BadRequest(_("What was changed is missing."))
    return {name: _field(name, value) for name, value in sent.items()}


def number(sent: Mapping[str, Any], name: str) -> int:
    """A version or the like. Raises BadRequest."""
    value = sent.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= HIGHEST:
        raise BadRequest(_("“%(name)s” is a number.") % {"name": name})
    return value


def name(sent: Mapping[str, Any], name: str) -> str:
    """The name of a tab or of an opened page, or an empty one. Raises BadRequest."""
    value = sent.get(name, "")
    if not isinstance(value, str) or len(value) > LONGEST_NAME or "\0" in value:
        raise BadRequest(_("“%(name)s” is a short text.") % {"name": name})
    return value


def uid(sent: Mapping[str, Any], name: str) -> UUID:
    """The uid of a story. Raises BadRequest."""
    try:
        return UUID(_text(sent.get(name)))
    except (ValueError, TypeError) as wrong:
        raise BadRequest(_("“%(name)s” names no story.") % {"name": name}) from wrong


def _field(name: str, value: Any) -> Any:
    if name not in _SHAPES:
        raise BadRequest(_("“%(name)s” is no part of a story.") % {"name": name[:LONGEST_NAME]})
    try:
        return _SHAPES[name](value)
    except (ValueError, TypeError) as wrong:
        raise BadRequest(_("“%(name)s” has another shape.") % {"name": name}) from wrong


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _entry(value: Any) -> str:
    if len(_text(value)) > LONGEST:
        raise ValueError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST:
        raise TypeError
    return tuple(_entry(entry) for entry in value)


def _uid(value: Any) -> str:
    return str(UUID(_text(value))) if value else ""


def _uids(value: Any) -> tuple[str, ...]:
    return tuple(_uid(entry) for entry in _texts(value) if entry)


def _lines(value: Any) -> tuple[BylineLine, ...]:
    if not isinstance(value, list) or len(value) > MOST:
        raise TypeError
    lines = [BylineLine(**{name: _entry(text) for name, text in line.items()}) for line in value if _is_line(line)]
    return tuple(line for line in lines if line != BylineLine())


def _is_line(value: Any) -> bool:
    if not isinstance(value, dict):
        raise TypeError
    return True


_OTHERS: dict[str, Callable[[Any], Any]] = {"cover": _uid, "tags": _texts, "related": _uids, "bylines": _lines}
_SHAPES = {field.name: _OTHERS.get(field.name, _text) for field in fields(Manuscript)}
