"""What readers' pages are made of: plain values, read once and never saved. Knows no table and asks no question."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Self, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

# Readers must see at once what is not plain news.
KIND_LABELS = {
    "analysis": _("Analysis"),
    "opinion": _("Opinion"),
    "explainer": _("Explained"),
    "interview": _("Interview"),
    "gallery": _("In pictures"),
}

TOPIC_KINDS = {
    "service": _("Armed service"),
    "operation": _("Operation"),
    "unit": _("Unit"),
    "ship": _("Ship"),
    "equipment": _("Equipment"),
    "place": _("Place"),
    "person": _("Person"),
    "conflict": _("Conflict"),
    "organisation": _("Organisation"),
    "series": _("Series"),
}

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """Return “rtl” or “ltr” for a language tag such as ``ar-IQ``."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Label:
    """The name of a section or topic, and the slug of its page."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Section(Label):
    """A section as the masthead and its own page need it; ``parent_id`` is None at the top of the tree."""

    id: int
    parent_id: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Topic(Label):
    """A topic with a page of its own."""

    id: int
    kind: str
    description: str
    facts: tuple[tuple[str, str], ...] = ()
    synonyms: tuple[str, ...] = ()
    wikidata_id: str = ""

    @property
    def called(self) -> str:
        """What kind of thing it is, for readers; nothing for a theme."""
        return str(TOPIC_KINDS.get(self.kind, ""))


@dataclass(frozen=True, slots=True)
class AboutPage:
    """A page about the newsroom, public ``since`` then. It holds no pictures."""

    title: str
    slug: str
    description: str
    body: str
    since: datetime
    language: str = ""
    pictures: Mapping[str, "Picture"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as published: ``slug`` is empty for a name without a page, ``role`` is empty for “By”."""

    name: str
    slug: str = ""
    role: str = ""
    kind: str = "person"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's facts as published. ``credit`` is the printed line; the sizes are 0 while its file is awaited."""

    uid: str
    caption: str = ""
    credit: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0
    awaiting: bool = False
    whole: bool = False
    tint: str = ""
    described: str = ""
    labels: tuple[str, ...] = ()
    basis: str = ""
    source_type: str = ""
    creator: str = ""
    copyright: str = ""
    terms: str = ""

    @classmethod
    def of(cls, uid: str, facts: Mapping[str, Any]) -> Self:
        """From one entry of a publication's ``pictures``; one from before a fact was kept has it empty."""
        texts = (
            "caption",
            "credit",
            "alt",
            "tint",
            "described",
            "basis",
            "source_type",
            "creator",
            "copyright",
            "terms",
        )
        names = (*texts, "width", "height", "awaiting", "whole")
        return cls(uid, labels=tuple(facts.get("labels", ())), **{name: facts[name] for name in names if name in facts})


@dataclass(frozen=True, slots=True)
class File:
    """A public file made from a picture: ``crop`` is its shape, sizes are in pixels."""

    name: str
    crop: str
    format: str
    width: int
    height: int
    byte_size: int


@dataclass(frozen=True, slots=True)
class Author:
    """Who signs stories, as on the page of their own. ``portrait`` is None without a picture that has a file."""

    id: int
    name: str
    slug: str
    kind: str
    role: str
    bio: str
    email: str
    website: str
    portrait: Picture | None


@dataclass(frozen=True, slots=True)
class Card:
    """A story as lists show it."""

    id: int
    article_id: int
    path: str
    headline: str
    short_headline: str
    feed_headline: str
    kicker: str
    standfirst: str
    kind: str
    language: str
    dated_at: datetime
    dated_by_day: bool
    modified_at: datetime
    section: Label
    cover: Picture | None
    bylines: tuple[Signature, ...]
    topics: tuple[Label, ...]
    word_count: int

    @property
    def place(self) -> "Place":
        return Place(self.dated_at, self.id)

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def label(self) -> str:
        """“Analysis”, “Opinion” …, or nothing for plain news."""
        return str(KIND_LABELS.get(self.kind, ""))

    @property
    def minutes(self) -> int:
        """How long it takes to read, at 230 words a minute, at least one."""
        return max(1, round(self.word_count / 230))

    @property
    def names(self) -> str:
        """Who wrote it, in one line; pictures and research have their own lines on the story's page."""
        return ", ".join(line.name for line in self.bylines if not line.role)

    def signed(self) -> list[tuple[str, list[Signature]]]:
        """The names by role, in the order of the byline."""
        return [(role, list(names)) for role, names in groupby(self.bylines, key=lambda line: line.role)]


