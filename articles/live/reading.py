"""The readers' half: what is public at a moment ``t``, as plain values. Never a draft, never a row to save.

Every list is read by its own link table and continues at a Place (keyset), so no page counts or skips. Queries know
``articles_article`` by the column ``article_id`` only.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from articles.models import (
    Address,
    AuthorListing,
    Correction,
    Edition,
    OldAddress,
    PictureUse,
    Publication,
    Rendition,
    SectionListing,
    Takedown,
    TopicListing,
    Translation,
)
from articles.models import Author as AuthorRow
from articles.models import Section as SectionRow
from articles.models import Tag as TopicRow
from articles.models.publication import Listing

from . import composed, depends, editions, stamps
from .values import (
    AboutPage,
    Author,
    Card,
    Corrected,
    Entry,
    File,
    Gone,
    Label,
    Moved,
    OnShow,
    Page,
    Picture,
    Place,
    Section,
    Signature,
    Story,
    Topic,
)

PAGE = 20
MOST_TOPICS = 8  # of a story, by which others are found that are related to it
MOST_PICTURES = 200  # of a page, that are noted one by one
SERIES = "series"  # the kind of topic whose stories are read one after another

_SAME = (
    *("id", "article_id", "headline", "short_headline", "feed_headline", "kicker", "standfirst", "language"),
    *("word_count", "dated_at", "dated_by_day", "modified_at"),
)
# A card needs less, but whether a row is still what was composed shows in all of it.
_ROW = ("id", "article_id", "live_from", *composed.COLUMNS, "address__path", "section__name", "section__slug")
_PORTRAYED = ("uid", "caption", "alt_text", "credit", "width", "height", "file", "keep_whole", "tint")
_FILE = ("name", "crop", "format", "width", "height", "byte_size")

log = logging.getLogger(__name__)


class Spoilt(Exception):
    """What is stored of the story at this address is not what was composed: nobody may be shown it."""


# --- One story ------------------------------------------------------------------------------------------------------


def story_at(path: str, t: datetime) -> Story | Moved | Gone | None:
    """What answers at ``path``: the story, its new address, the notice of its withdrawal, or nothing.

    Raises Spoilt.
    """
    owners = Address.objects.filter(path=path).values("article_id")
    live = Publication.objects.at(t).filter(article_id__in=owners)
    told = Translation.objects.filter(article_id=OuterRef("article_id")).values("group")
    row = _asked(live.annotate(translations=Subquery(told)), "translations").first()
    if row is None:
        return None
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


def published(article_id: int, number: int) -> Story | Gone | None:
    """What that publication shows, whenever it was or will be public; None where there is none. Raises Spoilt."""
    row = _asked(Publication.objects.filter(article_id=article_id, number=number)).first()
    if row is None:
        return None
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


def whole(cards: Iterable[Card], t: datetime) -> list[Story]:
    """The stories of ``cards`` with their texts, in the same order."""
    shown = {card.id: card for card in cards}
    found = {row["id"]: story_of(row) for row in intact(Publication.objects.at(t).filter(id__in=shown))}
    return [found[number] for number in shown if number in found]


def cards(publications: Sequence[int], t: datetime) -> list[Card]:
    """The stories with these ids that are public, in the same order. One query."""
    found = {row["id"]: card_of(row) for row in intact(Publication.objects.at(t).stories().filter(id__in=publications))}
    depends.on(*(f"story:{card.article_id}" for card in found.values()))
    return [found[number] for number in publications if number in found]


def named(stories: Iterable[Story], t: datetime) -> dict[str, Card]:
    """Of the stories that ``stories`` name, in links and as related, those that are public, by uid.

    One query, or none where nothing is named. What is not public is not there: nobody learns that it exists.
    """
    numbers = {uid: number for story in stories for uid, number in story.stories.items()}
    if not numbers:
        return {}
    depends.on(*(f"story:{number}" for number in numbers.values()))
    rows = intact(Publication.objects.at(t).stories().filter(article_id__in=set(numbers.values())))
    public = {row["article_id"]: card_of(row) for row in rows}
    return {uid: public[number] for uid, number in numbers.items() if number in public}


def log_of(article_id: int, t: datetime) -> list[Entry]:
    """The story's public log, oldest first: publication, updates, corrections and the like, withdrawals; no typos."""
    depends.on(f"story:{article_id}")
    told = Publication.objects.filter(article_id=article_id, live_from__lte=t, parked_at=None)
    rows = told.exclude(change=Publication.Change.TYPO).order_by("live_from", "id")
    return [Entry(*row) for row in rows.values_list("live_from", "change", "note")]


