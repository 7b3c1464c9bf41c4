"""The top-level blocks of a canonical body: what a page iterates, and where the pictures stand."""

import re
from dataclasses import dataclass

from .tree import Element, parse

_OPENING = re.compile(r"<([a-z][a-z0-9]*)")


@dataclass(frozen=True)
class Block:
    """One block: its element's name, its HTML, and for a figure the picture and this story's own words for it."""

    kind: str
    html: str
    image: str = ""
    caption: str = ""
    alt: str = ""


def blocks(body: str) -> list[Block]:
    """The blocks of a canonical body, in order."""
    return [_block(line) for line in body.split("\n") if line]


def picture_uids(body: str) -> list[str]:
    """The uids of the pictures in a canonical body, in order, each as often as it stands there."""
    return [block.image for block in blocks(body) if block.image]


def _block(line: str) -> Block:
    opening = _OPENING.match(line)
    kind = opening.group(1) if opening else "p"
    if kind != "figure":
        return Block(kind, line)
    (element,) = (node for node in parse(line) if isinstance(node, Element))
    attrs = element.attrs
    return Block(kind, line, attrs["data-image"], attrs.get("data-caption", ""), attrs.get("data-alt", ""))
