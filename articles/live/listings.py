"""The readers' half: the lists of what is public at a moment ``t``, newest first.

Each is read by its own link table or index and continues at a Place (keyset), so no page counts or skips. It gives
cards, or where they are asked for ``whole`` the stories with their texts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from articles.models import FAR_FUTURE, AuthorListing, Correction, Publication, SectionListing, TopicListing
from articles.models import Section as SectionRow
from articles.models.publication import Listing

from . import depends, rows, stamps
from .questions import Answer, Question, Together
from .reading import live_of
from .values import Card, Corrected, Page, Place, Section, Story

PAGE = 20
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@Question
def _latest(t: datetime, at: datetime | None, key: int | None, *, limit: int) -> QuerySet:
    return rows.facts(_after(Publication.objects.at(t).stories(), at, key, "id").order_by("-dated_at", "-id"))[:limit]


def latest(t: datetime, limit: int = PAGE, before: Place | None = None, *, whole: bool = False) -> Page:
    """The newest stories of the whole site."""
    depends.on(stamps.STORIES)
    return _page(_latest(t, *_place(before), limit=limit + 1), limit, whole=whole)


@Question
def _since(moment: datetime, t: datetime, *, limit: int) -> QuerySet:
    dated = Publication.objects.at(t).stories().filter(dated_at__gte=moment)
    return rows.facts(dated.order_by("-dated_at", "-id"))[:limit]


def since(moment: datetime, t: datetime, limit: int) -> list[Card]:
    """At most ``limit`` of the stories dated from ``moment`` on, newest first."""
    depends.on(stamps.STORIES)
    cards = _cards(_since(moment, t, limit=limit))
    depends.until(min((card.dated_at + (t - moment) for card in cards), default=None))
    return cards


@Question
def _between(
    start: datetime, end: datetime, t: datetime, at: datetime | None, key: int | None, *, limit: int
) -> QuerySet:
    dated = Publication.objects.at(t).stories().filter(dated_at__gte=start, dated_at__lt=end)
    return rows.facts(_after(dated, at, key, "id").order_by("-dated_at", "-id"))[:limit]


def between(start: datetime, end: datetime, t: datetime, before: Place | None = None, limit: int = PAGE) -> Page:
    """The newest stories dated in [start, end)."""
    depends.on(stamps.period(start, end))
    return _page(_between(start, end, t, *_place(before), limit=limit + 1), limit)


@Question
def _edge(t: datetime, start: datetime | None, end: datetime | None, *, newest: bool) -> QuerySet:
    """Always with a bound: without one SQLite takes it for less work to read and sort them all."""
    dated = Publication.objects.at(t).stories().filter(dated_at__lt=end or FAR_FUTURE)
    dated = dated.filter(dated_at__gte=start or _BEGINNING)
    return dated.order_by("-dated_at" if newest else "dated_at").values_list("dated_at")[:1]


def _date(answer: Answer) -> datetime | None:
    return next((at for (at,) in answer), None)


def span(t: datetime) -> tuple[datetime | None, datetime | None]:
    """When the oldest and the newest story are dated. Two queries."""
    depends.on(stamps.DAYS)
    return _date(_edge(t, None, None, newest=False)), _date(_edge(t, None, None, newest=True))


@Question
def _used(starts: Sequence[datetime], ends: Sequence[datetime], t: datetime) -> QuerySet:
    live = Publication.objects.at(t).stories()
    each = [Exists(live.filter(dated_at__gte=start, dated_at__lt=end)) for start, end in zip(starts, ends, strict=True)]
    return SectionRow.objects.values_list(*each)[:1]  # any one row: a story has a section


def used(periods: Sequence[tuple[datetime, datetime]], t: datetime) -> set[int]:
    """Which of ``periods`` [start, end), by their places, something public is dated in. One query, a look at each."""
    depends.on(*(stamps.period(*period) for period in periods))
    if not periods:
        return set()
    row = _used([start for start, _end in periods], [end for _start, end in periods], t).first() or ()
    return {place for place, is_used in enumerate(row[: len(periods)]) if is_used}


def beside(start: datetime, end: datetime, t: datetime) -> tuple[datetime | None, datetime | None]:
    """When the nearest stories before ``start`` and from ``end`` on are dated. Two queries."""
    depends.on(stamps.DAYS)
    return _date(_edge(t, None, start, newest=True)), _date(_edge(t, end, None, newest=False))


def in_section(
    section: Section | SectionRow, t: datetime, limit: int = PAGE, before: Place | None = None, *, whole: bool = False
) -> Page:
    """The newest stories of a section and of those below it."""
    depends.on(f"section:{section.slug}")
    return _listing(SectionListing, section.id, t, limit, before, whole)


def on_topic(tag_id: int, t: datetime, limit: int = PAGE, before: Place | None = None, *, whole: bool = False) -> Page:
    """The newest stories about a topic."""
    return _listing(TopicListing, tag_id, t, limit, before, whole)


def by_author(
    author_id: int, t: datetime, limit: int = PAGE, before: Place | None = None, *, whole: bool = False
) -> Page:
    """The newest stories that an author signed."""
    return _listing(AuthorListing, author_id, t, limit, before, whole)


@Question
def _newest_in(sections: Sequence[int], t: datetime, but: Sequence[int], *, limit: int) -> QuerySet:
    live = rows.listed(SectionListing, t)
    others = (live.filter(section_id=section).exclude(publication_id__in=but) for section in sections)
    newest = [rows.newest_first(each)[:limit] for each in others]
    listed = SectionListing.objects.filter(pk__in=Together(*(each.values("pk") for each in newest)))
    return rows.listed_facts(rows.newest_first(listed), "section_id")


def newest_in(sections: Iterable[Section], t: datetime, limit: int, *, but: Sequence[int]) -> dict[int, list[Card]]:
    """The newest stories of each section by its id, without the publications ``but``. One query for all sections."""
    sections = list(sections)
    depends.on(stamps.SECTIONS, *(f"section:{section.slug}" for section in sections))
    if not sections:
        return {}
    answer = _newest_in([section.id for section in sections], t, list(but), limit=limit)
    found: dict[int, list[Card]] = {}
    for raw in answer.rows:
        known = rows.found(raw, answer)
        if known:
            found.setdefault(raw[-1], []).append(known.card)
    return found


@Question
def _corrections(t: datetime, at: datetime | None, key: int | None, *, limit: int) -> QuerySet:
    standing = Exists(Publication.objects.at(t).stories().filter(article_id=OuterRef("article_id")))
    made = Correction.objects.filter(standing, publication__live_from__lte=t, publication__parked_at=None)
    newest = _after(made, at, key, "id", "made_at").order_by("-made_at", "-id")
    return newest.values_list("id", "article_id", "kind", "text", "made_at")[:limit]


def corrections(t: datetime, limit: int = PAGE, before: Place | None = None) -> tuple[list[Corrected], Place | None]:
    """The newest corrections of what is public, and where the next page starts. A withdrawn story's are not shown."""
    depends.on(stamps.STORIES)
    made = list(_corrections(t, *_place(before), limit=limit + 1))
    standing = rows.all_found(live_of(sorted({article for _number, article, *_told in made}), t))
    public = {known.card.article_id: known.card for known in standing}
    shown = [
        Corrected(number, kind, text, made_at, public[article].headline, public[article].path)
        for number, article, kind, text, made_at in made[:limit]
        if article in public
    ]
    return shown, Place(made[limit - 1][4], made[limit - 1][0]) if len(made) > limit else None


