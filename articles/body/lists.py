"""Lists: items of inline text, several paragraphs divided by a line break, and lists inside."""

from collections.abc import Iterator

from .allowlist import BLOCKS, DEEPEST_LIST
from .inline import Run, html, runs, separate, tidy
from .tree import Element


def list_html(element: Element, depth: int = 1) -> Iterator[str]:
    """The canonical list, or nothing for one without words. Below DEEPEST_LIST all items are on one level."""
    items = "".join(_items(element.children, depth))
    if items:
        yield f"<{element.tag}>{items}</{element.tag}>"


def _items(nodes: list[Element | str], depth: int) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield from _written([*runs([node])], "")
        elif node.tag in ("ul", "ol"):
            yield from _items(node.children, depth)
        elif node.tag in BLOCKS:
            yield from _item(node.children, depth)
        else:
            yield from _item([node], depth)


def _item(nodes: list[Element | str], depth: int) -> Iterator[str]:
    """One list item: its texts, then the lists inside it."""
    text, lists = _parts(nodes)
    if depth < DEEPEST_LIST:
        yield from _written(text, "".join(html for inner in lists for html in list_html(inner, depth + 1)))
        return
    yield from _written(text, "")
    for inner in lists:
        yield from _items(inner.children, depth)


def _parts(nodes: list[Element | str]) -> tuple[list[Run], list[Element]]:
    text: list[Run] = []
    lists: list[Element] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in ("ul", "ol"):
            lists.append(node)
        elif isinstance(node, Element) and node.tag in BLOCKS:
            inner_text, inner_lists = _parts(node.children)
            text += separate(text, inner_text)
            lists += inner_lists
        else:
            text += runs([node])
    return text, lists


def _written(text: list[Run], lists: str) -> Iterator[str]:
    inner = html(tidy(text)) + lists
    if inner:
        yield f"<li>{inner}</li>"
