"""The readers' half: what stands round a story at a moment ``t``, of its own past and of others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from articles.models import Publication, SectionListing, TopicListing, Translation
from articles.models.publication import Listing

from . import depends, rows, stamps
from .questions import Question, Row, Together
from .values import Card, Entry, Story, Surroundings

MOST_TOPICS = 8  # of a story, by which others are found that are related to it
# Beside the facts of what stands round a story: the correction that each made, and why it is among them.
_CORRECTION = ("id", "made_at", "kind", "text", "place")
_WHY = ("in_section", "in_series", "tells_same")
_ROUND = (*rows.FACTS, "live_until", *(f"correction_{name}" for name in _CORRECTION), *_WHY)
_STORY = Publication.Kind.STORY
# Of its own past a page says when what was done: nothing else of those rows need be taken apart.
_PAST = ("id", "kind", "change", "note", "live_from", "live_until", *(f"correction_{name}" for name in _CORRECTION))
_MOMENTS = frozenset(map(_ROUND.index, ("live_from", "live_until", "correction_made_at")))


@dataclass(frozen=True)
class _Read:
    """The versions of a story, and public stories with the reasons (_WHY) for which they were found, newest first."""

    past: list[dict[str, Any]]
    found: list[tuple[Card, Row]] = field(default_factory=list)

    def because(self, why: str) -> list[Card]:
        place = _WHY.index(why)
        return [card for card, reasons in self.found if reasons[place]]


@Question
def _past(article_id: int, t: datetime) -> QuerySet:
    """All versions of a story, with nothing else of them and nothing round it."""
    versions = Publication.objects.filter(article_id=article_id, live_from__lte=t, parked_at=None)
    return versions.values_list(*(name.replace("correction_", "correction__") for name in _PAST))


@Question
def _round(
    article_id: int,
    t: datetime,
    names: Sequence[int],
    topics: Sequence[str],
    section: str | None,
    group: UUID | None,
    series: str | None,
    at: datetime | None,
    key: int | None,
    *,
    on_topic: int,
    beside: int,
) -> QuerySet:
    """All versions of a story, and the others that its page names or shows; each is found by its own index.

    The lists of ``topics`` and of ``section`` are as for any story: this one may stand in them too.
    """

    def among(listing: type[Listing], **about: Any) -> QuerySet:
        return rows.listed(listing, t).filter(**about)

    def stands_in(listing: type[Listing], **about: Any) -> Exists:
        return Exists(listing.objects.filter(publication_id=OuterRef("pk"), **about))

    public, told = Publication.objects.at(t).stories(), Translation.objects.filter(group=group)  # type: ignore[misc]  # only where there is one
    stories = [Publication.objects.filter(article_id=article_id), public.filter(article_id__in=names)]
    lists = [rows.newest_first(among(TopicListing, tag__slug=topic))[:on_topic] for topic in topics]
    why: dict[str, Any] = dict.fromkeys(_WHY, Value(False))
    if section:
        lists.append(rows.newest_first(among(SectionListing, section__slug=section))[:beside])
        why["in_section"] = stands_in(SectionListing, section__slug=section)
    if group:
        stories.append(public.filter(article_id__in=told.values("article_id")))
        why["tells_same"] = Exists(told.filter(article_id=OuterRef("article_id")))
    if series:
        parts = among(TopicListing, tag__slug=series)
        before = Q(dated_at__lt=at) | Q(dated_at=at, publication_id__lt=key)
        after = Q(dated_at__gt=at) | Q(dated_at=at, publication_id__gt=key)
        lists.append(rows.newest_first(parts.filter(before, dated_at__lte=at))[:2])
        lists.append(parts.filter(after, dated_at__gte=at).order_by("dated_at", "publication_id")[:2])
        why["in_series"] = stands_in(TopicListing, tag__slug=series)
    keys = [*(found.values("pk") for found in stories), *(found.values("publication_id") for found in lists)]
    around = Publication.objects.filter(pk__in=Together(*keys), live_from__lte=t, parked_at=None)
    return rows.facts(around.annotate(**why), "live_until", *(f"correction__{name}" for name in _CORRECTION), *why)


def of(story: Story, t: datetime, *, on_topic: int = 3, beside: int = 4) -> Surroundings:
    """What the page of ``story`` shows of its own past and of others. One query.

    Related are those chosen by hand and then the newest others that share a topic with it, up to ``on_topic`` or all
    that were chosen; and the newest others of its section. What is not public is not there, also of what it names.
    """
    topics, section = [f"topic:{topic.slug}" for topic in story.topics[:MOST_TOPICS]], f"section:{story.section.slug}"
    # Each list is one longer than what is shown of it, because the story may stand in it too.
    lengths = dict.fromkeys(topics, on_topic + 1) | {section: beside + max(on_topic, len(story.related)) + 1}
    lists = {name: cards for name, most in lengths.items() if (cards := depends.recalled((name, most))) is not None}
    missing = {name: most for name, most in lengths.items() if name not in lists}
    read = _read(story, t, missing)
    lists |= _remembered(missing, read)
    public = {card.article_id: card for card, _why in read.found}
    named = {uid: public[number] for uid, number in story.stories.items() if number in public}
    by_hand = [named[uid] for uid in story.related if uid in named]
    taken = {story.article_id, *(card.article_id for card in by_hand)}
    shared = {card.article_id: card for topic in topics for card in lists[topic] if card.article_id not in taken}
    more = sorted(shared.values(), key=_by_time, reverse=True)[: max(0, on_topic - len(by_hand))]
    taken |= {card.article_id for card in more}
    here, parts = (story.dated_at, story.id), read.because("in_series")
    same = [card for card in read.because("tells_same") if card.article_id != story.article_id]
    return Surroundings(
        named=named,
        on_topic=[*by_hand, *more],
        beside=[card for card in lists[section] if card.article_id not in taken][:beside],
        part_before=next((card for card in parts if _by_time(card) < here), None),
        part_after=next((card for card in reversed(parts) if _by_time(card) > here), None),
        languages=_by_language(same, but=story.language),
        log=_log_of(read.past),
        corrections=_corrections_of(read.past),
    )


def _read(story: Story, t: datetime, missing: Mapping[str, int]) -> _Read:
    """The story's past and the stories that it names, its series and translations; and of the lists those that nobody
    remembers, by the names of their stamps, with their lengths.
    """
    names = sorted({*story.stories.values()})
    _note(story, names)
    if not (missing or names or story.series or story.translations):
        return _Read([dict(zip(_PAST, row, strict=True)) for row in _past(story.article_id, t)])
    topics, section = _parted(missing)
    series = (story.series.slug, story.dated_at, story.id) if story.series else (None, None, None)
    about = (story.article_id, t, names, topics, section, story.translations, *series)
    lengths = {name.partition(":")[0]: most for name, most in missing.items()}
    answer = _round(*about, on_topic=lengths.get("topic", 0), beside=lengths.get("section", 0))
    own = [raw for raw in answer.rows if raw[1] == story.article_id]
    past = [dict(zip(_ROUND, answer.converted(raw, _MOMENTS), strict=True)) for raw in own]
    public = [raw for raw in answer.rows if raw[1] != story.article_id]
    if missing or story.article_id in names:
        public += [raw for raw, row in zip(own, past, strict=True) if row["live_until"] > t and row["kind"] == _STORY]
    found = [(known.card, raw[-len(_WHY) :]) for raw in public if (known := rows.found(raw, answer))]
    return _Read(past, sorted(found, key=lambda each: _by_time(each[0]), reverse=True))


def _note(story: Story, names: Iterable[int]) -> None:
    depends.on(f"story:{story.article_id}", *(f"story:{number}" for number in names))
    if story.series:
        depends.on(f"topic:{story.series.slug}")
    if story.translations:
        depends.on(f"translations:{story.translations}")


def _parted(lists: Iterable[str]) -> tuple[list[str], str | None]:
    """The slugs of the topics and of the section among the stamps ``lists``."""
    slugs = [name.partition(":") for name in lists]
    topics = [slug for kind, _colon, slug in slugs if kind == "topic"]
    return topics, next((slug for kind, _colon, slug in slugs if kind == "section"), None)


def _remembered(missing: Mapping[str, int], read: _Read) -> dict[str, list[Card]]:
    """The lists that were asked for, by name; the next page has them."""
    lists, in_section = {}, read.because("in_section")
    for name, most in missing.items():
        kind, _colon, slug = name.partition(":")
        on_topic = (card for card, _why in read.found if any(topic.slug == slug for topic in card.topics))
        lists[name] = cards = [*islice(on_topic if kind == "topic" else in_section, most)]
        depends.remember((name, most), cards, name, stamps.SECTIONS, size=rows.CARD_SIZE * len(cards))
    return lists


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
