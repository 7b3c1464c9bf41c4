"""The only writer of what readers see. Each call leaves one story with intervals that never overlap."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from articles.manuscript import from_json
from articles.models import (
    FAR_FUTURE,
    Address,
    Article,
    AuthorListing,
    Correction,
    PictureUse,
    Publication,
    Revision,
    SectionListing,
    TopicListing,
    User,
)

from . import stamps
from .snapshot import Snapshot, body_html, stories

LISTINGS = (SectionListing, TopicListing, AuthorListing, PictureUse)


def live(article: Article, *, at: datetime) -> Publication | None:
    """What is public of ``article`` at ``at``: a story, a notice, or nothing."""
    return Publication.objects.at(at).filter(article=article).first()


def waiting(article: Article, *, at: datetime) -> QuerySet[Publication]:
    """The versions of ``article`` that will be public after ``at`` and are not yet, the next one first."""
    return Publication.objects.filter(article=article, parked_at=None, live_from__gt=at).order_by("live_from")


@transaction.atomic
def put(
    revision: Revision, snapshot: Snapshot, *, address: Address, by: User, at: datetime, change: str, note: str = ""
) -> Publication:
    """Make ``snapshot`` what readers see from ``at`` on; what they saw until then ends there."""
    before = live(revision.article, at=at)
    previous = last_story(revision.article)
    _close(revision.article, at=at)
    publication = Publication.objects.create(
        **_identity(revision, address=address, by=by, at=at),
        kind=Publication.Kind.STORY,
        change=change,
        note=note,
        dated_at=dated_at(snapshot, previous, at=at),
        modified_at=_modified_at(snapshot, previous, change, at=at),
        **_frozen(snapshot),
    )
    _list(publication, snapshot)
    if change == Publication.Change.CORRECTION:
        Correction.objects.create(article=revision.article, publication=publication, text=note, made_at=at)
    stamps.bump(_names(publication, before))
    return publication


@transaction.atomic
def withdraw(publication: Publication, *, by: User, at: datetime, notice: str) -> Publication:
    """End ``publication`` at ``at`` and put a notice in its place, which answers 410 and stands in no list."""
    revision = publication.revision
    _close(publication.article, at=at)
    taken_back = Publication.objects.create(
        **_identity(revision, address=publication.address, by=by, at=at),
        kind=Publication.Kind.NOTICE,
        change=Publication.Change.WITHDRAWAL,
        note=notice,
        dated_at=publication.dated_at,
        modified_at=at,
        fingerprint=publication.fingerprint,
        manuscript={},
        headline=publication.headline,
        story_kind=publication.story_kind,
        language=publication.language,
        section=publication.section,
    )
    stamps.bump(_names(taken_back, publication))
    return taken_back


@transaction.atomic
def recompose(publication: Publication) -> bool:
    """Derive the body anew from the frozen manuscript, after a change of the renderer; did it come out different?"""
    manuscript = from_json(publication.manuscript)
    derived = {"body_html": body_html(manuscript), "stories": stories(manuscript)}
    if derived == {name: getattr(publication, name) for name in derived}:
        return False
    Publication.objects.filter(pk=publication.pk).update(**derived)
    stamps.bump(_names(publication, None))
    return True


def last_story(article: Article) -> Publication | None:
    """The newest version that readers were given, whether they still see it or not."""
    return Publication.objects.stories().filter(article=article).order_by("-number").first()


def _close(article: Article, *, at: datetime) -> None:
    current = Publication.objects.at(at).filter(article=article)
    for listing in LISTINGS:
        listing.objects.filter(publication__in=current, live_until__gt=at).update(live_until=at)
    current.update(live_until=at)


def _identity(revision: Revision, *, address: Address, by: User, at: datetime) -> dict:
    last = Publication.objects.filter(article=revision.article).aggregate(last=Max("number"))["last"] or 0
    return {
        "article": revision.article,
        "number": last + 1,
        "revision": revision,
        "address": address,
        "published_at": at,
        "published_by": by,
        "live_from": at,
        "live_until": FAR_FUTURE,
    }


def dated_at(snapshot: Snapshot, previous: Publication | None, *, at: datetime) -> datetime:
    """The story's own day if it has one; else its first publication, which no later one moves."""
    if snapshot.dated_at:
        return snapshot.dated_at
    return previous.dated_at if previous and not previous.dated_by_day else at


def _modified_at(snapshot: Snapshot, previous: Publication | None, change: str, *, at: datetime) -> datetime:
    """Moves for substance only: a typo keeps it, a first publication is as old as the story."""
    if previous is None:
        return dated_at(snapshot, None, at=at)
    return previous.modified_at if change == Publication.Change.TYPO else at


def _frozen(snapshot: Snapshot) -> dict:
    manuscript = snapshot.manuscript
    same = (
        "headline",
        "short_headline",
        "search_headline",
        "feed_headline",
        "kicker",
        "standfirst",
        "language",
        "cover",
    )
    return {name: getattr(manuscript, name) for name in same} | {
        "story_kind": manuscript.kind,
        "manuscript": manuscript.as_json(),
        "fingerprint": snapshot.fingerprint,
        "section": snapshot.section,
        "dated_by_day": snapshot.dated_at is not None,
        "bylines": snapshot.bylines,
        "topics": snapshot.topics,
        "pictures": snapshot.pictures,
        "stories": snapshot.stories,
        "body_html": snapshot.body_html,
        "word_count": snapshot.word_count,
    }


def _list(publication: Publication, snapshot: Snapshot) -> None:
    interval = {name: getattr(publication, name) for name in ("dated_at", "live_from", "live_until")}
    hung: tuple[tuple[Any, str, list], ...] = (
        (SectionListing, "section", publication.section.lineage()),
        (TopicListing, "tag", snapshot.tags),
        (AuthorListing, "author", snapshot.authors),
        (PictureUse, "image", snapshot.images),
    )
    for listing, field, rows in hung:
        listing.objects.bulk_create(listing(publication=publication, **{field: row}, **interval) for row in rows)


def _names(publication: Publication, before: Publication | None) -> set[str]:
    """The stamps of every page that shows, or showed, this story."""
    names = {"home", f"story:{publication.article_id}"}
    for shown in filter(None, (publication, before)):
        names |= {f"section:{section.slug}" for section in shown.section.lineage()}
        names |= {f"topic:{topic['slug']}" for topic in shown.topics}
        names |= {f"author:{byline['slug']}" for byline in shown.bylines if byline["slug"]}
    return names