def corrections_of(article_id: int, t: datetime) -> list[Entry]:
    """The story's corrections, newest first."""
    depends.on(f"story:{article_id}")
    made = Correction.objects.filter(article_id=article_id, publication__live_from__lte=t, publication__parked_at=None)
    return [Entry(*row) for row in made.order_by("-made_at", "-id").values_list("made_at", "kind", "text", "place")]


def related(
    story: Story, t: datetime, *, by_hand: Sequence[Card] = (), on_topic: int = 3, beside: int = 4
) -> tuple[list[Card], list[Card]]:
    """Those chosen ``by_hand`` and then the newest others that share a topic with ``story``, up to ``on_topic`` or all
    that were chosen; and the newest others of its section. Two queries.
    """
    depends.on(f"section:{story.section.slug}", *(f"topic:{topic.slug}" for topic in story.topics[:MOST_TOPICS]))
    mine = Q(publication__article_id=story.article_id) | Q(publication_id__in=[card.id for card in by_hand])
    sharing = [
        listed(TopicListing, t).exclude(mine).filter(tag__slug=topic.slug) for topic in story.topics[:MOST_TOPICS]
    ]
    more = max(0, on_topic - len(by_hand))
    shared = [*by_hand, *_cards_once(_newest_of_each(TopicListing, sharing if more else [], more), more)]
    seen = Q(publication_id__in=[card.id for card in shared])
    others = listed(SectionListing, t).filter(section__slug=story.section.slug).exclude(mine | seen)
    return shared, list(map(card_of, _whole(_rows(others, beside))))


def in_other_languages(story: Story, t: datetime) -> dict[str, str]:
    """The paths of the stories that tell the same in other languages, by language. One query, or none."""
    if not story.translations:
        return {}
    depends.on(f"translations:{story.translations}")
    told = (
        Translation.objects.filter(group=story.translations).exclude(article_id=story.article_id).values("article_id")
    )
    rows = intact(Publication.objects.at(t).stories().filter(article_id__in=told).order_by("-article_id"))
    found = {row["language"]: row["address__path"] for row in rows}
    return {language: path for language, path in sorted(found.items()) if language != story.language}


def in_series(story: Story, t: datetime) -> tuple[Card | None, Card | None]:
    """The parts before and after ``story`` in its series. One query, or none where it is in no series."""
    if story.series is None:
        return None, None
    depends.on(f"topic:{story.series.slug}")
    parts = listed(TopicListing, t).filter(tag__slug=story.series.slug).exclude(publication_id=story.id)
    at, key = story.dated_at, story.id
    before = Q(dated_at__lt=at) | Q(dated_at=at, publication_id__lt=key)
    after = Q(dated_at__gt=at) | Q(dated_at=at, publication_id__gt=key)
    previous = parts.filter(before).order_by("-dated_at", "-publication_id").values("pk")[:1]
    following = parts.filter(after).order_by("dated_at", "publication_id").values("pk")[:1]
    rows = TopicListing.objects.filter(Q(pk__in=previous) | Q(pk__in=following))
    cards = list(map(card_of, _whole(_rows(rows, None))))
    place = (story.dated_at, story.id)
    return (
        next((card for card in cards if (card.dated_at, card.id) < place), None),
        next((card for card in cards if (card.dated_at, card.id) > place), None),
    )


# --- Lists ----------------------------------------------------------------------------------------------------------


def latest(t: datetime, limit: int = PAGE, before: Place | None = None) -> Page:
    """The newest stories of the whole site."""
    depends.on(stamps.STORIES)
    rows = _after(Publication.objects.at(t).stories(), before, "id").order_by("-dated_at", "-id")
    return _page(list(_asked(rows)[: limit + 1]), limit)


