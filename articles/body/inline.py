"""Inline text as runs: text with its marks, merged and nested in one fixed order, so equal texts are equal strings."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from .allowlist import BLOCKS, LONGEST_GLOSS, MARKS, known_uid
from .links import link_address
from .tree import Element

BREAK = "\n"
_SPACE = re.compile(r"[ \t\r\n\f]+")  # HTML's white space: a no-break space is a character and stays


class Run(NamedTuple):
    """Text under one set of marks; a text of BREAK is a line break. ``story`` is the uid of a story it leads to.

    ``gloss`` is what the desk explains of it to readers; a link has none.
    """

    text: str
    href: str = ""
    story: str = ""
    strong: bool = False
    em: bool = False
    gloss: str = ""


_PLAIN = Run("")


def runs(nodes: Iterable[Element | str], marks: Run = _PLAIN) -> Iterator[Run]:
    """The texts below ``nodes`` with the marks they stand under; elements that mark nothing are looked through."""
    for node in nodes:
        if isinstance(node, str):
            yield Run(_SPACE.sub(" ", node), *marks[1:])
        elif node.tag == "br":
            yield Run(BREAK)
        elif node.tag == "a":
            yield from runs(node.children, _linked(marks, node.attrs))
        elif node.tag == "abbr":
            yield from runs(node.children, _glossed(marks, node.attrs.get("title", "")))
        elif node.tag in MARKS:
            yield from runs(node.children, _marked(marks, MARKS[node.tag]))
        else:
            yield from runs(node.children, marks)


def lines(nodes: Iterable[Element | str]) -> list[Run]:
    """The texts below ``nodes`` where only inline text can stand: each block in them is a line of its own."""
    found: list[Run] = []
    for node in nodes:
        if isinstance(node, Element) and node.tag in BLOCKS:
            found += separate(found, lines(node.children))
        else:
            found += runs([node])
    return found


def separate(before: list[Run], line: list[Run]) -> list[Run]:
    """``line`` with the breaks that keep it apart from ``before`` and from what will follow."""
    if not any(run.text.strip(" ") for run in line):
        return line
    said = next((run.text for run in reversed(before) if run.text.strip(" ")), BREAK)
    return [*([Run(BREAK)] if said != BREAK else []), *line, Run(BREAK)]


def _linked(run: Run, attrs: dict[str, str]) -> Run:
    """The outer link counts; a story of ours counts before an address."""
    if run.href or run.story:
        return run
    run = run._replace(gloss="")
    story = known_uid(attrs.get("data-article", ""))
    return run._replace(story=story, href="" if story else link_address(attrs.get("href", "")))


def _glossed(run: Run, title: str) -> Run:
    """The inner explanation counts; in a link there is none: a page could not show both."""
    gloss = " ".join(title.split())[:LONGEST_GLOSS].strip()
    return run._replace(gloss=gloss) if gloss and not (run.href or run.story) else run


def _marked(run: Run, mark: str) -> Run:
    return run._replace(strong=True) if mark == "strong" else run._replace(em=True)


def tidy(found: Iterable[Run]) -> list[Run]:
    """Runs with doubled spaces, and spaces and breaks at the ends and beside breaks, taken out."""
    tidied: list[Run] = []
    for run in found:
        at_start = not tidied or tidied[-1].text == BREAK
        after_space = bool(tidied) and tidied[-1].text.endswith(" ")
        if run.text == BREAK:
            _trim_end(tidied)
            if tidied:
                tidied.append(run)
            continue
        text = run.text.lstrip(" ") if at_start or after_space else run.text
        if text:
            tidied.append(run._replace(text=text))
    while tidied and (tidied[-1].text == BREAK or not tidied[-1].text.strip(" ")):
        tidied.pop()
    _trim_end(tidied)
    return tidied


def _trim_end(tidied: list[Run]) -> None:
    while tidied and tidied[-1].text != BREAK:
        text = tidied[-1].text.rstrip(" ")
        if text:
            tidied[-1] = tidied[-1]._replace(text=text)
            return
        tidied.pop()


def html(found: Iterable[Run]) -> str:
    """Runs as HTML, links outside strong outside em outside abbr."""
    by_link = groupby(found, lambda run: (run.href, run.story))
    return "".join(_wrap_link(href, story, list(group)) for (href, story), group in by_link)


def inline_html(nodes: Iterable[Element | str]) -> str:
    """The texts below ``nodes`` as canonical inline HTML, each block in them a line of its own."""
    return html(tidy(lines(nodes)))


def _wrap_link(href: str, story: str, inside: list[Run]) -> str:
    inner = "".join(
        _wrap(
            "strong",
            strong,
            "".join(_wrap("em", em, _glosses(texts)) for em, texts in groupby(group, lambda r: r.em)),
        )
        for strong, group in groupby(inside, lambda r: r.strong)
    )
    if story:
        return f'<a data-article="{story}">{inner}</a>'
    return f'<a href="{escape(href)}">{inner}</a>' if href else inner


def _glosses(found: Iterable[Run]) -> str:
    return "".join(_wrap_gloss(gloss, "".join(map(_text, texts))) for gloss, texts in groupby(found, lambda r: r.gloss))


def _wrap_gloss(gloss: str, inner: str) -> str:
    return f'<abbr title="{escape(gloss)}">{inner}</abbr>' if gloss else inner


def _wrap(tag: str, wanted: bool, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>" if wanted else inner


def _text(run: Run) -> str:
    return "<br>" if run.text == BREAK else escape(run.text, quote=False)
