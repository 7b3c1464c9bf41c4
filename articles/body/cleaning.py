"""From whatever was typed, pasted or sent to a canonical body: ``clean(clean(x)) == clean(x)``, and no word is lost."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

from . import pieces
from .allowlist import ATTRIBUTES, BLOCKS, INLINE, LONGEST_BODY, MOST_SIGNS, BodyRefused
from .inline import html, runs, tidy
from .links import SCHEMES
from .lists import list_html
from .mending import mended
from .tables import table_html
from .tree import Element, parse

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff\ud800-\udfff]")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def clean(text: str) -> str:
    """The canonical body of ``text``: HTML in any shape, or plain text with blank lines between paragraphs.

    Raises BodyRefused for a body that is too long or too full of markup, and for a figure that names no picture.
    """
    _refuse_too_much(text)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    markup = text if _TAG.search(text) else _marked_up(text)
    return "\n".join(_blocks(parse(_made_safe(markup))))


def _refuse_too_much(text: str) -> None:
    if len(text) > LONGEST_BODY:
        raise BodyRefused(
            f"The story has {len(text):,} characters; {LONGEST_BODY:,} is the most that one story can hold."
            " Divide it into several."
        )
    signs = text.count("<") + text.count("&")
    if signs > MOST_SIGNS:
        raise BodyRefused(
            f"The story is made of {signs:,} pieces of markup; {MOST_SIGNS:,} is the most that one story can hold."
            " Paste it as plain text, or divide it into several."
        )


def _marked_up(plain: str) -> str:
    return "".join(
        f"<p>{escape(part.strip(), quote=False).replace(chr(10), '<br>')}</p>" for part in _BLANK_LINE.split(plain)
    )


def _made_safe(markup: str) -> str:
    """The elements and attributes of the allow-list, well nested. Two judges: ours bounds it, the library judges it."""
    import nh3  # readers' pages clean nothing, and it slows every start

    return nh3.clean(
        mended(markup),
        tags=set(BLOCKS) | INLINE,
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def _blocks(nodes: list[Element | str]) -> Iterator[str]:
    """The canonical blocks of ``nodes``; loose text between them becomes paragraphs of its own."""
    loose: list[Element | str] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in BLOCKS:
            yield from _loose_paragraphs(loose)
            loose = []
            yield from _block(node)
        else:
            loose.append(node)
    yield from _loose_paragraphs(loose)


def _loose_paragraphs(nodes: list[Element | str]) -> Iterator[str]:
    paragraph: list[Element | str] = []
    for node in nodes:
        parts = _BLANK_LINE.split(node) if isinstance(node, str) else [node]
        for number, part in enumerate(parts):
            if number:
                yield from _text_block("p", paragraph)
                paragraph = []
            paragraph.append(part)
    yield from _text_block("p", paragraph)


def _block(element: Element) -> Iterator[str]:
    kind, tag = pieces.kind_of(element), BLOCKS[element.tag]
    if kind:
        yield from _set_piece(kind, element)
    elif tag in ("p", "h2", "h3"):
        yield from _text_block(tag, element.children)
    elif tag in ("ul", "ol"):
        inside = pieces.taken_out(element)
        yield from list_html(element)
        for piece in inside:
            yield from _block(piece)
    elif tag == "blockquote":
        yield from _quotation(element)
    elif tag == "hr":
        yield "<hr>"
    else:
        yield from _blocks(element.children)


def _text_block(tag: str, nodes: list[Element | str]) -> Iterator[str]:
    inner = html(tidy(runs(nodes)))
    if inner:
        yield f"<{tag}>{inner}</{tag}>"


def _quotation(element: Element) -> Iterator[str]:
    """A quotation holds paragraphs and lists; what else was in it follows as paragraphs or after it."""
    inside: list[str] = []
    for block in _blocks(element.children):
        if block.startswith(("<p>", "<ul>", "<ol>")):
            inside.append(block)
        elif block.startswith(("<h2>", "<h3>")):
            inside.append(f"<p>{block[4:-5]}</p>")
        elif block.startswith("<blockquote>"):
            inside.append(block.removeprefix("<blockquote>").removesuffix("</blockquote>"))
        else:
            if inside:
                yield f"<blockquote>{''.join(inside)}</blockquote>"
                inside = []
            yield block
    if inside:
        yield f"<blockquote>{''.join(inside)}</blockquote>"


def _set_piece(kind: str, element: Element) -> Iterator[str]:
    """The piece as one block; then what it holds and cannot keep, as blocks of their own."""
    inside = pieces.taken_out(element)
    made, left = _made(kind, element, inside)
    if made:
        yield made
    yield from (block for block in _blocks(left) if block != "<hr>")
    for piece in inside:
        yield from _blocks(piece.children) if made and kind == "gallery" and piece.tag == "figure" else _block(piece)


def _made(kind: str, element: Element, inside: list[Element]) -> tuple[str, list[Element | str]]:
    """The block of a set piece, and those of its contents that did not become part of it."""
    if kind == "facts":
        return pieces.facts(pieces.heading_of(element), _blocks(element.children)), []
    if kind == "timeline":
        return pieces.timeline(pieces.heading_of(element), element.children), []
    if kind == "quote":
        return pieces.quote(element), []
    if kind == "table":
        made = table_html(element)
        return made, [] if made else element.children
    if kind == "gallery":
        return pieces.gallery(piece for piece in inside if pieces.kind_of(piece) == "figure"), element.children
    make = {"figure": pieces.figure, "embed": pieces.embed, "related": pieces.related}[kind]
    return make(element), element.children