@Question
def _withdrawn(t: datetime, *, limit: int) -> QuerySet:
    notices = Publication.objects.at(t).filter(kind=Publication.Kind.NOTICE).order_by("-live_from", "-id")
    return notices.values_list("address__path", "note", "live_from")[:limit]


def withdrawn(t: datetime, limit: int = PAGE) -> list[tuple[str, str, datetime]]:
    """(path, notice, since) of the stories that were withdrawn last and are gone at ``t``: no word of theirs."""
    depends.on(stamps.STORIES)
    return [(path, notice, since) for path, notice, since in _withdrawn(t, limit=limit)]


# --- How they are asked for, page by page -----------------------------------------------------------------------------


@Question
def _in_list(
    about: int, t: datetime, at: datetime | None, key: int | None, *, listing: type[Listing], limit: int
) -> QuerySet:
    listed = rows.listed(listing, t).filter(**{f"{listing.HANGS_ON}_id": about})
    return rows.listed_facts(rows.newest_first(_after(listed, at, key, "publication_id")))[:limit]


def _listing(listing: type[Listing], about: int, t: datetime, limit: int, before: Place | None, whole: bool) -> Page:
    return _page(_in_list(about, t, *_place(before), listing=listing, limit=limit + 1), limit, whole=whole)


def _place(before: Place | None) -> tuple[datetime | None, int | None]:
    return (before.at, before.id) if before else (None, None)


def _after(found: QuerySet, at: datetime | None, key: int | None, name: str, date: str = "dated_at") -> QuerySet:
    """The rows behind a place; the first condition is what an index can start at."""
    if at is None:
        return found
    behind = Q(**{f"{date}__lt": at}) | Q(**{date: at, f"{name}__lt": key})
    return found.filter(Q(**{f"{date}__lte": at}) & behind)


def _cards(answer: Answer) -> list[Card]:
    return [known.card for known in rows.all_found(answer)]


def _stories(answer: Answer) -> list[Story]:
    depends.on(stamps.SECTIONS)
    whole = (raw for raw in answer.rows if rows.found(raw, answer))
    return [rows.story_of(rows.named(answer.converted(raw)[: len(rows.FACTS)])) for raw in whole]


def _page(answer: Answer, limit: int, *, whole: bool = False) -> Page:
    """One page, of cards or of ``whole`` stories; one row more than fits tells that there is a next one.

    What is spoilt leaves a gap.
    """
    shown, older = replace(answer, rows=answer.rows[:limit]), None
    cards = _stories(shown) if whole else _cards(shown)
    if len(answer.rows) > limit:
        last = rows.named(answer.converted(answer.rows[limit - 1]))
        older = Place(last["dated_at"], last["id"])
    return Page(tuple(cards), older)
