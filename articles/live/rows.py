"""The rows of publications that readers' pages are made of: how they are asked for, and what they say.

What is no longer what was composed says nothing. Queries know ``articles_article`` by the column ``article_id`` only.
"""

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from articles.models.publication import Listing

from . import composed, depends, stamps
from .questions import Answer, Row
from .values import Card, Label, Picture, Signature, Story

MOST_KNOWN = 300  # rows that each process remembers to have read
CARD_SIZE = 1800  # bytes of memory that a card in a list takes, roughly: some are in several
SERIES = "series"  # the kind of topic whose stories are read one after another

_SAME = (
    *("id", "article_id", "headline", "short_headline", "feed_headline", "kicker", "standfirst", "language"),
    *("word_count", "dated_at", "dated_by_day", "modified_at"),
)
# A card needs less, but whether a row is still what was composed shows in all of it.
_ROW = ("id", "article_id", "live_from", *composed.COLUMNS, "address__path", "section__name", "section__slug")
FACTS = (*_ROW, "manuscript")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """Of a row that is still what was composed: its card, and the facts of its pictures by uid."""

    card: Card
    pictures: Mapping[str, Any]


# --- How they are asked for -------------------------------------------------------------------------------------------


def listed(listing: type[Listing], t: datetime) -> QuerySet:
    """The rows of a link table at ``t``; a parked publication stands in no list."""
    return listing.objects.at(t).filter(publication__parked_at=None)


def newest_first(listed: QuerySet) -> QuerySet:
    return listed.order_by("-dated_at", "-publication_id")


def facts(publications: QuerySet, *more: str) -> QuerySet:
    """FACTS of publications, and what ``more`` names."""
    return publications.values_list(*FACTS, *more)


def listed_facts(listed: QuerySet, *more: str) -> QuerySet:
    """Of the rows of a link table, what ``facts`` has of publications."""
    return listed.values_list(*(f"publication__{name}" for name in FACTS), *more)


def named(row: Sequence[Any], *more: str) -> dict[str, Any]:
    """Such a row by its columns, with what only its manuscript says in place of that."""
    said = dict(zip((*FACTS, *more), row, strict=True))
    return said | composed.written(said.pop("manuscript"))


# --- What is still what was composed --------------------------------------------------------------------------------

_remembered: OrderedDict[int, Known] = OrderedDict()


def found(raw: Row, answer: Answer) -> Known | None:
    """What a row that begins with the facts says, if it is still what was composed; the log tells of others.

    A row that was found to be so is so wherever it comes again, and need not be taken apart once more. It is known by
    Python's hash of all its columns, which has a secret key of its own in each process.
    """
    facts = hash(raw[: len(FACTS)])
    known = _remembered.get(facts)
    if known is None:
        row = named(answer.converted(raw)[: len(FACTS)])
        if not is_whole(row):
            return None
        if len(_remembered) >= MOST_KNOWN:
            _remembered.popitem(last=False)
        known = _remembered[facts] = Known(card_of(row), row["pictures"])
    return known


def all_found(answer: Answer) -> list[Known]:
    depends.on(stamps.SECTIONS)  # each says the name of its section
    return [known for raw in answer.rows if (known := found(raw, answer))]


def is_whole(row: Mapping[str, Any]) -> bool:
    """Whether it is still what was composed; the log tells of it where not."""
    if composed.fits(row):
        return True
    log.error("What is stored of %s is not what was composed, so readers are not shown it.", row["address__path"])
    return False


# --- From rows to values --------------------------------------------------------------------------------------------


def card_of(row: Mapping[str, Any]) -> Card:
    """From the facts of a row."""
    return Card(**_card_facts(row))


def story_of(row: Mapping[str, Any]) -> Story:
    """A Story from a row: columns of a Publication, ``address__path``, ``section__name``, ``section__slug``, and its
    manuscript's ``dateline``, ``dated_note`` and ``related``. The preview makes one of a draft with it.
    """
    return Story(
        **_card_facts(row),
        search_headline=row["search_headline"],
        dateline=str(row["dateline"] or ""),
        dated_note=str(row["dated_note"] or ""),
        pictures={uid: Picture.of(uid, facts) for uid, facts in row["pictures"].items()},
        stories=row["stories"],
        series=next((Label(each["name"], each["slug"]) for each in row["topics"] if each.get("kind") == SERIES), None),
        related=tuple(row["related"] or ()),
        body=row["body_html"],
        translations=row.get("translations"),
    )


def _card_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    cover, facts = row["cover"], row["pictures"].get(row["cover"])
    return {name: row[name] for name in _SAME} | {
        "path": row["address__path"],
        "kind": row["story_kind"],
        "section": Label(row["section__name"], row["section__slug"]),
        "cover": Picture.of(cover, facts) if facts else None,
        "bylines": tuple(Signature(**line) for line in row["bylines"]),
        "topics": tuple(Label(topic["name"], topic["slug"]) for topic in row["topics"]),
    }
