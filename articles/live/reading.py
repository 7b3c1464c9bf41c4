"""The readers' half: what is public at a moment ``t``, as plain values. Never a draft, never a row to save.

Every list is read by its own link table and continues at a Place (keyset), so no page counts or skips. Queries know
``articles_article`` by the column ``article_id`` only. What pages ask is a Question: made SQL once, then only asked.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from articles.models import (
    FAR_FUTURE,
    Address,
    AuthorListing,
    Correction,
    Edition,
    OldAddress,
    Publication,
    SectionListing,
    TopicListing,
    Translation,
)
from articles.models import Author as AuthorRow
from articles.models import Section as SectionRow
from articles.models import Tag as TopicRow
from articles.models.publication import Listing

from . import composed, depends, editions, showing, stamps
from .questions import Answer, Newest, Question, Row, Together
from .values import (
    AboutPage,
    Author,
    Card,
    Corrected,
    Entry,
    Gone,
    Label,
    Moved,
    Page,
    Picture,
    Place,
    Section,
    Signature,
    Story,
    Surroundings,
    Topic,
)

PAGE = 20
MOST_TOPICS = 8  # of a story, by which others are found that are related to it
MOST_KNOWN = 300  # rows that each process remembers to have read
_BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
SERIES = "series"  # the kind of topic whose stories are read one after another

_SAME = (
    *("id", "article_id", "headline", "short_headline", "feed_headline", "kicker", "standfirst", "language"),
    *("word_count", "dated_at", "dated_by_day", "modified_at"),
)
# A card needs less, but whether a row is still what was composed shows in all of it.
_ROW = ("id", "article_id", "live_from", *composed.COLUMNS, "address__path", "section__name", "section__slug")
_FACTS = (*_ROW, "manuscript")
# Beside the facts of what stands round a story: the correction that each made, and why it is among them.
_CORRECTION = ("id", "made_at", "kind", "text", "place")
_WHY = ("shares_topic", "in_section", "in_series", "tells_same")
_VERSION = (*_FACTS, "live_until", *(f"correction_{name}" for name in _CORRECTION), *_WHY)
# Of its own past a page says when what was done: nothing else of those rows need be taken apart.
_LOGGED = frozenset(map(_VERSION.index, ("live_from", "live_until", "correction_made_at")))

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Known:
    """Of a row that is still what was composed: its card, and the facts of its pictures by uid."""

    card: Card
    pictures: Mapping[str, Any]


class Spoilt(Exception):
    """What is stored of the story at this address is not what was composed: nobody may be shown it."""


# --- One story ------------------------------------------------------------------------------------------------------


@Question
def _live_at(path: str, t: datetime) -> QuerySet:
    owners = Address.objects.filter(path=path).values("article_id")
    told = Translation.objects.filter(article_id=OuterRef("article_id")).values("group")
    live = Publication.objects.at(t).filter(article_id__in=owners).annotate(translations=Subquery(told))
    return _facts(live, "translations")[:1]


def story_at(path: str, t: datetime) -> Story | Moved | Gone | None:
    """What answers at ``path``: the story, its new address, the notice of its withdrawal, or nothing.

    Raises Spoilt.
    """
    depends.on(stamps.SECTIONS)
    said = _live_at(path, t).first()
    if said is None:
        return None
    row = _named(said, "translations")
    depends.on(f"story:{row['article_id']}")
    if not _is_whole(row):
        raise Spoilt(path)
    if row["kind"] == Publication.Kind.NOTICE:
        return Gone(row["note"], row["live_from"])
    return story_of(row) if row["address__path"] == path else Moved(row["address__path"])


def old_address(path: str, t: datetime) -> str | None:
    """Where an address from before this site leads: to the story that is public at ``t``, or to a path of ours."""
    row = OldAddress.objects.filter(path=path).values_list("article_id", "leads_to").first()
    if row is None or row[0] is None:
        return row[1] if row else None
    live = Publication.objects.at(t).filter(article_id=row[0])
    return live.values_list("address__path", flat=True).first()


@Question
def _version(article_id: int, number: int) -> QuerySet:
    return _facts(Publication.objects.filter(article_id=article_id, number=number))


def published(article_id: int, number: int) -> Story | Gone | None:
    """What that publication shows, whenever it was or will be public; None where there is none. Raises Spoilt."""
    said = _version(article_id, number).first()
    if said is None:
        return None
    row = _named(said)
    if not _is_whole(row):
        raise Spoilt(row["address__path"])
    if row["kind"] == Publication.Kind.NOTICE:
        return Gone(row["note"], row["live_from"])
    return story_of(row)


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


@Question
def _among(numbers: Sequence[int], t: datetime) -> QuerySet:
    return _facts(Publication.objects.at(t).stories().filter(id__in=numbers))


@Question
def _live_of(articles: Sequence[int], t: datetime) -> QuerySet:
    return _facts(Publication.objects.at(t).stories().filter(article_id__in=articles))


def intact(numbers: Sequence[int], t: datetime) -> list[Known]:
    """Of the publications with these ids those that are public and still what was composed. One query, or none."""
    return _known(_among(list(numbers), t))


def cards(publications: Sequence[int], t: datetime) -> list[Card]:
    """The stories with these ids that are public, in the same order. One query."""
    found = {known.card.id: known.card for known in intact(publications, t)}
    depends.on(*(f"story:{card.article_id}" for card in found.values()))
    return [found[number] for number in publications if number in found]


def live(articles: Iterable[int], t: datetime) -> list[Known]:
    """What is public of the stories with these numbers. One query, or none."""
    numbers = sorted({*articles})
    depends.on(*(f"story:{number}" for number in numbers))
    return _known(_live_of(numbers, t))


def named(stories: Iterable[Story], t: datetime) -> dict[str, Card]:
    """Of the stories that ``stories`` name, in links and as related, those that are public, by uid.

    One query, or none where nothing is named. What is not public is not there: nobody learns that it exists.
    """
    numbers = {uid: number for story in stories for uid, number in story.stories.items()}
    public = {known.card.article_id: known.card for known in live(numbers.values(), t)}
    return {uid: public[number] for uid, number in numbers.items() if number in public}


# --- What stands round a story --------------------------------------------------------------------------------------


@Question
def _round(
    article_id: int,
    t: datetime,
    names: Sequence[int],
    topics: Sequence[str],
    section: str,
    group: UUID | None,
    series: str | None,
    at: datetime | None,
    key: int | None,
    *,
    on_topic: int,
    beside: int,
) -> QuerySet:
    """All versions of a story, and the others that its page names or shows; each is found by its own index.

    Each list is one longer than asked, because the story may stand in it too. To leave it out here, SQLite would read
    every row to its end, where the story's number is: all of the text lies before it.
    """

    def among(listing: type[Listing], **about: Any) -> QuerySet:
        return listed(listing, t).filter(**about)

    def stands_in(listing: type[Listing], **about: Any) -> Exists:
        return Exists(listing.objects.filter(publication_id=OuterRef("pk"), **about))

    public, told = Publication.objects.at(t).stories(), Translation.objects.filter(group=group)  # type: ignore[misc]  # only where there is one
    stories = [Publication.objects.filter(article_id=article_id), public.filter(article_id__in=names)]
    shared = [_newest(among(TopicListing, tag__slug=topic))[: on_topic + 1] for topic in topics]
    lists = [_newest(among(SectionListing, section__slug=section))[: beside + 1]]
    nothing = Value(False)
    why = {
        "shares_topic": stands_in(TopicListing, tag__slug__in=topics) if topics else nothing,
        "in_section": stands_in(SectionListing, section__slug=section),
        "in_series": nothing,
        "tells_same": nothing,
    }
    if group:
        stories.append(public.filter(article_id__in=told.values("article_id")))
        why["tells_same"] = Exists(told.filter(article_id=OuterRef("article_id")))
    if series:
        parts = among(TopicListing, tag__slug=series)
        before = Q(dated_at__lt=at) | Q(dated_at=at, publication_id__lt=key)
        after = Q(dated_at__gt=at) | Q(dated_at=at, publication_id__gt=key)
        lists.append(_newest(parts.filter(before, dated_at__lte=at))[:2])
        lists.append(parts.filter(after, dated_at__gte=at).order_by("dated_at", "publication_id")[:2])
        why["in_series"] = stands_in(TopicListing, tag__slug=series)
    keys = [*(rows.values("pk") for rows in stories), *(rows.values("publication_id") for rows in lists)]
    newest = Newest(*(rows.values("publication_id", "dated_at") for rows in shared), most=on_topic + 1)
    rows = Publication.objects.filter(pk__in=Together(*keys, newest), live_from__lte=t, parked_at=None)
    return _facts(rows.annotate(**why), "live_until", *(f"correction__{name}" for name in _CORRECTION), *why)


def surroundings(story: Story, t: datetime, *, on_topic: int = 3, beside: int = 4) -> Surroundings:
    """What the page of ``story`` shows of its own past and of others. One query.

    Related are those chosen by hand and then the newest others that share a topic with it, up to ``on_topic`` or all
    that were chosen; and the newest others of its section. What is not public is not there, also of what it names.
    """
    topics = [topic.slug for topic in story.topics[:MOST_TOPICS]]
    series = (story.series.slug, story.dated_at, story.id) if story.series else (None, None, None)
    names = sorted({*story.stories.values()})
    _note_round(story, names, topics)
    answer = _round(
        *(story.article_id, t, names, topics, story.section.slug, story.translations, *series),
        on_topic=on_topic,
        beside=beside + max(on_topic, len(story.related)),
    )
    own = [raw for raw in answer.rows if raw[1] == story.article_id]
    past = [dict(zip(_VERSION, answer.converted(raw, _LOGGED), strict=True)) for raw in own]
    others = [raw for raw in answer.rows if raw[1] != story.article_id]
    found = [(known.card, raw[-len(_WHY) :]) for raw in others if (known := _found(raw, answer))]
    found.sort(key=lambda each: _by_time(each[0]), reverse=True)
    shared, near, parts, same = ([card for card, why in found if why[place]] for place in range(len(_WHY)))
    public = {card.article_id: card for card, _why in found}
    if story.article_id in names:
        pairs = zip(own, past, strict=True)
        shown = (raw for raw, row in pairs if row["live_until"] > t and row["kind"] == Publication.Kind.STORY)
        public |= {known.card.article_id: known.card for raw in shown if (known := _found(raw, answer))}
    named = {uid: public[number] for uid, number in story.stories.items() if number in public}
    by_hand = [named[uid] for uid in story.related if uid in named]
    more = [card for card in shared if card not in by_hand][: max(0, on_topic - len(by_hand))]
    here = (story.dated_at, story.id)
    return Surroundings(
        named=named,
        on_topic=[*by_hand, *more],
        beside=[card for card in near if card not in by_hand and card not in more][:beside],
        part_before=next((card for card in parts if _by_time(card) < here), None),
        part_after=next((card for card in reversed(parts) if _by_time(card) > here), None),
        languages=_by_language(same, but=story.language),
        log=_log_of(past),
        corrections=_corrections_of(past),
    )


def _note_round(story: Story, names: Iterable[int], topics: Iterable[str]) -> None:
    depends.on(stamps.SECTIONS, f"story:{story.article_id}", f"section:{story.section.slug}")
    depends.on(*(f"story:{number}" for number in names), *(f"topic:{topic}" for topic in topics))
    if story.series:
        depends.on(f"topic:{story.series.slug}")
    if story.translations:
        depends.on(f"translations:{story.translations}")


def _by_time(card: Card) -> tuple[datetime, int]:
    return card.dated_at, card.id


def _by_language(cards: Iterable[Card], but: str) -> dict[str, str]:
    """Their paths; of two in one language that of the older story."""
    found = {card.language: card.path for card in sorted(cards, key=lambda card: -card.article_id)}
    return {language: path for language, path in sorted(found.items()) if language != but}


def _log_of(past: Iterable[Mapping[str, Any]]) -> list[Entry]:
    told = (row for row in past if row["change"] != Publication.Change.TYPO)
    in_order = sorted(told, key=lambda row: (row["live_from"], row["id"]))
    return [Entry(row["live_from"], row["change"], row["note"]) for row in in_order]


def _corrections_of(past: Iterable[Mapping[str, Any]]) -> list[Entry]:
    made = (row for row in past if row["correction_id"])
    newest = sorted(made, key=lambda row: (row["correction_made_at"], row["correction_id"]), reverse=True)
    return [Entry(*(row[f"correction_{name}"] for name in _CORRECTION[1:])) for row in newest]


# --- Lists ----------------------------------------------------------------------------------------------------------

# Each gives cards, or where they are asked for ``whole`` the stories with their texts.


@Question
def _latest(t: datetime, at: datetime | None, key: int | None, *, limit: int) -> QuerySet:
    return _facts(_after(Publication.objects.at(t).stories(), at, key, "id").order_by("-dated_at", "-id"))[:limit]


def latest(t: datetime, limit: int = PAGE, before: Place | None = None, *, whole: bool = False) -> Page:
    """The newest stories of the whole site."""
    depends.on(stamps.STORIES)
    return _page(_latest(t, *_place(before), limit=limit + 1), limit, whole=whole)


@Question
def _since(moment: datetime, t: datetime, *, limit: int) -> QuerySet:
    return _facts(Publication.objects.at(t).stories().filter(dated_at__gte=moment).order_by("-dated_at", "-id"))[:limit]


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
    return _facts(_after(dated, at, key, "id").order_by("-dated_at", "-id"))[:limit]


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
    newest = [
        _newest(listed(SectionListing, t).filter(section_id=section).exclude(publication_id__in=but))[:limit]
        for section in sections
    ]
    rows = SectionListing.objects.filter(pk__in=Together(*(listed.values("pk") for listed in newest)))
    return _listed_facts(_newest(rows), "section_id")


def newest_in(sections: Iterable[Section], t: datetime, limit: int, *, but: Sequence[int]) -> dict[int, list[Card]]:
    """The newest stories of each section by its id, without the publications ``but``. One query for all sections."""
    sections = list(sections)
    depends.on(stamps.SECTIONS, *(f"section:{section.slug}" for section in sections))
    if not sections:
        return {}
    answer = _newest_in([section.id for section in sections], t, list(but), limit=limit)
    found: dict[int, list[Card]] = {}
    for raw in answer.rows:
        known = _found(raw, answer)
        if known:
            found.setdefault(raw[-1], []).append(known.card)
    return found


@Question
def _corrections(t: datetime, at: datetime | None, key: int | None, *, limit: int) -> QuerySet:
    standing = Exists(Publication.objects.at(t).stories().filter(article_id=OuterRef("article_id")))
    made = Correction.objects.filter(standing, publication__live_from__lte=t, publication__parked_at=None)
    rows = _after(made, at, key, "id", "made_at").order_by("-made_at", "-id")
    return rows.values_list("id", "article_id", "kind", "text", "made_at")[:limit]


def corrections(t: datetime, limit: int = PAGE, before: Place | None = None) -> tuple[list[Corrected], Place | None]:
    """The newest corrections of what is public, and where the next page starts. A withdrawn story's are not shown."""
    depends.on(stamps.STORIES)
    rows = list(_corrections(t, *_place(before), limit=limit + 1))
    public = {known.card.article_id: known.card for known in _known(_live_of(sorted({row[1] for row in rows}), t))}
    shown = [
        Corrected(number, kind, text, made_at, public[article].headline, public[article].path)
        for number, article, kind, text, made_at in rows[:limit]
        if article in public
    ]
    return shown, Place(rows[limit - 1][4], rows[limit - 1][0]) if len(rows) > limit else None


