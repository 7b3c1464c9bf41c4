"""What a keeper of finished pages must ask to know that they are still true. It knows when, never what they say."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from articles.models import FAR_FUTURE, Edition, Publication, Stamp, Takedown

from . import editions, stamps

# The one question of every hit.
VERSION_SQL = stamps.VERSION_SQL


def changed(after: int) -> set[str]:
    """The names whose stamps were raised in versions later than ``after``."""
    return set(Stamp.objects.filter(value__gt=after).values_list("name", flat=True))


def newest(names: Iterable[str]) -> int:
    """The newest version in which one of ``names`` has changed; 0 where none ever did."""
    return Stamp.objects.filter(name__in=names).aggregate(newest=Max("value"))["newest"] or 0


def turned(after: datetime, until: datetime) -> set[str]:
    """The names of what began or ended by itself in (after, until]."""
    names: set[str] = set()
    for before, publication in _turned_stories(after, until):
        names |= {name for each in (before, publication) if each for name in stamps.of(each)}
        names |= stamps.opened_or_closed(publication, before, until)
    pictures = Takedown.objects.filter(_turns(after, until)).values_list("image__uid", flat=True)
    if uids := {f"picture:{uid}" for uid in pictures}:
        names |= {stamps.PICTURES, *uids}
    for subject in Edition.objects.filter(_turns(after, until)).values_list("subject", flat=True):
        names |= editions.names(subject)
    return names


def _turned_stories(after: datetime, until: datetime) -> Iterator[tuple[Publication | None, Publication | None]]:
    """Of each story that turned, what was public at ``after`` and what is at ``until``."""
    awake = Publication.objects.filter(parked_at=None)
    turned = awake.filter(_turns(after, until)).values("article")
    found: dict[int, list[Publication | None]] = {}
    for place, moment in enumerate((after, until)):
        for publication in awake.filter(article__in=turned).at(moment).select_related("section"):
            found.setdefault(publication.article_id, [None, None])[place] = publication
    yield from ((before, now) for before, now in found.values())


def coming(after: datetime, limit: int) -> list[tuple[datetime, set[str]]]:
    """The next turns, at most ``limit``, each with its names; that a section opens with it is not among them."""
    found: list[tuple[datetime, set[str]]] = []
    stories = Publication.objects.filter(parked_at=None).select_related("section__parent")
    for publication, moment in _next_rows(stories, after, limit):
        found.append((moment, stamps.of(publication)))
    for takedown, moment in _next_rows(Takedown.objects.select_related("image"), after, limit):
        found.append((moment, {stamps.PICTURES, f"picture:{takedown.image.uid}"}))
    for edition, moment in _next_rows(Edition.objects.all(), after, limit):
        found.append((moment, editions.names(edition.subject)))
    return sorted(found, key=lambda turn: turn[0])[:limit]


def _next_rows(rows: QuerySet[Any], after: datetime, limit: int) -> Iterator[tuple[Any, datetime]]:
    for row in rows.filter(live_from__gt=after).order_by("live_from")[:limit]:
        yield row, row.live_from
    for row in rows.filter(live_until__gt=after, live_until__lt=FAR_FUTURE).order_by("live_until")[:limit]:
        yield row, row.live_until


def next_turn(after: datetime) -> datetime:
    """When the next thing begins or ends by itself; FAR_FUTURE where nothing will."""
    found = (each.objects.next_boundary(after=after) for each in (Publication, Takedown, Edition))
    return min((moment for moment in found if moment), default=FAR_FUTURE)


def _turns(after: datetime, until: datetime) -> Q:
    return Q(live_from__gt=after, live_from__lte=until) | Q(live_until__gt=after, live_until__lte=until)
