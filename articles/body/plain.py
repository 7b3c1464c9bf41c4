"""A body as plain words, for counting, search and reading aloud."""

import re
from collections.abc import Iterable
from html import unescape

from .blocks import Block, blocks
from .tree import Element, parse

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")
_TAG = re.compile(r"<[^>]*>")
# Elements that begin on a line of their own; the cells of a row stand on one line.
_LINES = frozenset({"caption", "dd", "dt", "h3", "li", "ol", "p", "tr", "ul"})
_GLOSS = re.compile(r'<abbr title="([^"]*)">')


def plain_text(body: str) -> str:
    """The words of a canonical body: a blank line between blocks, a line for each item, row or moment.

    Quotations say whose they are, and embeds have the words that were written for them. Figures have no words here:
    see figure_words.
    """
    return _joined(blocks(body))


def word_count(body: str) -> int:
    """How many words there are to read. A pull quote repeats the text, so it is not counted."""
    return len(_WORD.findall(_joined(block for block in blocks(body) if block.kind != "quote")))


def figure_words(body: str) -> str:
    """What stands beside the text: the story's own captions and text alternatives, and explained words; a line each."""
    figures = [figure for block in blocks(body) for figure in block.pictures]
    own = [words for figure in figures for words in (figure.caption, figure.alt) if words]
    return "\n".join([*own, *map(unescape, _GLOSS.findall(body))])


def _joined(found: Iterable[Block]) -> str:
    return "\n\n".join(text for text in map(_block_text, found) if text)


def _block_text(block: Block) -> str:
    if block.kind in ("p", "h2", "h3"):
        return unescape(_TAG.sub("", block.html.replace("<br>", "\n")))
    if block.kind == "embed":
        return block.attrs.get("data-title", "")
    by = block.attrs.get("data-by", "") if block.kind == "quote" else ""
    return "\n".join(filter(None, [_text(parse(block.html)).strip(), by]))


def _text(nodes: list[Element | str]) -> str:
    return "".join(node if isinstance(node, str) else _element_text(node) for node in nodes)


def _element_text(element: Element) -> str:
    if element.tag == "br":
        return "\n"
    text = _text(element.children)
    if element.tag in ("td", "th"):
        return f"{text}\t"
    return f"\n{text.rstrip(chr(9))}" if element.tag in _LINES else text
