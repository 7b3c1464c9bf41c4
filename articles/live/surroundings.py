"""The readers' half: what stands round a story at a moment ``t``, of its own past and of others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from articles.models import Publication, SectionListing, TopicListing, Translation
from articles.models.publication import Listing

from . import depends, rows, stamps
from .questions import Newest, Question, Together
from .values import Card, Entry, Story, Surroundings

MOST_TOPICS = 8  # of a story, by which others are found that are related to it
# Beside the facts of what stands round a story: the correction that each made, and why it is among them.
_CORRECTION = ("id", "made_at", "kind", "text", "place")
_WHY = ("shares_topic", "in_section", "in_series", "tells_same")
_VERSION = (*rows.FACTS, "live_until", *(f"correction_{name}" for name in _CORRECTION), *_WHY)
# Of its own past a page says when what was done: nothing else of those rows need be taken apart.
_LOGGED = frozenset(map(_VERSION.index, ("live_from", "live_until", "correction_made_at")))


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
        return rows.listed(listing, t).filter(**about)

    def stands_in(listing: type[Listing], **about: Any) -> Exists:
        return Exists(listing.objects.filter(publication_id=OuterRef("pk"), **about))

    public, told = Publication.objects.at(t).stories(), Translation.objects.filter(group=group)  # type: ignore[misc]  # only where there is one
    stories = [Publication.objects.filter(article_id=article_id), public.filter(article_id__in=names)]
    shared = [rows.newest_first(among(TopicListing, tag__slug=topic))[: on_topic + 1] for topic in topics]
    lists = [rows.newest_first(among(SectionListing, section__slug=section))[: beside + 1]]
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
        lists.append(rows.newest_first(parts.filter(before, dated_at__lte=at))[:2])
        lists.append(parts.filter(after, dated_at__gte=at).order_by("dated_at", "publication_id")[:2])
        why["in_series"] = stands_in(TopicListing, tag__slug=series)
    keys = [*(found.values("pk") for found in stories), *(found.values("publication_id") for found in lists)]
    newest = Newest(*(found.values("publication_id", "dated_at") for found in shared), most=on_topic + 1)
    around = Publication.objects.filter(pk__in=Together(*keys, newest), live_from__lte=t, parked_at=None)
    return rows.facts(around.annotate(**why), "live_until", *(f"correction__{name}" for name in _CORRECTION), *why)


def of(story: Story, t: datetime, *, on_topic: int = 3, beside: int = 4) -> Surroundings:
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
    found = [(known.card, raw[-len(_WHY) :]) for raw in others if (known := rows.found(raw, answer))]
    found.sort(key=lambda each: _by_time(each[0]), reverse=True)
    shared, near, parts, same = ([card for card, why in found if why[place]] for place in range(len(_WHY)))
    public = {card.article_id: card for card, _why in found}
    if story.article_id in names:
        pairs = zip(own, past, strict=True)
        shown = (raw for raw, row in pairs if row["live_until"] > t and row["kind"] == Publication.Kind.STORY)
        public |= {known.card.article_id: known.card for raw in shown if (known := rows.found(raw, answer))}
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
