"""Everything that is public at ``t``, for search engines: addresses with the time of their last change. No words."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import FAR_FUTURE, Author, AuthorListing, Publication, Section, SectionListing, Tag, TopicListing
from articles.models.publication import Listing

from . import depends, source, stamps
from .days import local_time, midnight, month_after
from .listings import span
from .reading import intact
from .rows import listed

_OF_A_STORY = ("id", "address__path", "modified_at", "live_from", "cover")

Month = tuple[datetime, datetime]

# Whether a story is still what was composed takes reading all of it: done for those that began to be public so lately.
# The clock's duty looks at the others, and tells.
LOOKED_AT = timedelta(days=2)


def stories(t: datetime, limit: int, month: Month | None = None) -> list[tuple[str, datetime, str]]:
    """(path, modified_at, uid of the cover) of at most ``limit`` stories, newest first; of those dated in ``month``."""
    depends.on(stamps.period(*month) if month else stamps.STORIES)
    live = Publication.objects.at(t).stories()
    if month:
        live = live.filter(dated_at__gte=month[0], dated_at__lt=month[1])
    rows = list(live.order_by("-dated_at", "-id").values(*_OF_A_STORY)[:limit])
    spoilt = _spoilt([row["id"] for row in rows if row["live_from"] > t - LOOKED_AT], t)
    return [(row["address__path"], row["modified_at"], row["cover"]) for row in rows if row["id"] not in spoilt]


def has_more_than(count: int, t: datetime) -> bool:
    """Whether more stories than that are public: a walk over no more than that many."""
    depends.on(stamps.STORIES)
    along_its_index = Publication.objects.at(t).stories().filter(dated_at__lt=FAR_FUTURE).latest_first()
    return len(along_its_index.values_list("id")[: count + 1]) > count


def _spoilt(publications: list[int], t: datetime) -> set[int]:
    """Those of ``publications`` that are not what was composed. One query where there are any."""
    if not publications:
        return set()
    return set(publications) - {known.card.id for known in intact(publications, t)}


# The newest change of each month that is asked about: [first moment, first moment after it, as MonthInUtc, edge, end of
# the edge]. Most of a month of ours is one of UTC's, where what changed last is found first; its edge in the one
# before or after is some hours, which are looked through.
_MONTHS = """
    SELECT (
        SELECT p.modified_at FROM articles_publication p
        WHERE p.dated_month = CAST(asked.value ->> 2 AS integer) AND {live}
        AND p.dated_at >= CAST(asked.value ->> 0 AS {moment}) AND p.dated_at < CAST(asked.value ->> 1 AS {moment})
        ORDER BY p.modified_at DESC LIMIT 1
    ), (
        SELECT max(p.modified_at) FROM articles_publication p WHERE {live}
        AND p.dated_at >= CAST(asked.value ->> 3 AS {moment}) AND p.dated_at < CAST(asked.value ->> 4 AS {moment})
    ) FROM {asked}"""
_LIVE = "p.parked_at IS NULL AND p.kind = 'story' AND p.live_from <= %(t)s AND p.live_until > %(t)s"
_DIALECTS = {
    "sqlite": {"moment": "text", "asked": "json_each(%(asked)s) AS asked ORDER BY asked.key"},
    "postgresql": {
        "moment": "timestamptz",
        "asked": "jsonb_array_elements(%(asked)s::jsonb) WITH ORDINALITY AS asked(value, key) ORDER BY asked.key",
    },
}


def months(t: datetime) -> list[tuple[date, datetime]]:
    """(first day, newest modified_at) of each month that public stories are dated in, newest first. Three queries."""
    depends.on(stamps.STORIES)
    oldest, newest = span(t)
    if oldest is None or newest is None:
        return []
    connection = source.connection()
    asked = list(_months_back(local_time(newest).date(), local_time(oldest).date()))
    adapted = connection.ops.adapt_datetimefield_value
    told = json.dumps([_as_asked(day) for day in asked], default=lambda moment: str(adapted(moment)))
    statement = _MONTHS.format(live=_LIVE, **_DIALECTS[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(statement, {"t": adapted(t), "asked": told})
        changes = [max(filter(None, map(_moment, row)), default=None) for row in cursor.fetchall()]
    return [(day, modified) for day, modified in zip(asked, changes, strict=True) if modified]


def _months_back(last: date, first: date) -> Iterator[date]:
    """The first days of the months from that of ``last`` back to that of ``first``."""
    year, month = last.year, last.month
    while (year, month) >= (first.year, first.month):
        yield date(year, month, 1)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _as_asked(day: date) -> list[Any]:
    start, end = (midnight(each) for each in (day, month_after(day)))
    start_in_utc, end_in_utc = (datetime(each.year, each.month, 1, tzinfo=UTC) for each in (day, month_after(day)))
    edge = (start, start_in_utc) if start < start_in_utc else (end_in_utc, max(end, end_in_utc))
    return [start, end, day.year * 100 + day.month, *edge]


def _moment(said: datetime | str | None) -> datetime | None:
    """SQLite says a moment without its zone, and what it has worked out itself as text."""
    at = datetime.fromisoformat(said) if isinstance(said, str) else said
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


def sections(t: datetime) -> list[tuple[str, datetime]]:
    """(slug, last change of its newest story) of each section with something public in it."""
    return _with_newest(Section.objects.all(), SectionListing, "section", t)


def topics(t: datetime) -> list[tuple[str, datetime]]:
    """(slug, last change of its newest story) of each topic that something public is about."""
    return _with_newest(Tag.objects.all(), TopicListing, "tag", t)


def authors(t: datetime) -> list[tuple[str, datetime]]:
    """(slug, last change of their newest story) of each author who signed something public."""
    return _with_newest(Author.objects.all(), AuthorListing, "author", t)


def _with_newest(rows: QuerySet[Any], listing: type[Listing], field: str, t: datetime) -> list[tuple[str, datetime]]:
    """One look into the index for each row: to read what changed last among all their stories would read them all."""
    depends.on(stamps.STORIES)
    newest = listed(listing, t).filter(**{field: OuterRef("pk")}).order_by("-dated_at", "-publication_id")
    found = rows.annotate(modified=Subquery(newest.values("publication__modified_at")[:1])).exclude(modified=None)
    return list(found.order_by("slug").values_list("slug", "modified"))
