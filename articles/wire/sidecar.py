"""Reads what a story's text does not say: section, topics, bylines, date, rights. It changes no word of the text.

The sidecar is a TOML file beside the text. A value that the source does not state has its reason beside it::

    section = "Middle East"
    inferred.section = "The story is about Iraq."
"""

import hashlib
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from .story import Label, Picture, Signature, Story, Unreadable

LARGEST = 100_000  # bytes

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_TEXTS = ("kicker", "short_headline", "search_headline", "feed_headline", "slug", "dateline", "language", "dated_note")
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Choices:
    """The words that our registers know."""

    story_kinds: Collection[str]
    tag_kinds: Collection[str]
    author_kinds: Collection[str]
    rights: Collection[str]


class _Misfit(Exception):
    pass


def complete(story: Story, data: bytes, name: str, *, choices: Choices) -> Story:
    """``story`` with what ``data`` (the sidecar, a file called ``name``) says about it, and one digest for both.

    Raises Unreadable, and nothing else, naming the key that does not fit.
    """
    try:
        return _completed(
            story, _Table(_values(data), ""), choices, hashlib.sha256(story.digest.encode() + data).hexdigest()
        )
    except _Misfit as misfit:
        raise Unreadable(name, str(misfit)) from None


def _values(data: bytes) -> dict[str, Any]:
    if len(data) > LARGEST:
        raise _Misfit(
            f"this is larger than {LARGEST // 1000} kB, so it is no sidecar of a story. Take it out of the folder."
        )
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _Misfit("this is not UTF-8. Save it as text in UTF-8.") from None
    except RecursionError:
        raise _Misfit("its lists lie too deep inside each other.") from None
    except ValueError as wrong:
        raise _Misfit(f"this is not TOML, the form that a sidecar has. {wrong}.") from None


def _completed(story: Story, table: "_Table", choices: Choices, digest: str) -> Story:
    texts: dict[str, Any] = {key: table.text(key) for key in _TEXTS}
    completed = replace(
        story,
        key=table.text("source") or story.key,
        digest=digest,
        kind=table.choice("kind", choices.story_kinds),
        section=next((_label(section, ()) for section in table.tables("section", one=True)), None),
        tags=tuple(_label(tag, choices.tag_kinds) for tag in table.tables("tags")),
        bylines=tuple(_signature(line, choices) for line in table.tables("bylines")),
        pictures=_pictures(story.pictures, table.tables("pictures"), choices),
        dated_on=table.day("dated_on"),
        **texts,
        inferred=table.reasons(),
    )
    table.finish()
    return _dated(completed)


def _dated(story: Story) -> Story:
    """The note beside a date says how we know it; for an inferred date that is the reason."""
    if story.dated_note and not story.dated_on:
        raise _Misfit("“dated_note” explains a date, but “dated_on” is missing.")
    reason = story.inferred.get("dated_on")
    return replace(story, dated_note=f"Inferred: {reason}") if reason and not story.dated_note else story


def _label(table: "_Table", kinds: Collection[str]) -> Label:
    label = Label(table.text("name", needed=True), table.text("slug"), table.choice("kind", kinds) if kinds else "")
    table.finish()
    return label


def _signature(table: "_Table", choices: Choices) -> Signature:
    name, text = table.text("author"), table.text("text")
    if bool(name) == bool(text):
        raise _Misfit(f"{table.place} needs either “author”, who has a page here, or a free “text”.")
    author = Label(name, table.text("slug"), table.choice("kind", choices.author_kinds)) if name else None
    signature = Signature(author, text, table.text("role"))
    table.finish()
    return signature


def _pictures(pictures: tuple[Picture, ...], tables: list["_Table"], choices: Choices) -> tuple[Picture, ...]:
    described: dict[str, Picture] = {}
    known = {picture.name: picture for picture in pictures}
    for table in tables:
        name = table.text("name", needed=True)
        if name not in known:
            raise _Misfit(f"{table.place} is about “{name}”, but the text has no picture of that name.")
        if name in described:
            raise _Misfit(f"{table.place} is about “{name}”, which an entry above is about.")
        described[name] = _described(known[name], table, choices)
    return tuple((known | described).values())


def _described(picture: Picture, table: "_Table", choices: Choices) -> Picture:
    described = replace(
        picture,
        alt_text=table.text("alt_text"),
        rights_basis=table.choice("rights_basis", choices.rights),
        rights_note=table.text("rights_note"),
        inferred=table.reasons(),
    )
    table.finish()
    return described


class _Table:
    """One table of the sidecar, read key by key. Whatever nobody has asked for in the end is a mistake."""

    def __init__(self, values: dict[str, Any], place: str):
        self.values, self.place, self.asked = values, place, set[str]()

    def text(self, key: str, *, needed: bool = False) -> str:
        value = self._get(key, str, "a text in quotation marks", "").replace("\u00a0", " ").strip()
        if _CONTROL.search(value):
            raise _Misfit(
                f"{self._named(key)} has a line break or another control character in it. Write it on one line."
            )
        if needed and not value:
            raise _Misfit(f"{self._named(key)} is missing.")
        return value

    def day(self, key: str) -> date | None:
        return self._get(key, date, "a day such as 2020-03-29, without quotation marks", None)

    def choice(self, key: str, choices: Collection[str]) -> str:
        value = self.text(key)
        if value and value not in choices:
            raise _Misfit(f"{self._named(key)} is “{value}”. It can be one of: {', '.join(filter(None, choices))}.")
        return value

    def tables(self, key: str, *, one: bool = False) -> list["_Table"]:
        """The tables in the list ``key``, or its one entry. A text alone stands for a table with that name."""
        self.asked.add(key)
        if one:
            return [self._table(self.values[key], key)] if key in self.values else []
        entries = self._get(key, list, "a list in square brackets", [])
        return [self._table(entry, key, number) for number, entry in enumerate(entries, start=1)]

    def reasons(self) -> dict[str, str]:
        """Why we believe what the source does not say: {key: reason} for keys that stand in this table."""
        given = _Table(
            self._get("inferred", dict, "a reason for each value, such as inferred.section = “…”", {}), "“inferred”"
        )
        for key in given.values:
            if key not in self.values or key == "inferred":
                raise _Misfit(f"“inferred.{key}” gives a reason, but there is no “{key}”.")
        return {key: given.text(key, needed=True) for key in given.values}

    def finish(self) -> None:
        unknown = sorted(self.values.keys() - self.asked)
        if unknown:
            raise _Misfit(f"{self._named(unknown[0])} is not known here. These are: {', '.join(sorted(self.asked))}.")

    def _get(self, key: str, kind: type[_Value], wanted: str, default: Any) -> Any:
        self.asked.add(key)
        value = self.values.get(key, default)
        if key in self.values and type(value) is not kind:
            raise _Misfit(f"{self._named(key)} should be {wanted}.")
        return value

    def _table(self, value: Any, key: str, number: int = 0) -> "_Table":
        place = f"{self._named(key)}, entry {number}," if number else self._named(key)
        if isinstance(value, str):
            return _Table({"name": value}, place)
        if isinstance(value, dict):
            return _Table(value, place)
        raise _Misfit(f"{place} should be a name in quotation marks or a table in braces.")

    def _named(self, key: str) -> str:
        return f"{self.place} “{key[:60]}”".strip()