def since(moment: datetime, t: datetime, limit: int) -> list[Card]:
    """At most ``limit`` of the stories dated from ``moment`` on, newest first."""
    depends.on(stamps.STORIES)
    rows = Publication.objects.at(t).stories().filter(dated_at__gte=moment).order_by("-dated_at", "-id")
    cards = list(map(card_of, intact(rows[:limit])))
    depends.until(min((card.dated_at + (t - moment) for card in cards), default=None))
    return cards


def between(start: datetime, end: datetime, t: datetime, before: Place | None = None, limit: int = PAGE) -> Page:
    """The newest stories dated in [start, end)."""
    depends.on(stamps.period(start, end))
    dated = Publication.objects.at(t).stories().filter(dated_at__gte=start, dated_at__lt=end)
    return _page(list(_asked(_after(dated, before, "id").order_by("-dated_at", "-id"))[: limit + 1]), limit)


def span(t: datetime) -> tuple[datetime | None, datetime | None]:
    """When the oldest and the newest story are dated. Two queries."""
    depends.on(stamps.DAYS)
    dated = Publication.objects.at(t).stories().values_list("dated_at", flat=True)
    return dated.order_by("dated_at").first(), dated.order_by("-dated_at").first()


def used(periods: Sequence[tuple[datetime, datetime]], t: datetime) -> set[int]:
    """Which of ``periods`` [start, end), by their places, something public is dated in. One query, a look at each."""
    depends.on(*(stamps.period(*period) for period in periods))
    live = Publication.objects.at(t).stories()
    each = {
        f"period_{place}": Exists(live.filter(dated_at__gte=start, dated_at__lt=end))
        for place, (start, end) in enumerate(periods)
    }
    answer = live.values_list(*each.values())[:1] if each else ()
    return {place for row in answer for place, is_used in enumerate(row) if is_used}


def beside(start: datetime, end: datetime, t: datetime) -> tuple[datetime | None, datetime | None]:
    """When the nearest stories before ``start`` and from ``end`` on are dated. Two queries."""
    depends.on(stamps.DAYS)
    live = Publication.objects.at(t).stories()
    earlier = live.filter(dated_at__lt=start).order_by("-dated_at").values_list("dated_at", flat=True).first()
    later = live.filter(dated_at__gte=end).order_by("dated_at").values_list("dated_at", flat=True).first()
    return earlier, later


def in_section(section: Section | SectionRow, t: datetime, limit: int = PAGE, before: Place | None = None) -> Page:
    """The newest stories of a section and of those below it."""
    depends.on(f"section:{section.slug}")
    return _listing(SectionListing, t, limit, before, section_id=section.id)


def on_topic(tag_id: int, t: datetime, limit: int = PAGE, before: Place | None = None) -> Page:
    """The newest stories about a topic."""
    return _listing(TopicListing, t, limit, before, tag_id=tag_id)


def by_author(author_id: int, t: datetime, limit: int = PAGE, before: Place | None = None) -> Page:
    """The newest stories that an author signed."""
    return _listing(AuthorListing, t, limit, before, author_id=author_id)


def newest_in(sections: Iterable[Section], t: datetime, limit: int, *, but: Sequence[int]) -> dict[int, list[Card]]:
    """The newest stories of each section by its id, without the publications ``but``. One query for all sections."""
    sections = list(sections)
    depends.on(*(f"section:{section.slug}" for section in sections))
    wanted = [listed(SectionListing, t).filter(section_id=s.id).exclude(publication_id__in=but) for s in sections]
    found: dict[int, list[Card]] = {}
    for row in _whole(_rows(_newest_of_each(SectionListing, wanted, limit), None, "section_id")):
        found.setdefault(row["section_id"], []).append(card_of(row))
    return found


