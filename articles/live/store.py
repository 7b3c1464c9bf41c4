"""The only writer of what readers see. Each call leaves one story with intervals that never overlap."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.manuscript import from_json
from articles.models import (
    FAR_FUTURE,
    Address,
    Article,
    Author,
    AuthorListing,
    Correction,
    PictureUse,
    Publication,
    Revision,
    Section,
    SectionListing,
    Tag,
    TopicListing,
    User,
)

from . import composed, indexing, stamps
from .snapshot import Snapshot, body_html, stories

AT_ONCE = 500  # publications read at once
LISTINGS: tuple[Any, ...] = (SectionListing, TopicListing, AuthorListing, PictureUse)
# What a version that begins at another time does not take with it.
_OF_ITS_TIME = frozenset(
    {
        *("article_id", "number", "published_at", "published_by_id", "live_from", "live_until"),
        *("parked_at", "parked_by_id", "parked_why"),
    }
)


def live(article: Article, *, at: datetime) -> Publication | None:
    """What is public of ``article`` at ``at``: a story, a notice, or nothing."""
    return Publication.objects.at(at).filter(article=article).first()


def waiting(article: Article, *, at: datetime) -> QuerySet[Publication]:
    """The versions of ``article`` that will be public after ``at`` and are not yet, the next one first."""
    return Publication.objects.filter(article=article, parked_at=None, live_from__gt=at).order_by("live_from")


@transaction.atomic
def put(
    revision: Revision,
    snapshot: Snapshot,
    *,
    address: Address,
    by: User,
    at: datetime,
    change: str,
    note: str = "",
    starts: datetime | None = None,
    place: str = Correction.Place.TOP,
) -> Publication:
    """Make ``snapshot`` what readers see from ``at`` on, or from ``starts``; what they saw until then ends there.

    It ends where the next version that waits begins.
    """
    starts = starts or at
    before = live(revision.article, at=starts)
    publication = Publication(
        **_identity(revision.article, at=at, by=by, starts=starts),
        revision=revision,
        address=address,
        kind=Publication.Kind.STORY,
        change=change,
        note=note,
        base=live(revision.article, at=at) if starts > at else None,
        **_dates(snapshot.dated_at, last_story(revision.article, before=starts), change, starts=starts),
        **_frozen(snapshot),
    )
    _open(publication)
    _list(publication, snapshot.tags, snapshot.authors, snapshot.images)
    if change in Correction.Kind.values:
        Correction.objects.create(
            article=revision.article, publication=publication, kind=change, place=place, text=note, made_at=starts
        )
    _tell(publication, before, at=at)
    return publication


@transaction.atomic
def withdraw(publication: Publication, *, by: User, at: datetime, notice: str) -> Publication:
    """End ``publication`` at ``at`` and put a notice in its place, which answers 410 and stands in no list.

    What waits for its time is parked: the story would come back by itself.
    """
    for later in waiting(publication.article, at=at):
        park(later, by=by, at=at, why=_("The story was withdrawn."))
    taken_back = Publication(
        **_identity(publication.article, at=at, by=by, starts=at),
        revision=publication.revision,
        address=publication.address,
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
    _open(taken_back)
    _tell(taken_back, publication, at=at)
    return taken_back


@transaction.atomic
def park(publication: Publication, *, by: User | None, at: datetime, why: str) -> None:
    """Take a version that waits out of the time table; what it would have replaced stays for as long as it would have.

    Raises ValueError for one whose time has come: readers have seen it.
    """
    if publication.live_from <= at:
        raise ValueError("Only what waits for its time can be parked.")
    Publication.objects.filter(pk=publication.pk).update(parked_at=at, parked_by=by, parked_why=why[:300])
    publication.refresh_from_db()
    ended = Publication.objects.filter(article=publication.article, parked_at=None, live_until=publication.live_from)
    _end(ended, at=publication.live_until)
    stamps.bump()


@transaction.atomic
def move(publication: Publication, *, to: datetime, by: User, at: datetime, why: str) -> Publication:
    """Let a version that waits begin at ``to`` instead: the same words under a new number. The old row is parked."""
    park(publication, by=by, at=at, why=why)
    before = live(publication.article, at=to)
    hung = {listing: list(listing.objects.filter(publication=publication)) for listing in LISTINGS}
    moved = Publication(
        **{
            field.attname: getattr(publication, field.attname)
            for field in Publication._meta.concrete_fields
            if not field.primary_key and field.attname not in _OF_ITS_TIME
        }
        | _identity(publication.article, at=at, by=by, starts=to)
    )
    own_day = publication.dated_at if publication.dated_by_day else None
    dates = _dates(own_day, last_story(publication.article, before=to), publication.change, starts=to)
    for name, value in dates.items():
        setattr(moved, name, value)
    _open(moved)
    interval = _interval(moved)
    for listing, rows in hung.items():
        copies = [{listing.HANGS_ON: getattr(row, listing.HANGS_ON)} for row in rows]
        listing.objects.bulk_create(listing(publication=moved, **copy, **interval) for copy in copies)
    if moved.change in Correction.Kind.values:
        old = publication.correction
        Correction.objects.create(
            article=moved.article, publication=moved, kind=old.kind, place=old.place, text=old.text, made_at=to
        )
    _tell(moved, before, at=at)
    return moved


@transaction.atomic
def readdress(article: Article, address: Address, *, at: datetime) -> None:
    """Let what is public of ``article``, and what will be, stand at ``address``."""
    shown = Publication.objects.filter(article=article, live_until__gt=at).select_related("section")
    names = {name for publication in shown for name in stamps.of(publication)}
    shown.update(address=address)
    stamps.bump(names)


@transaction.atomic
def relabel_topic(old: str, tag: Tag, *, merged: Tag | None = None) -> int:
    """Let every version that says the topic ``old`` (a slug) say ``tag``, and hang on it.

    ``merged`` is the row that they hung on, where that is another. How many stories are public, or will be, with it.
    """
    hung = TopicListing.objects.filter(tag=merged or tag)
    shown = Publication.objects.filter(pk__in=hung.values("publication")).order_by("pk")
    touched = [each.pk for each in shown.iterator(AT_ONCE) if _retopic(each, old, tag)]
    if merged:
        _hang_on(TopicListing, "tag", merged, tag)
    return _relabelled(touched, {f"topic:{old}", f"topic:{tag.slug}"})


@transaction.atomic
def relabel_author(old: str, author: Author, *, merged: Author | None = None) -> int:
    """As ``relabel_topic``, in lists alone: a byline stays as it was printed, and its link leads on."""
    hung = list(AuthorListing.objects.filter(author=merged or author).values_list("publication_id", flat=True))
    if merged:
        _hang_on(AuthorListing, "author", merged, author)
    return _relabelled(hung, {f"author:{old}", f"author:{author.slug}"})


@transaction.atomic
def relabel_section(old: Section, section: Section) -> int:
    """Let every version in ``old``, or in a section below it, stand in the lists of ``section``; as ``relabel_topic``.

    The addresses of stories stay.
    """
    hung = list(SectionListing.objects.filter(section=old).values_list("publication_id", flat=True))
    Publication.objects.filter(section=old).update(section=section)
    for begin in range(0, len(hung), AT_ONCE):
        batch = Publication.objects.filter(pk__in=hung[begin : begin + AT_ONCE]).select_related("section")
        SectionListing.objects.filter(publication__in=batch).delete()
        for publication in batch:
            _list_in_sections(publication)
    return _relabelled(hung, {f"section:{each.slug}" for each in (old, section)})


def _retopic(publication: Publication, old: str, tag: Tag) -> bool:
    """Write the topics of ``publication`` anew, with the digest that belongs to them; were they others?"""
    entry = {"name": tag.name, "slug": tag.slug, "kind": tag.kind}
    named = [entry if topic["slug"] == old else topic for topic in publication.topics]
    topics = list({topic["slug"]: topic for topic in named}.values())
    if topics == publication.topics:
        return False
    publication.topics = topics
    Publication.objects.filter(pk=publication.pk).update(topics=topics, composed_digest=composed.of(publication))
    indexing.add(publication)
    return True


def _hang_on(listing: type[Any], field: str, old: Any, new: Any) -> None:
    """Let the rows of ``old`` hang on ``new``, where the publication does not hang there already."""
    rows = listing.objects.filter(**{field: old})
    both = listing.objects.filter(**{field: new}).values("publication")
    rows.filter(publication__in=list(rows.filter(publication__in=both).values_list("publication", flat=True))).delete()
    rows.update(**{field: new})


def _relabelled(publications: list[int], names: set[str]) -> int:
    stories = set(
        Publication.objects.filter(pk__in=publications, live_until__gt=timezone.now()).values_list("article", flat=True)
    )
    # A card says its topics, its section and its bylines wherever it stands: as SECTIONS, this changes every page.
    stamps.bump(names | {stamps.STORIES, stamps.SECTIONS} | {f"story:{number}" for number in stories})
    return len(stories)


def flag(publication: Publication, *, at: datetime, why: str) -> None:
    """Say that a person must look at ``publication`` before its time comes."""
    Publication.objects.filter(pk=publication.pk).update(flagged_at=at, flagged_why=why[:300])


def seal_old(*, using: str = "default") -> int:
    """Give the publications that were composed before there were digests theirs; how many that were."""
    unsealed = list(Publication.objects.using(using).filter(composed_digest=""))
    for publication in unsealed:
        Publication.objects.using(using).filter(pk=publication.pk).update(composed_digest=composed.of(publication))
    return len(unsealed)


@transaction.atomic
def recompose(publication: Publication) -> bool:
    """Derive the body anew from the frozen manuscript, after a change of the renderer; did it come out different?"""
    manuscript = from_json(publication.manuscript)
    derived = {"body_html": body_html(manuscript), "stories": stories(manuscript)}
    if derived == {name: getattr(publication, name) for name in derived}:
        return False
    for name, value in derived.items():
        setattr(publication, name, value)
    Publication.objects.filter(pk=publication.pk).update(**derived, composed_digest=composed.of(publication))
    stamps.bump(stamps.of(publication))
    return True


def last_story(article: Article, *, before: datetime) -> Publication | None:
    """The newest version that readers were given before that moment, whether they still see it or not."""
    given = Publication.objects.stories().filter(article=article, parked_at=None, live_from__lt=before)
    return given.order_by("-live_from").first()


def _open(publication: Publication) -> None:
    """Write ``publication`` down with its digest; what was public when it begins ends there."""
    _end(Publication.objects.at(publication.live_from).filter(article=publication.article), at=publication.live_from)
    publication.composed_digest = composed.of(publication)
    publication.save(force_insert=True)
    indexing.add(publication)


def _end(publications: QuerySet[Publication], *, at: datetime) -> None:
    """Let the intervals of ``publications`` end at ``at``, earlier or later than they did."""
    keys = list(publications.values_list("pk", flat=True))
    for listing in LISTINGS:
        listing.objects.filter(publication__in=keys).update(live_until=at)
    Publication.objects.filter(pk__in=keys).update(live_until=at)


def _identity(article: Article, *, at: datetime, by: User, starts: datetime) -> dict:
    last = Publication.objects.filter(article=article).aggregate(last=Max("number"))["last"] or 0
    following = waiting(article, at=starts).first()
    return {
        "article": article,
        "number": last + 1,
        "published_at": at,
        "published_by": by,
        "live_from": starts,
        "live_until": following.live_from if following else FAR_FUTURE,
    }


def _dates(own_day: datetime | None, previous: Publication | None, change: str, *, starts: datetime) -> dict:
    """When the story is dated, and when it last changed: for substance only, a typo keeps what was."""
    dated = own_day or _dated_at(previous, starts)
    if previous is None:
        return {"dated_at": dated, "modified_at": dated}
    return {"dated_at": dated, "modified_at": previous.modified_at if change == Publication.Change.TYPO else starts}


def _interval(publication: Publication) -> dict[str, datetime]:
    return {name: getattr(publication, name) for name in ("dated_at", "live_from", "live_until")}


def _dated_at(previous: Publication | None, starts: datetime) -> datetime:
    return previous.dated_at if previous and not previous.dated_by_day else starts


def dated_at(snapshot: Snapshot, previous: Publication | None, *, at: datetime) -> datetime:
    """The story's own day if it has one; else its first publication, which no later one moves."""
    return snapshot.dated_at or _dated_at(previous, at)


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


def _list(publication: Publication, tags: list, authors: list, images: list) -> None:
    _list_in_sections(publication)
    hung: tuple[tuple[Any, list], ...] = (
        (TopicListing, tags),
        (AuthorListing, authors),
        (PictureUse, images),
    )
    interval = _interval(publication)
    for listing, rows in hung:
        listing.objects.bulk_create(
            listing(publication=publication, **{listing.HANGS_ON: row}, **interval) for row in rows
        )


def _list_in_sections(publication: Publication) -> None:
    interval = _interval(publication)
    SectionListing.objects.bulk_create(
        SectionListing(publication=publication, section=section, **interval)
        for section in publication.section.lineage()
    )


def _tell(publication: Publication, before: Publication | None, *, at: datetime) -> None:
    """Raise the stamps of every page that shows, or showed, this story; none where it begins later, by itself."""
    names: set[str] = set()
    if publication.live_from <= at:
        names |= stamps.of(publication) | (stamps.of(before) if before else set())
        names |= stamps.opened_or_closed(publication, before, at)
    stamps.bump(names)
