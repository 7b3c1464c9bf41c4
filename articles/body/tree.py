"""HTML as a small tree. Reads what is already safe and balanced; judges nothing itself.

Inline marks are always inside blocks: ``<b><p>a</p><p>b</p></b>`` is two paragraphs of bold text, and every text stands
alone in its marks (link, strong, em, abbr, in that order).
"""

import re
from dataclasses import dataclass, field
from html import unescape

from .allowlist import INLINE, MARKS

VOID = frozenset({"br", "hr"})

_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>|[^<]+|<')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')


@dataclass(slots=True)
class Element:
    """An element with its attributes and, in order, its texts and elements."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)


def parse(html: str) -> list[Element | str]:
    """The top-level nodes of balanced HTML in small letters with double quotes, as nh3 and we ourselves write it."""
    root = Element("")
    here, marks = [root], list[Element]()
    for token in _TOKEN.finditer(html):
        ends, tag, attributes = token.groups()
        if not tag:
            here[-1].children.append(_marked(unescape(token[0]), marks))
        elif tag in INLINE and tag not in VOID:
            _mark(marks, tag, attributes, ends)
        elif not ends:
            element = Element(tag, attributes_in(attributes))
            here[-1].children.append(element)
            here += [] if tag in VOID else [element]
        elif tag not in VOID and len(here) > 1:
            here.pop()
    return root.children


def attributes_in(written: str) -> dict[str, str]:
    """Those of a tag, or of what is written in it behind its name."""
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(written)} if written else {}


def _mark(marks: list[Element], tag: str, attributes: str, ends: str) -> None:
    """Begin or end a mark in the list of those that are open."""
    if not ends:
        marks.append(Element(tag, attributes_in(attributes)))
    elif marks:
        marks.pop()


def _marked(text: str, marks: list[Element]) -> Element | str:
    if not marks:
        return text
    node: Element | str = text
    gloss = next((mark for mark in reversed(marks) if mark.tag == "abbr"), None)
    if gloss:
        node = Element("abbr", gloss.attrs, [node])
    for tag in ("em", "strong"):
        if any(MARKS.get(mark.tag) == tag for mark in marks):
            node = Element(tag, children=[node])
    link = next((mark for mark in marks if mark.tag == "a"), None)
    return Element("a", link.attrs, [node]) if link else node
