"""Is what is stored still what was composed? One digest over everything of a publication that readers are shown."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from articles.models import Publication

# What only the frozen manuscript holds of it.
WRITTEN = ("dateline", "dated_note", "related")
_SHOWN = (
    *("kind", "change", "note", "dated_at", "dated_by_day", "modified_at"),
    *("headline", "short_headline", "search_headline", "feed_headline", "kicker", "standfirst", "story_kind"),
    *("language", "cover", "bylines", "topics", "pictures", "stories", "body_html", "word_count"),
)
COLUMNS = (*_SHOWN, "composed_digest")


def written(manuscript: Any) -> dict[str, Any]:
    """WRITTEN from a frozen manuscript. Taking it apart here costs less than asking the database for parts of it."""
    held = manuscript if isinstance(manuscript, dict) else {}
    return {name: held.get(name) for name in WRITTEN}


def digest(row: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the values of COLUMNS and WRITTEN in ``row``, whichever database they come from."""
    shown = {name: row[name] for name in _SHOWN} | {name: row[name] or None for name in WRITTEN}
    return hashlib.sha256(_WRITER.encode(shown).encode()).hexdigest()


def fits(row: Mapping[str, Any]) -> bool:
    """Does ``row`` say what was composed?"""
    return row["composed_digest"] == digest(row)


def of(publication: Publication) -> str:
    """The digest that belongs to ``publication``; its row need not be stored yet."""
    return digest({name: getattr(publication, name) for name in _SHOWN} | written(publication.manuscript))


def _moment(value: Any) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} is nothing that a publication holds")
    return value.astimezone(UTC).isoformat()


_WRITER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=_moment)
