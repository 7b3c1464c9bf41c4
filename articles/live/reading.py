"""The readers' half: the stories that are public at a moment ``t``, as plain values.

Never a draft, and never a row to save. What pages ask is a Question: made SQL once, then only asked.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from articles.models import Address, OldAddress, Publication, Translation

from . import depends, rows, stamps
from .questions import Question
from .values import Card, Gone, Moved, Story


class Spoilt(Exception):
    """What is stored of the story at this address is not what was composed: nobody may be shown it."""


@Question
def _live_at(path: str, t: datetime) -> QuerySet:
    owners = Address.objects.filter(path=path).values("article_id")
    told = Translation.objects.filter(article_id=OuterRef("article_id")).values("group")
    live = Publication.objects.at(t).filter(article_id__in=owners).annotate(translations=Subquery(told))
    return rows.facts(live, "translations")[:1]


def story_at(path: str, t: datetime) -> Story | Moved | Gone | None:
    """What answers at ``path``: the story, its new address, the notice of its withdrawal, or nothing.

    Raises Spoilt.
    """
    depends.on(stamps.SECTIONS)
    said = _live_at(path, t).first()
    if said is None:
        return None
    row = rows.named(said, "translations")
    depends.on(f"story:{row['article_id']}")
    if not rows.is_whole(row):
        raise Spoilt(path)
    if row["kind"] == Publication.Kind.NOTICE:
        return Gone(row["note"], row["live_from"])
    return rows.story_of(row) if row["address__path"] == path else Moved(row["address__path"])


def old_address(path: str, t: datetime) -> str | None:
    """Where an address from before this site leads: to the story that is public at ``t``, or to a path of ours."""
    row = OldAddress.objects.filter(path=path).values_list("article_id", "leads_to").first()
    if row is None or row[0] is None:
        return row[1] if row else None
    live = Publication.objects.at(t).filter(article_id=row[0])
    return live.values_list("address__path", flat=True).first()


@Question
def _version(article_id: int, number: int) -> QuerySet:
    return rows.facts(Publication.objects.filter(article_id=article_id, number=number))


def published(article_id: int, number: int) -> Story | Gone | None:
    """What that publication shows, whenever it was or will be public; None where there is none. Raises Spoilt."""
    said = _version(article_id, number).first()
    if said is None:
        return None
    row = rows.named(said)
    if not rows.is_whole(row):
        raise Spoilt(row["address__path"])
    if row["kind"] == Publication.Kind.NOTICE:
        return Gone(row["note"], row["live_from"])
    return rows.story_of(row)


@Question
def _among(numbers: Sequence[int], t: datetime) -> QuerySet:
    return rows.facts(Publication.objects.at(t).stories().filter(id__in=numbers))


@Question
def live_of(articles: Sequence[int], t: datetime) -> QuerySet:
    return rows.facts(Publication.objects.at(t).stories().filter(article_id__in=articles))


def intact(numbers: Sequence[int], t: datetime) -> list[rows.Known]:
    """Of the publications with these ids those that are public and still what was composed. One query, or none."""
    return rows.all_found(_among(list(numbers), t))


def cards(publications: Sequence[int], t: datetime) -> list[Card]:
    """The stories with these ids that are public, in the same order. One query."""
    found = {known.card.id: known.card for known in intact(publications, t)}
    depends.on(*(f"story:{card.article_id}" for card in found.values()))
    return [found[number] for number in publications if number in found]


def live(articles: Iterable[int], t: datetime) -> list[rows.Known]:
    """What is public of the stories with these numbers. One query, or none."""
    numbers = sorted({*articles})
    depends.on(*(f"story:{number}" for number in numbers))
    return rows.all_found(live_of(numbers, t))


def named(stories: Iterable[Story], t: datetime) -> dict[str, Card]:
    """Of the stories that ``stories`` name, in links and as related, those that are public, by uid.

    One query, or none where nothing is named. What is not public is not there: nobody learns that it exists.
    """
    numbers = {uid: number for story in stories for uid, number in story.stories.items()}
    public = {known.card.article_id: known.card for known in live(numbers.values(), t)}
    return {uid: public[number] for uid, number in numbers.items() if number in public}
