"""The readers' half: the sections, topics and authors of what is public at a moment ``t``."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from articles.models import Author as AuthorRow
from articles.models import AuthorListing, SectionListing, TopicListing
from articles.models import Section as SectionRow
from articles.models import Tag as TopicRow

from . import depends, rows, showing, stamps
from .questions import Question, Row
from .values import Author, Section, Topic

SECTION_SIZE = 1000  # bytes of memory that a section takes, roughly
_SECTION = ("id", "parent_id", "name", "slug", "description")
_TOPIC = ("id", "name", "slug", "kind", "description", "facts", "synonyms", "wikidata_id")
_AUTHOR = ("id", "name", "slug", "kind", "role", "bio", "email", "website")


@Question
def _in_masthead(t: datetime, also: Sequence[int]) -> QuerySet:
    used = rows.listed(SectionListing, t).filter(section_id=OuterRef("pk"))
    return SectionRow.objects.filter(Exists(used) | Q(pk__in=also)).values_list(*_SECTION)


def sections(t: datetime, also: Iterable[int] = ()) -> list[Section]:
    """The sections with something public in them, and those with the ids of ``also``, in the order of the masthead."""
    depends.on(stamps.SECTIONS)
    also = list(also)
    known = None if also else depends.recalled(stamps.SECTIONS)
    if known is None:
        known = _masthead(tuple(map(tuple, _in_masthead(t, also))))
        if not also:
            depends.remember(stamps.SECTIONS, known, stamps.SECTIONS, size=SECTION_SIZE * len(known))
    return [*known]


@lru_cache(maxsize=8)
def _masthead(said: tuple[Row, ...]) -> tuple[Section, ...]:
    """The same values while what the rows say is the same, so that what is drawn of them is known again at once."""
    return tuple(Section(**dict(zip(_SECTION, row, strict=True))) for row in said)


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
    used = rows.listed(TopicListing, t).filter(tag_id=OuterRef("pk"))
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
    used = rows.listed(AuthorListing, t).filter(author_id=OuterRef("pk"))
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