@Question
def _withdrawn(t: datetime, *, limit: int) -> QuerySet:
    notices = Publication.objects.at(t).filter(kind=Publication.Kind.NOTICE).order_by("-live_from", "-id")
    return notices.values_list("address__path", "note", "live_from")[:limit]


def withdrawn(t: datetime, limit: int = PAGE) -> list[tuple[str, str, datetime]]:
    """(path, notice, since) of the stories that were withdrawn last and are gone at ``t``: no word of theirs."""
    depends.on(stamps.STORIES)
    return [(path, notice, since) for path, notice, since in _withdrawn(t, limit=limit)]


# --- What lists are about -------------------------------------------------------------------------------------------

_SECTION = ("id", "parent_id", "name", "slug", "description")
_TOPIC = ("id", "name", "slug", "kind", "description", "facts", "synonyms", "wikidata_id")
_AUTHOR = ("id", "name", "slug", "kind", "role", "bio", "email", "website")


@Question
def _in_masthead(t: datetime, also: Sequence[int]) -> QuerySet:
    used = listed(SectionListing, t).filter(section_id=OuterRef("pk"))
    return SectionRow.objects.filter(Exists(used) | Q(pk__in=also)).values_list(*_SECTION)


def sections(t: datetime, also: Iterable[int] = ()) -> list[Section]:
    """The sections with something public in them, and those with the ids of ``also``, in the order of the masthead."""
    depends.on(stamps.SECTIONS)
    return [*_masthead(tuple(map(tuple, _in_masthead(t, list(also)))))]


