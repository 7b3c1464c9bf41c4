"""The top-level blocks of a canonical body: what a page iterates, and where pictures and other stories stand."""

import re
from dataclasses import dataclass

from .allowlist import story_uids as _story_uids
from .tree import Element, attributes_in, parse

_OPENING = re.compile(r'<([a-z][a-z0-9]*)(?: data-(kind|embed|related)="([^"]*)")?')
_FIGURE = re.compile(r"<figure[^>]*></figure>")
_LINK_TAG = re.compile(r"</?a\b[^>]*>")
_OWN_PATH = re.compile(r'<a href="(?=/)')
_STORY_LINK = re.compile(r'<a data-article="([0-9a-f-]{36})">(.*?)</a>')


@dataclass(frozen=True)
class Block:
    """One block: what it is, its HTML, and for a figure the picture, its layout and this story's own words for it.

    ``kind`` is the element's name for text, lists, tables, separators and figures; else gallery, facts, quote,
    timeline, embed or related. A gallery's figures are ``inside`` it.
    """

    kind: str
    html: str
    image: str = ""
    layout: str = ""
    caption: str = ""
    alt: str = ""
    inside: tuple["Block", ...] = ()

    @property
    def attrs(self) -> dict[str, str]:
        """The attributes of its element."""
        (element,) = (node for node in parse(self.html) if isinstance(node, Element))
        return element.attrs

    @property
    def pictures(self) -> tuple["Block", ...]:
        """The figures that stand here: itself, or those inside."""
        return (self,) if self.kind == "figure" else self.inside


def blocks(body: str) -> list[Block]:
    """The blocks of a canonical body, in order."""
    return [_block(line) for line in body.split("\n") if line]


def picture_uids(body: str) -> list[str]:
    """The uids of the pictures in a canonical body, galleries' too, in order, each as often as it stands there."""
    return [figure.image for block in blocks(body) for figure in block.pictures]


def story_uids(body: str) -> list[str]:
    """The uids of our own stories that a canonical body leads to, by links and as related, in order, each once."""
    found: list[str] = []
    for block in blocks(body):
        if block.kind == "related":
            found += related_uids(block)
        else:
            found += [link[1] for link in _STORY_LINK.finditer(block.html)]
    return list(dict.fromkeys(found))


def related_uids(block: Block) -> list[str]:
    """The uids of the stories that a block of related ones names."""
    return _story_uids(block.attrs["data-related"])


def with_story_links(html: str, address_of: dict[str, str]) -> str:
    """Canonical HTML whose links to our stories lead to ``address_of`` their uids; one without is plain text."""

    def lead(link: re.Match[str]) -> str:
        address = address_of.get(link[1])
        return f'<a href="{address}">{link[2]}</a>' if address else link[2]

    return _STORY_LINK.sub(lead, html)


def without_links(html: str) -> str:
    """Canonical HTML with the words of its links and no links."""
    return _LINK_TAG.sub("", html)


def with_site(html: str, site: str) -> str:
    """Canonical HTML whose links to paths of our site lead there from anywhere: ``site`` stands before each path."""
    return _OWN_PATH.sub(rf"\g<0>{site}", html) if site else html


def _block(line: str) -> Block:
    opening = _OPENING.match(line)
    tag, name, value = opening.groups() if opening else ("p", None, None)
    if tag == "figure":
        return _figure(line)
    kind = value if name == "kind" else name or tag
    inside = tuple(_figure(html) for html in _FIGURE.findall(line)) if kind == "gallery" else ()
    return Block(kind or tag, line, inside=inside)


def _figure(html: str) -> Block:
    said = attributes_in(html)
    layout, caption, alt = (said.get(f"data-{name}", "") for name in ("layout", "caption", "alt"))
    return Block("figure", html, said["data-image"], layout, caption, alt)