def corrections(t: datetime, limit: int = PAGE, before: Place | None = None) -> tuple[list[Corrected], Place | None]:
    """The newest corrections of what is public, and where the next page starts. A withdrawn story's are not shown."""
    depends.on(stamps.STORIES)
    stories = Publication.objects.at(t).stories()
    standing = Exists(stories.filter(article_id=OuterRef("article_id")))
    made = Correction.objects.filter(standing, publication__live_from__lte=t, publication__parked_at=None)
    rows = list(_after(made, before, "id", "made_at").order_by("-made_at", "-id").values()[: limit + 1])
    live = intact(stories.filter(article_id__in={row["article_id"] for row in rows}))
    where = {row["article_id"]: (row["headline"], row["address__path"]) for row in live}
    shown = [
        Corrected(row["id"], row["kind"], row["text"], row["made_at"], *where[row["article_id"]])
        for row in rows[:limit]
        if row["article_id"] in where
    ]
    return shown, Place(rows[limit - 1]["made_at"], rows[limit - 1]["id"]) if len(rows) > limit else None


def withdrawn(t: datetime, limit: int = PAGE) -> list[tuple[str, str, datetime]]:
    """(path, notice, since) of the stories that were withdrawn last and are gone at ``t``: no word of theirs."""
    depends.on(stamps.STORIES)
    notices = Publication.objects.at(t).filter(kind=Publication.Kind.NOTICE).order_by("-live_from", "-id")
    return list(notices.values_list("address__path", "note", "live_from")[:limit])


# --- What lists are about -------------------------------------------------------------------------------------------


def sections(t: datetime, also: Iterable[int] = ()) -> list[Section]:
    """The sections with something public in them, and those with the ids of ``also``, in the order of the masthead."""
    used = listed(SectionListing, t).filter(section_id=OuterRef("pk"))
    return _sections(SectionRow.objects.filter(Exists(used) | Q(pk__in=list(also))))


def section(slug: str, t: datetime) -> Section | None:
    """A section that has, or once had, something public in it."""
    depends.on(f"section:{slug}")
    used = SectionListing.objects.filter(section_id=OuterRef("pk"), live_from__lte=t, publication__parked_at=None)
    return next(iter(_sections(SectionRow.objects.filter(Exists(used), slug=slug))), None)


def topic(slug: str, t: datetime) -> Topic | None:
    """A topic that something public is about."""
    depends.on(f"topic:{slug}")
    used = listed(TopicListing, t).filter(tag_id=OuterRef("pk"))
    names = ("id", "name", "slug", "kind", "description", "facts", "synonyms", "wikidata_id")
    row = TopicRow.objects.filter(Exists(used), slug=slug).values(*names).first()
    if row is None:
        return None
    lines = (line.partition(":") for line in row["facts"].splitlines() if line.strip())
    facts = tuple((name.strip(), value.strip()) if colon else ("", name.strip()) for name, colon, value in lines)
    return Topic(**row | {"facts": facts, "synonyms": tuple(map(str, row["synonyms"]))})


def author(slug: str, t: datetime) -> Author | None:
    """An author who signed something public."""
    depends.on(f"author:{slug}")
    used = listed(AuthorListing, t).filter(author_id=OuterRef("pk"))
    portrait = {name: F(f"picture__{name}") for name in _PORTRAYED}
    names = ("id", "name", "slug", "kind", "role", "bio", "email", "website")
    row = AuthorRow.objects.filter(Exists(used), slug=slug).annotate(**portrait).values(*names, *portrait).first()
    return Author(**{name: row[name] for name in names}, portrait=_portrayed(row)) if row else None


def flat_page(slug: str, t: datetime) -> AboutPage | None:
    """The page about the newsroom that is public under ``slug``."""
    depends.on(f"{editions.PAGE}{slug}")
    row = Edition.objects.at(t).filter(subject=f"{editions.PAGE}{slug}").first()
    return _flat_page(row) if row else None


def flat_pages(t: datetime) -> list[AboutPage]:
    """All pages about the newsroom that are public, in their order."""
    depends.on(stamps.PAGES)
    rows = Edition.objects.at(t).filter(subject__startswith=editions.PAGE)
    return list(map(_flat_page, sorted(rows, key=lambda row: (row.content["order"], row.content["title"]))))