@lru_cache(maxsize=8)
def _masthead(rows: tuple[Row, ...]) -> tuple[Section, ...]:
    """The same values while the rows are the same, so that what is drawn of them is known again at once."""
    return tuple(Section(**dict(zip(_SECTION, row, strict=True))) for row in rows)


@Question
def _section(slug: str, t: datetime) -> QuerySet:
    used = SectionListing.objects.filter(section_id=OuterRef("pk"), live_from__lte=t, publication__parked_at=None)
    return SectionRow.objects.filter(Exists(used), slug=slug).values_list(*_SECTION)


def section(slug: str, t: datetime) -> Section | None:
    """A section that has, or once had, something public in it."""
    depends.on(stamps.SECTIONS, f"section:{slug}")
    row = _section(slug, t).first()
    return Section(**dict(zip(_SECTION, row, strict=True))) if row else None


@Question
def _topic(slug: str, t: datetime) -> QuerySet:
    used = listed(TopicListing, t).filter(tag_id=OuterRef("pk"))
    return TopicRow.objects.filter(Exists(used), slug=slug).values_list(*_TOPIC)


def topic(slug: str, t: datetime) -> Topic | None:
    """A topic that something public is about."""
    depends.on(f"topic:{slug}")
    said = _topic(slug, t).first()
    if said is None:
        return None
    row = dict(zip(_TOPIC, said, strict=True))
    lines = (line.partition(":") for line in row["facts"].splitlines() if line.strip())
    facts = tuple((name.strip(), value.strip()) if colon else ("", name.strip()) for name, colon, value in lines)
    return Topic(**row | {"facts": facts, "synonyms": tuple(map(str, row["synonyms"]))})


