"""What is in the set pieces of a canonical body, as plain values whose HTML is safe: what a page is made of."""

import re
from dataclasses import dataclass
from html import unescape

from . import embeds
from .blocks import Block

_HEADING = re.compile(r"<aside[^>]*>(?:<h3>(.*?)</h3>)?(.*)</aside>")
_MOMENT = re.compile(r"<dt>(.*?)</dt><dd>(.*?)</dd>")
_CAPTION = re.compile(r"<caption>(.*?)</caption>")
_ROW = re.compile(r"<tr>(.*?)</tr>")
_CELL = re.compile(r"<(th|td)>(.*?)</\1>")
_TAGS = re.compile(r"<[^>]*>")
# No blank can be taken by two parts of it: a cell of a hundred thousand blanks costs no more than its length.
_FIGURE = re.compile(r"(?:[-+−±~<>≈]\s*)?(?:[£$€¥]\s*)?\d[\d\s.,:/–-]*(?:%|°|[a-zA-Zµ£$€¥]{1,3})?")


@dataclass(frozen=True)
class Box:
    """Facts: their heading, if they have one, and what is below it."""

    heading: str
    html: str


@dataclass(frozen=True)
class Timeline:
    """Moments in the order in which they are told: (when, what)."""

    heading: str
    moments: list[tuple[str, str]]


@dataclass(frozen=True)
class Cell:
    """One cell: ``scope`` is col or row where it heads them; ``number`` where it holds a figure and little else."""

    html: str
    scope: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A table: its caption, the row that heads its columns, if there is one, and the others."""

    caption: str
    head: list[Cell]
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Embedded:
    """Something at another site, checked against the providers again, with our own words for it."""

    embed: embeds.Embed
    title: str


def box(block: Block) -> Box:
    """What a block of facts holds."""
    heading, html = _opened(block)
    return Box(heading, html)


def quoted(block: Block) -> str:
    """The words of a pull quote."""
    return _opened(block)[1].removeprefix("<p>").removesuffix("</p>")


def timeline(block: Block) -> Timeline:
    """What a timeline tells."""
    heading, html = _opened(block)
    return Timeline(heading, _MOMENT.findall(html))


def table(block: Block) -> Table:
    """The cells of a table. A first row of nothing but headings heads the columns."""
    caption = _CAPTION.search(block.html)
    rows = [_CELL.findall(row) for row in _ROW.findall(block.html)]
    headed = len(rows) > 1 and all(tag == "th" for tag, _html in rows[0])
    head = [Cell(html, "col" if html else "") for _tag, html in rows[0]] if headed else []
    numeric = [all(_is_number(row[column][1]) for row in rows[headed:]) for column in range(len(rows[0]))]
    return Table(
        caption[1] if caption else "",
        [Cell(cell.html, cell.scope, numeric[column]) for column, cell in enumerate(head)],
        [_cells(row, numeric) for row in rows[headed:]],
    )


def embedded(block: Block) -> Embedded | None:
    """What an embed shows, or None where its address is no provider's."""
    attrs = block.attrs
    found = embeds.found(attrs.get("data-url", ""))
    return Embedded(found, attrs.get("data-title", "")) if found else None


def _opened(block: Block) -> tuple[str, str]:
    opened = _HEADING.fullmatch(block.html)
    return (opened[1] or "", opened[2]) if opened else ("", "")


def _cells(row: list[tuple[str, str]], numeric: list[bool]) -> list[Cell]:
    return [
        Cell(html, "row" if tag == "th" and html else "", numeric[column]) for column, (tag, html) in enumerate(row)
    ]


def _is_number(html: str) -> bool:
    """Whether a cell holds a figure, or nothing: such columns are set flush at their end."""
    text = unescape(_TAGS.sub("", html)).strip()
    return not text or bool(_FIGURE.fullmatch(text))
