"""Stamps: by name, the version of the site in which something readers see was last changed.

The stamp SITE has the newest version. Whoever changes something raises SITE first, which makes writers wait for each
other until they commit; so whoever has read SITE knows every change up to it. Read the stamps first, then the content.
"""

import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TypeGuard

from django.db.models import F
from django.db.models.functions import Greatest
from django.dispatch import Signal

from articles.models import Publication, SectionListing, Stamp, Translation

from .days import day_of, local_time

SITE = "site"
# Which version the site has: a single row by its key, on whatever connection.
VERSION_SQL = "SELECT value FROM articles_stamp WHERE name = 'site'"
# What changes with any story; with the masthead and the names of sections; with which days something is dated in; with
# any picture's files; with any page about the newsroom.
STORIES, SECTIONS, DAYS, PICTURES, PAGES = "stories", "sections", "days", "pictures", "pages"

version_raised = Signal()  # in the transaction that changes something; for whoever must tell others of it


def bump(names: Iterable[str] = ()) -> int:
    """Let the site have a new version, in which each of ``names`` has changed; which one."""
    wanted = set(names)
    if any(name.startswith("picture:") for name in wanted):
        wanted.add(PICTURES)
    version = _next_version()
    stamps = [Stamp(name=name, value=version) for name in sorted(wanted)]
    Stamp.objects.bulk_create(stamps, update_conflicts=True, unique_fields=["name"], update_fields=["value"])
    version_raised.send(sender=Stamp)
    return version


def _next_version() -> int:
    """Later than the one before, and the microsecond of now where that is later still: so no version comes twice, also
    after a copy of the database was put back and what was done since is done again.
    """
    now = int(time.time() * 1_000_000)
    raised = Stamp.objects.filter(name=SITE).update(value=Greatest(F("value") + 1, now))
    if not raised:
        Stamp.objects.bulk_create([Stamp(name=SITE)], ignore_conflicts=True)
        return _next_version()
    return Stamp.objects.values_list("value", flat=True).get(name=SITE)


# --- The names of what a story is shown in ----------------------------------------------------------------------------


def of(publication: Publication) -> set[str]:
    """The names that change when ``publication`` begins or ends to be public."""
    names = {STORIES, f"story:{publication.article_id}", *dated(local_time(publication.dated_at).date())}
    names |= {f"section:{section.slug}" for section in publication.section.lineage()}
    names |= {f"topic:{topic['slug']}" for topic in publication.topics}
    names |= {f"author:{byline['slug']}" for byline in publication.bylines if byline["slug"]}
    return names | {f"translations:{group}" for group in _groups(publication)}


def opened_or_closed(publication: Publication | None, before: Publication | None, at: datetime) -> set[str]:
    """SECTIONS and DAYS, where a section or a day has its first story or lost its last as ``before`` gave way.

    Both are of one story; ``at`` is a moment at which the change has happened.
    """
    story = publication or before
    if story is None:
        return set()
    sections = _sections(publication) ^ _sections(before)
    others = SectionListing.objects.at(at).filter(section__in=sections, publication__parked_at=None)
    anyway = others.exclude(publication__article=story.article_id).values_list("section", flat=True).distinct()
    names = {SECTIONS} if sections and sections - set(anyway) else set()
    for start, end in _days(publication) ^ _days(before):
        same_day = Publication.objects.at(at).stories().filter(dated_at__gte=start, dated_at__lt=end)
        names |= set() if same_day.exclude(article=story.article_id).exists() else {DAYS}
    return names


def _sections(publication: Publication | None) -> set[int]:
    return {section.pk for section in publication.section.lineage()} if _is_listed(publication) else set()


def _days(publication: Publication | None) -> set[tuple[datetime, datetime]]:
    return {day_of(publication.dated_at)} if _is_listed(publication) else set()


def _is_listed(publication: Publication | None) -> TypeGuard[Publication]:
    """A notice stands in no list."""
    return publication is not None and publication.kind == Publication.Kind.STORY


def _groups(publication: Publication) -> list:
    return list(Translation.objects.filter(article=publication.article_id).values_list("group", flat=True))


@lru_cache(maxsize=1024)
def dated(day: date) -> tuple[str, str, str]:
    """The names of a day, its month and its year."""
    return f"day:{day:%Y-%m-%d}", f"month:{day:%Y-%m}", f"year:{day:%Y}"


def period(start: datetime, end: datetime) -> str:
    """The narrowest name that covers the stories dated in [start, end)."""
    first, last = (dated(local_time(moment).date()) for moment in (start, end - timedelta.resolution))
    return next((name for name, other in zip(first, last, strict=True) if name == other), STORIES)