@Question
def _author(slug: str, t: datetime) -> QuerySet:
    used = listed(AuthorListing, t).filter(author_id=OuterRef("pk"))
    portrait = [F(f"picture__{name}") for name in showing.PORTRAYED]
    return AuthorRow.objects.filter(Exists(used), slug=slug).values_list(*_AUTHOR, *portrait)


def author(slug: str, t: datetime) -> Author | None:
    """An author who signed something public."""
    depends.on(f"author:{slug}")
    row = _author(slug, t).first()
    if row is None:
        return None
    portrait = showing.portrayed(dict(zip(showing.PORTRAYED, row[len(_AUTHOR) :], strict=True)))
    return Author(**dict(zip(_AUTHOR, row, strict=False)), portrait=portrait)


def flat_page(slug: str, t: datetime) -> AboutPage | None:
    """The page about the newsroom that is public under ``slug``."""
    depends.on(f"{editions.PAGE}{slug}")
    edition = editions.live(f"{editions.PAGE}{slug}", t)
    return _flat_page(edition.content, edition.live_from) if edition else None


@Question
def _flat_pages(t: datetime) -> QuerySet:
    return Edition.objects.at(t).filter(subject__startswith=editions.PAGE).values_list("content", "live_from")


def flat_pages(t: datetime) -> list[AboutPage]:
    """All pages about the newsroom that are public, in their order."""
    depends.on(stamps.PAGES)
    pages = sorted(_flat_pages(t), key=lambda page: (page[0]["order"], page[0]["title"]))
    return [_flat_page(content, since) for content, since in pages]