@dataclass(frozen=True, slots=True)
class Story(Card):
    """A story as its own page shows it. ``pictures`` maps uids to facts; ``body`` is canonical, figures are markers.

    ``stories`` maps the uids of the stories that it names to their numbers; ``related`` are those chosen by hand.
    ``series`` is the topic that it is a part of.
    """

    search_headline: str
    dateline: str
    dated_note: str
    pictures: Mapping[str, Picture]
    body: str
    stories: Mapping[str, int] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    series: Label | None = None
    translations: UUID | None = None  # the group of stories that tell the same

    @property
    def subject(self) -> Label:
        """What stands above the headline: the kicker, with the page of the topic it names, or the section."""
        if not self.kicker:
            return self.section
        named = (topic.slug for topic in self.topics if topic.name.casefold() == self.kicker.casefold())
        return Label(self.kicker, next(named, ""))


Shown = TypeVar("Shown", bound=Card)


@dataclass(frozen=True)
class OnShow:
    """The public files of a page's pictures by uid, smallest first, and what stands in for those that may not be shown.

    ``instead`` maps their uids to another picture, or to None where nothing takes their place.
    """

    files: Mapping[str, Sequence[File]] = field(default_factory=dict)
    instead: Mapping[str, Picture | None] = field(default_factory=dict)

    def picture(self, picture: Picture | None) -> Picture | None:
        return self.instead.get(picture.uid, picture) if picture else None

    def cards(self, cards: Iterable[Shown]) -> list[Shown]:
        """Cards or stories with pictures that may be shown."""
        return [self.card(card) for card in cards]

    def card(self, card: Shown) -> Shown:
        if not self.instead:
            return card
        shown = replace(card, cover=self.picture(card.cover))
        if not isinstance(shown, Story):
            return shown
        pictures = {uid: self.picture(picture) for uid, picture in shown.pictures.items()}
        return replace(shown, pictures={uid: picture for uid, picture in pictures.items() if picture})

    def page(self, page: "Page") -> "Page":
        return replace(page, cards=tuple(self.cards(page.cards)))


@dataclass(frozen=True, slots=True)
class Moved:
    """The story has another address now."""

    path: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The story was withdrawn; ``notice`` is what readers are told."""

    notice: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a story's public log, or a note that stands on it: ``change`` is a publication's, but never a typo.

    ``place`` is where a note stands: "top" or "foot".
    """

    at: datetime
    change: str
    note: str
    place: str = "top"


@dataclass(frozen=True)
class Surroundings:
    """What a story's page shows of its own past and of other stories.

    ``named`` are the public stories that it names, by uid; ``languages`` the paths of those that tell the same in
    others. The log is oldest first: publication, updates, corrections and the like, withdrawals; no typos. Corrections
    are newest first.
    """

    named: Mapping[str, Card] = field(default_factory=dict)
    on_topic: Sequence[Card] = ()
    beside: Sequence[Card] = ()
    part_before: Card | None = None
    part_after: Card | None = None
    languages: Mapping[str, str] = field(default_factory=dict)
    log: Sequence[Entry] = ()
    corrections: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction with the story that it stands on."""

    id: int
    kind: str
    text: str
    made_at: datetime
    headline: str
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list, newest first: the date and row after which the next page starts."""

    at: datetime
    id: int

    _WRITTEN = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?)Z-(\d{1,18})", re.ASCII)

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z-{self.id}"

    @classmethod
    def read(cls, written: str) -> Self:
        """The place that ``str()`` wrote. Raises ValueError for anything else."""
        found = cls._WRITTEN.fullmatch(written)
        if not found:
            raise ValueError(f"“{written[:60]}” is no place in a list.")
        return cls(datetime.fromisoformat(found[1]).replace(tzinfo=UTC), int(found[2]))


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; ``older`` is where the next page starts, or None on the last."""

    cards: tuple[Card, ...]
    older: Place | None
