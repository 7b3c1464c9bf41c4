"""The set pieces of a story, each one block that cannot stand inside another: pictures, boxes, tables, embeds."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from . import embeds
from .allowlist import ASIDES, BLOCKS, HEADINGS, LAYOUTS, picture_uid, story_uids
from .inline import inline_html
from .tree import Element


def kind_of(element: Element) -> str:
    """Which set piece ``element`` is: figure, gallery, facts, quote, timeline, table, embed, related; or none."""
    attrs = element.attrs
    if element.tag == "figure":
        return "figure" if "data-image" in attrs else ""
    if element.tag == "aside":
        return attrs.get("data-kind", "") if attrs.get("data-kind") in ASIDES else ""
    if element.tag == "div":
        return _kind_of_div(attrs)
    return "table" if element.tag == "table" else ""


def _kind_of_div(attrs: dict[str, str]) -> str:
    if attrs.get("data-kind") == "gallery":
        return "gallery"
    if "data-embed" in attrs:
        return "embed"
    return "related" if story_uids(attrs.get("data-related", "")) else ""


def taken_out(element: Element) -> list[Element]:
    """The set pieces below ``element``, in order; they do not stand in it any more."""
    found: list[Element] = []
    kept: list[Element | str] = []
    for node in element.children:
        if isinstance(node, Element) and kind_of(node):
            found.append(node)
            kept.append(Element("hr"))  # the words on its two sides stay apart
        else:
            kept.append(node)
            if isinstance(node, Element):
                found += taken_out(node)
    element.children = kept
    return found


# --- Pictures -------------------------------------------------------------------------------------------------------


def figure(element: Element, *, layout: bool = True) -> str:
    """A picture in the text, with this story's own words for it. Raises BodyRefused where it names none."""
    attrs = element.attrs
    chosen = attrs.get("data-layout", "")
    shape = f' data-layout="{chosen}"' if layout and chosen in LAYOUTS else ""
    words = "".join(_words(element, name) for name in ("data-caption", "data-alt"))
    return f'<figure data-image="{picture_uid(attrs["data-image"])}"{shape}{words}></figure>'


def gallery(figures: Iterable[Element]) -> str:
    """Several pictures shown together, or nothing."""
    inside = "".join(figure(element, layout=False) for element in figures)
    return f'<div data-kind="gallery">{inside}</div>' if inside else ""


def _words(element: Element, name: str) -> str:
    """The attribute ``name`` with its words, if it has any."""
    words = " ".join(element.attrs.get(name, "").split())
    return f' {name}="{escape(words)}"' if words else ""


# --- Boxes ----------------------------------------------------------------------------------------------------------


def facts(heading: str, blocks: Iterable[str]) -> str:
    """What a reader should know at a glance, or nothing. ``blocks`` are canonical; headings become paragraphs."""
    inside = "".join(_plain(block) for block in blocks)
    return f'<aside data-kind="facts">{heading}{inside}</aside>' if heading or inside else ""


def _plain(block: str) -> str:
    """A block as it can stand in a box: paragraphs and lists."""
    if block.startswith(("<h2>", "<h3>")):
        return f"<p>{block[4:-5]}</p>"
    return "" if block == "<hr>" else block.removeprefix("<blockquote>").removesuffix("</blockquote>")


def quote(element: Element) -> str:
    """A line lifted from the text, or nothing; whose it is alone is no quotation."""
    inner, by = inline_html(element.children), _words(element, "data-by")
    if not inner and by:
        return f"<p>{escape(' '.join(element.attrs['data-by'].split()), quote=False)}</p>"
    return f'<aside data-kind="quote"{by}><p>{inner}</p></aside>' if inner else ""


def timeline(heading: str, nodes: list[Element | str]) -> str:
    """Moments and what happened then, or nothing. Text that is neither belongs to a moment without a name."""
    pairs = "".join(f"<dt>{when}</dt><dd>{what}</dd>" for when, what in _moments(nodes) if when or what)
    entries = f"<dl>{pairs}</dl>" if pairs else ""
    return f'<aside data-kind="timeline">{heading}{entries}</aside>' if heading or entries else ""


def _moments(nodes: list[Element | str]) -> Iterator[tuple[str, str]]:
    when = ""
    for tag, text in _terms(nodes):
        if tag == "dt":
            if when:
                yield when, ""
            when = text
        else:
            yield when, text
            when = ""
    if when:
        yield when, ""


def _terms(nodes: list[Element | str]) -> Iterator[tuple[str, str]]:
    for is_block, run in groupby(nodes, key=lambda node: isinstance(node, Element) and node.tag in BLOCKS):
        for part in [[node] for node in run] if is_block else [list(run)]:
            yield from _term(part)


def _term(nodes: list[Element | str]) -> Iterator[tuple[str, str]]:
    node = nodes[0]
    tag = node.tag if isinstance(node, Element) else ""
    if isinstance(node, Element) and tag in ("dl", "div"):
        yield from _terms(node.children)
        return
    text = inline_html(nodes)
    if text or tag == "dd":
        yield ("dt" if tag == "dt" else "dd"), text


def heading_of(element: Element) -> str:
    """The heading at the beginning of a box, taken out of it; empty where it begins with something else."""
    for place, node in enumerate(element.children):
        if isinstance(node, Element) and node.tag in HEADINGS:
            text = inline_html(node.children)
            del element.children[: place + 1]
            return f"<h3>{text}</h3>" if text else ""
        if not isinstance(node, str) or node.strip():
            return ""
    return ""


# --- What leads elsewhere ------------------------------------------------------------------------------------------


def embed(element: Element) -> str:
    """Something at another site, by that site's own address for it; from a site we do not know, a link to it."""
    url, title = (" ".join(element.attrs.get(name, "").split()) for name in ("data-url", "data-title"))
    found = embeds.found(url)
    if found:
        words = f' data-title="{escape(title)}"' if title else ""
        return f'<div data-embed="{found.provider.slug}" data-url="{escape(found.url)}"{words}></div>'
    text = inline_html([Element("a", {"href": url}, [title or url])])
    return f"<p>{text}</p>" if text else ""


def related(element: Element) -> str:
    """Stories of ours, one after the other."""
    return f'<div data-related="{" ".join(story_uids(element.attrs["data-related"]))}"></div>'