def _flat_page(content: Mapping[str, Any], since: datetime) -> AboutPage:
    named = {name: content[name] for name in ("title", "slug", "description", "body")}
    return AboutPage(**named, since=since)


# --- How the rows are asked for -------------------------------------------------------------------------------------


def listed(listing: type[Listing], t: datetime) -> QuerySet:
    """The rows of a link table at ``t``; a parked publication stands in no list."""
    return listing.objects.at(t).filter(publication__parked_at=None)


@Question
def _in_list(
    about: int, t: datetime, at: datetime | None, key: int | None, *, listing: type[Listing], limit: int
) -> QuerySet:
    rows = listed(listing, t).filter(**{f"{listing.HANGS_ON}_id": about})
    return _listed_facts(_newest(_after(rows, at, key, "publication_id")))[:limit]


def _listing(listing: type[Listing], about: int, t: datetime, limit: int, before: Place | None, whole: bool) -> Page:
    return _page(_in_list(about, t, *_place(before), listing=listing, limit=limit + 1), limit, whole=whole)


def _place(before: Place | None) -> tuple[datetime | None, int | None]:
    return (before.at, before.id) if before else (None, None)


def _after(rows: QuerySet, at: datetime | None, key: int | None, name: str, date: str = "dated_at") -> QuerySet:
    """The rows behind a place; the first condition is what an index can start at."""
    if at is None:
        return rows
    behind = Q(**{f"{date}__lt": at}) | Q(**{date: at, f"{name}__lt": key})
    return rows.filter(Q(**{f"{date}__lte": at}) & behind)


