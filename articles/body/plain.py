"""A body as plain words, for counting, search and reading aloud."""

import re

from .blocks import blocks
from .tree import Element, parse

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


def plain_text(body: str) -> str:
    """The words of a canonical body: a blank line between blocks, a line for each list item. Figures have no words."""
    return "\n\n".join(text for text in (_text(parse(block.html)).strip() for block in blocks(body)) if text)


def word_count(body: str) -> int:
    return len(_WORD.findall(plain_text(body)))


def _text(nodes: list[Element | str]) -> str:
    return "".join(node if isinstance(node, str) else _element_text(node) for node in nodes)


def _element_text(element: Element) -> str:
    if element.tag == "br":
        return "\n"
    text = _text(element.children)
    return f"\n{text}" if element.tag in ("li", "p", "ul", "ol") else text