def _flat_page(row: Edition) -> AboutPage:
    named = {name: row.content[name] for name in ("title", "slug", "description", "body")}
    return AboutPage(**named, since=row.live_from)


# --- Pictures -------------------------------------------------------------------------------------------------------


def on_show(pictures: Iterable[Picture | None], t: datetime) -> OnShow:
    """The files of all pictures of a page, and what stands in for those that may not be shown at ``t``.

    One query, or none where no file can be; two more where a picture has no file to show. A picture that is taken down
    has none, also on a page as it was before that.
    """
    uids = {picture.uid for picture in pictures if picture and not picture.awaiting}
    files = _files(uids, t)
    instead = _instead(uids - files.keys(), t)
    _note_pictures(uids | {picture.uid for picture in instead.values() if picture})
    return OnShow(files | _files({picture.uid for picture in instead.values() if picture}, t), instead)


def broad_cuts(uids: Collection[str], t: datetime) -> dict[str, list[File]]:
    """The JPEGs of the broad cuts of these pictures that may be shown at ``t``, by uid, smallest first. One query."""
    _note_pictures(uids)
    return _files(uids, t, crop="wide", format="jpg")


def _note_pictures(uids: Collection[str]) -> None:
    """A page with very many stands on all there are, rather than on a list as long as itself."""
    depends.on(*(f"picture:{uid}" for uid in uids) if len(uids) <= MOST_PICTURES else (stamps.PICTURES,))


def _files(uids: Collection[str], t: datetime, **only: str) -> dict[str, list[File]]:
    found: dict[str, list[File]] = {}
    if uids:
        down = Takedown.objects.filter(image_id=OuterRef("image_id"))
        shown = Rendition.objects.filter(
            ~Exists(down.at(t)), ~Exists(down.at(timezone.now())), image__uid__in=uids, **only
        )
        for row in shown.order_by("width").values("image__uid", *_FILE):
            found.setdefault(str(row.pop("image__uid")), []).append(File(**row))
    return found


def _instead(uids: Collection[str], t: datetime) -> dict[str, Picture | None]:
    """What readers see of those pictures that may not be shown at ``t``: its fallback while that may be, or nothing."""
    if not uids:
        return {}
    facts = {name: F(f"fallback__{name}") for name in _PORTRAYED}
    also_down = Takedown.objects.at(t).filter(image_id=OuterRef("fallback_id"))
    down = Takedown.objects.at(t).filter(image__uid__in=uids).annotate(is_down=Exists(also_down), **facts)
    rows = down.order_by("live_from").values("image__uid", "is_down", *_PORTRAYED)
    found = {str(row["image__uid"]): row for row in rows}
    depends.on(*(f"picture:{row['uid']}" for row in found.values() if row["uid"]))
    return {uid: None if row["is_down"] else _portrayed(row) for uid, row in found.items()}


def public_file(name: str, t: datetime) -> tuple[File, str, datetime | None] | None:
    """The public file called ``name`` while a public story shows its picture, or a public author has it as portrait.

    And while it is not taken down; with the picture's uid, and the moment from which that is already known, or None.
    """
    shown = PictureUse.objects.at(t).filter(image_id=OuterRef("image_id"), publication__parked_at=None)
    portrait = listed(AuthorListing, t).filter(author__picture_id=OuterRef("image_id"))
    down = Takedown.objects.at(t).filter(image_id=OuterRef("image_id"))
    ends = Takedown.objects.filter(image_id=OuterRef("image_id"), live_from__gt=t).order_by("live_from")
    stands_in = Takedown.objects.at(t).filter(fallback_id=OuterRef("image_id"), image__in=_in_use(t))
    public = Exists(shown) | Exists(portrait) | Exists(stands_in)
    rows = Rendition.objects.filter(public, ~Exists(down), name=name)
    row = rows.annotate(ends=Subquery(ends.values("live_from")[:1])).values(*_FILE, "image__uid", "ends").first()
    return (File(**{name: row[name] for name in _FILE}), str(row["image__uid"]), row["ends"]) if row else None