def _newest(listed: QuerySet) -> QuerySet:
    return listed.order_by("-dated_at", "-publication_id")


def _facts(publications: QuerySet, *more: str) -> QuerySet:
    return publications.values_list(*_FACTS, *more)


def _listed_facts(listed: QuerySet, *more: str) -> QuerySet:
    """Of the rows of a link table, what ``_facts`` has of publications."""
    return listed.values_list(*(f"publication__{name}" for name in _FACTS), *more)


def _named(row: Sequence[Any], *more: str) -> dict[str, Any]:
    named = dict(zip((*_FACTS, *more), row, strict=True))
    return named | composed.written(named.pop("manuscript"))


# --- What is still what was composed --------------------------------------------------------------------------------

_remembered: dict[int, Known] = {}


def _found(raw: Row, answer: Answer) -> Known | None:
    """What a row that begins with the facts says, if it is still what was composed; the log tells of others.

    A row that was found to be so is so wherever it comes again, and need not be taken apart once more. It is known by
    Python's hash of all its columns, which has a secret key of its own in each process.
    """
    facts = hash(raw[: len(_FACTS)])
    known = _remembered.get(facts)
    if known is None:
        row = _named(answer.converted(raw)[: len(_FACTS)])
        if not _is_whole(row):
            return None
        if len(_remembered) >= MOST_KNOWN:
            _remembered.clear()
        known = _remembered[facts] = Known(card_of(row), row["pictures"])
    return known


def _known(answer: Answer) -> list[Known]:
    depends.on(stamps.SECTIONS)  # each says the name of its section
    return [known for raw in answer.rows if (known := _found(raw, answer))]


def _cards(answer: Answer) -> list[Card]:
    return [known.card for known in _known(answer)]


def _stories(answer: Answer) -> list[Story]:
    depends.on(stamps.SECTIONS)
    return [story_of(_named(answer.converted(raw)[: len(_FACTS)])) for raw in answer.rows if _found(raw, answer)]


def _page(answer: Answer, limit: int, *, whole: bool = False) -> Page:
    """One page, of cards or of ``whole`` stories; one row more than fits tells that there is a next one.

    What is spoilt leaves a gap.
    """
    shown, older = Answer(answer.rows[:limit], answer.form), None
    cards = _stories(shown) if whole else _cards(shown)
    if len(answer.rows) > limit:
        last = _named(answer.converted(answer.rows[limit - 1]))
        older = Place(last["dated_at"], last["id"])
    return Page(tuple(cards), older)


def _is_whole(row: Mapping[str, Any]) -> bool:
    if composed.fits(row):
        return True
    log.error("What is stored of %s is not what was composed, so readers are not shown it.", row["address__path"])
    return False


# --- From rows to values --------------------------------------------------------------------------------------------


def card_of(row: Mapping[str, Any]) -> Card:
    """From the facts of a row."""
    return Card(**_card_facts(row))


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
