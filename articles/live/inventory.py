"""Everything that is public at ``t``, for search engines: addresses with the time of their last change. No words."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from articles.models import Author, AuthorListing, Publication, Section, SectionListing, Tag, TopicListing
from articles.models.publication import Listing

from . import depends, stamps
from .reading import intact, listed

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


def _spoilt(publications: list[int], t: datetime) -> set[int]:
    """Those of ``publications`` that are not what was composed. One query where there are any."""
    if not publications:
        return set()
    return set(publications) - {known.card.id for known in intact(publications, t)}


def months(t: datetime) -> list[tuple[date, datetime]]:
    """(first day, newest modified_at) of each month that public stories are dated in, newest first."""
    depends.on(stamps.STORIES)
    dated = Publication.objects.at(t).stories().annotate(month=TruncMonth("dated_at")).values("month")
    rows = dated.annotate(modified=Max("modified_at")).order_by("-month")
    return [(row["month"].date(), row["modified"]) for row in rows]


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
