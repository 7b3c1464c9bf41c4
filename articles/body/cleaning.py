"""From whatever was typed, pasted or sent to a canonical body: ``clean(clean(x)) == clean(x)``, and no word is lost."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape

import nh3

from .allowlist import BLOCKS, FIGURE_ATTRIBUTES, INLINE, LINK_SCHEMES, LONGEST_BODY, BodyRefused, picture_uid
from .inline import BREAK, Run, html, runs, tidy
from .tree import Element, parse

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def clean(text: str) -> str:
    """The canonical body of ``text``: HTML in any shape, or plain text with blank lines between paragraphs.

    Raises BodyRefused for a body over LONGEST_BODY characters and for a figure that names no picture.
    """
    if len(text) > LONGEST_BODY:
        raise BodyRefused(
            f"The story has {len(text):,} characters; {LONGEST_BODY:,} is the most that one story can hold."
            " Divide it into several."
        )
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    markup = text if _TAG.search(text) else _marked_up(text)
    return "\n".join(_blocks(parse(_made_safe(markup))))


def _marked_up(plain: str) -> str:
    return "".join(
        f"<p>{escape(part.strip(), quote=False).replace(chr(10), '<br>')}</p>" for part in _BLANK_LINE.split(plain)
    )


def _made_safe(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=set(BLOCKS) | INLINE,
        attributes={"a": {"href"}, "figure": set(FIGURE_ATTRIBUTES)},
        url_schemes=set(LINK_SCHEMES),
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
    kind = BLOCKS[element.tag]
    if kind in ("p", "h2", "h3"):
        yield from _text_block(kind, element.children)
    elif kind in ("ul", "ol"):
        yield from _list(kind, element)
    elif kind == "blockquote":
        yield from _quote(element)
    elif kind == "hr":
        yield "<hr>"
    elif kind == "figure" and "data-image" in element.attrs:
        yield from _figure(element)
    else:
        yield from _blocks(element.children)


def _text_block(tag: str, nodes: list[Element | str]) -> Iterator[str]:
    inner = html(tidy(runs(nodes)))
    if inner:
        yield f"<{tag}>{inner}</{tag}>"


def _list(tag: str, element: Element) -> Iterator[str]:
    items = "".join(_items(element.children))
    if items:
        yield f"<{tag}>{items}</{tag}>"


def _items(nodes: list[Element | str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield from (f"<li>{text}</li>" for text in [html(tidy(runs([node])))] if text)
        elif node.tag in ("ul", "ol"):
            yield from _items(node.children)
        else:
            yield from _item(node)


def _item(element: Element) -> Iterator[str]:
    """One list item: its texts (several paragraphs are divided by a line break), then the lists inside it."""
    text, lists = _item_parts(element.children)
    inner = html(tidy(text)) + "".join(lists)
    if inner:
        yield f"<li>{inner}</li>"


def _item_parts(nodes: list[Element | str]) -> tuple[list[Run], list[str]]:
    text: list[Run] = []
    lists: list[str] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in ("ul", "ol"):
            lists += _list(node.tag, node)
        elif isinstance(node, Element) and node.tag in BLOCKS:
            inner_text, inner_lists = _item_parts(node.children)
            text += [*_line_break(text), *inner_text, Run(BREAK)]
            lists += inner_lists
        else:
            text += runs([node])
    return text, lists


def _line_break(before: list[Run]) -> list[Run]:
    return [Run(BREAK)] if before and before[-1].text != BREAK else []


def _quote(element: Element) -> Iterator[str]:
    """A quotation holds paragraphs only; what else was in it follows as paragraphs or after it."""
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


def _figure(element: Element) -> Iterator[str]:
    overrides = {name: " ".join(element.attrs.get(name, "").split()) for name in ("data-caption", "data-alt")}
    words = "".join(f' {name}="{escape(value)}"' for name, value in overrides.items() if value)
    yield f'<figure data-image="{picture_uid(element.attrs["data-image"])}"{words}></figure>'
    yield from _blocks(element.children)
