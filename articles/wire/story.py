"""A story as it travels between outlets: one neutral value that every format reads into. It knows no database."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Reasons = Mapping[str, str]  # {name of a field: why we believe its value}, for what the source itself does not say


class Unreadable(ValueError):
    """A text that does not fit its format. The message names the file, the line where there is one, and what to do."""

    def __init__(self, file: str, sentence: str, *, line: int | None = None):
        where = f"{file}, line {line}" if line else file
        super().__init__(_printable(f"{where}: {sentence}"))


def _printable(text: str) -> str:
    """``text`` without what would steer a terminal or cannot be written to it: a message may quote any file."""
    return "".join("?" if unicodedata.category(character).startswith("C") else character for character in text)


@dataclass(frozen=True)
class Picture:
    """A picture that a story needs, named by its file, with what the source says about it."""

    name: str
    description: str = ""
    taken_on: date | None = None
    caption: str = ""
    credit: str = ""
    alt_text: str = ""
    rights_basis: str = ""
    rights_note: str = ""
    inferred: Reasons = field(default_factory=dict)


@dataclass(frozen=True)
class Paragraph:
    """Words of the story's body, as plain text."""

    text: str


@dataclass(frozen=True)
class Placed:
    """A picture's place in the body, by the picture's name."""

    picture: str


Block = Paragraph | Placed


@dataclass(frozen=True)
class Label:
    """A section, topic or author by name. An empty slug is made from the name, an empty kind is the register's own."""

    name: str
    slug: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Signature:
    """One byline: an author of ours or a free text, and what they did (empty for “By”)."""

    author: Label | None = None
    text: str = ""
    role: str = ""


@dataclass(frozen=True)
class Story:
    """All that a source says about one story: ``key`` names the source for good, ``digest`` this version of it."""

    key: str
    digest: str
    headline: str
    standfirst: str
    body: tuple[Block, ...]
    cover: str = ""
    pictures: tuple[Picture, ...] = ()
    kind: str = ""
    section: Label | None = None
    kicker: str = ""
    short_headline: str = ""
    search_headline: str = ""
    feed_headline: str = ""
    slug: str = ""
    dateline: str = ""
    language: str = ""
    tags: tuple[Label, ...] = ()
    bylines: tuple[Signature, ...] = ()
    dated_on: date | None = None
    dated_note: str = ""
    inferred: Reasons = field(default_factory=dict)