def _in_use(t: datetime) -> QuerySet:
    """The keys of the pictures that something public shows, or would show if it might."""
    return PictureUse.objects.at(t).filter(publication__parked_at=None).values("image_id")


# --- How the rows are asked for -------------------------------------------------------------------------------------


def listed(listing: type[Listing], t: datetime) -> QuerySet:
    """The rows of a link table at ``t``; a parked publication stands in no list."""
    return listing.objects.at(t).filter(publication__parked_at=None)


def _listing(listing: type[Listing], t: datetime, limit: int, before: Place | None, **about: int) -> Page:
    return _page(_rows(_after(listed(listing, t).filter(**about), before, "publication_id"), limit + 1), limit)


def _after(rows: QuerySet, place: Place | None, key: str, date: str = "dated_at") -> QuerySet:
    """The rows behind ``place``; the first condition is what an index can start at."""
    if place is None:
        return rows
    behind = Q(**{f"{date}__lt": place.at}) | Q(**{date: place.at, f"{key}__lt": place.id})
    return rows.filter(Q(**{f"{date}__lte": place.at}) & behind)


def _newest_of_each(listing: type[Listing], wanted: list[QuerySet], limit: int) -> QuerySet:
    """The ``limit`` newest rows of each of ``wanted``, together: each is a short walk along its own index."""
    newest = [Q(pk__in=rows.order_by("-dated_at", "-publication_id").values("pk")[:limit]) for rows in wanted]
    return listing.objects.filter(reduce(or_, newest)) if newest else listing.objects.none()


def _asked(publications: QuerySet, *more: str) -> QuerySet:
    depends.on(stamps.SECTIONS)  # each says the name of its section
    return publications.annotate(**composed.written()).values(*_ROW, *composed.WRITTEN, *more)


def _rows(listed: QuerySet, limit: int | None, *more: str) -> list[dict[str, Any]]:
    """The newest rows of a link table, as ``_asked`` has them of publications, with the columns ``more``."""
    depends.on(stamps.SECTIONS)
    asked = listed.order_by("-dated_at", "-publication_id").annotate(**composed.written("publication__"))
    columns = {f"publication__{name}": name for name in _ROW} | {name: name for name in (*composed.WRITTEN, *more)}
    return [{columns[name]: value for name, value in row.items()} for row in asked.values(*columns)[:limit]]


def _page(rows: Sequence[Mapping[str, Any]], limit: int) -> Page:
    """One page; one row more than fits tells that there is a next one. What is spoilt leaves a gap."""
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(tuple(map(card_of, _whole(rows[:limit]))), Place(last["dated_at"], last["id"]) if last else None)


def _cards_once(listed: QuerySet, limit: int) -> list[Card]:
    cards = {row["id"]: card_of(row) for row in _whole(_rows(listed, None))}
    return list(cards.values())[:limit]


def intact(publications: QuerySet) -> Iterator[Mapping[str, Any]]:
    """The rows of those publications that are still what was composed. One query."""
    return _whole(_asked(publications))


def _whole(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The rows that are still what was composed; the log tells of the others."""
    return filter(_is_whole, rows)


def _is_whole(row: Mapping[str, Any]) -> bool:
    if composed.fits(row):
        return True
    log.error("What is stored of %s is not what was composed, so readers are not shown it.", row["address__path"])
    return False


# --- From rows to values --------------------------------------------------------------------------------------------


def card_of(row: Mapping[str, Any]) -> Card:
    """From a row that ``intact`` gave."""
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


def _sections(rows: QuerySet) -> list[Section]:
    depends.on(stamps.SECTIONS)
    return [Section(**row) for row in rows.values("id", "parent_id", "name", "slug", "description")]


def _portrayed(row: Mapping[str, Any]) -> Picture | None:
    """A picture from the columns _PORTRAYED, as they are now; nothing without its file."""
    if not row["file"]:
        return None
    credit = f"Picture: {row['credit']}" if row["credit"] else ""
    same = {name: row[name] for name in ("caption", "width", "height", "tint")}
    return Picture(str(row["uid"]), alt=row["alt_text"], credit=credit, whole=row["keep_whole"], **same)
