"""Inline text as runs: text with its marks, merged and nested in one fixed order, so equal texts are equal strings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from .allowlist import MARKS, link_address
from .tree import Element

BREAK = "\n"
_SPACE = re.compile(r"[ \t\r\n\f]+")  # HTML's white space: a no-break space is a character and stays


@dataclass(frozen=True)
class Run:
    """Text under one set of marks; a text of BREAK is a line break."""

    text: str
    href: str = ""
    strong: bool = False
    em: bool = False


def runs(nodes: Iterable[Element | str], marks: Run = Run("")) -> Iterator[Run]:
    """The texts below ``nodes`` with the marks they stand under; elements that mark nothing are looked through."""
    for node in nodes:
        if isinstance(node, str):
            yield replace(marks, text=_SPACE.sub(" ", node))
        elif node.tag == "br":
            yield Run(BREAK)
        elif node.tag == "a":
            yield from runs(node.children, replace(marks, href=marks.href or link_address(node.attrs.get("href", ""))))
        elif node.tag in MARKS:
            yield from runs(node.children, _marked(marks, MARKS[node.tag]))
        else:
            yield from runs(node.children, marks)


def _marked(run: Run, mark: str) -> Run:
    return replace(run, strong=True) if mark == "strong" else replace(run, em=True)


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
            tidied.append(replace(run, text=text))
    while tidied and (tidied[-1].text == BREAK or not tidied[-1].text.strip(" ")):
        tidied.pop()
    _trim_end(tidied)
    return tidied


def _trim_end(tidied: list[Run]) -> None:
    while tidied and tidied[-1].text != BREAK:
        text = tidied[-1].text.rstrip(" ")
        if text:
            tidied[-1] = replace(tidied[-1], text=text)
            return
        tidied.pop()


def html(found: Iterable[Run]) -> str:
    """Runs as HTML, links outside strong outside em."""
    return "".join(_wrap_link(href, list(group)) for href, group in groupby(found, lambda run: run.href))


def _wrap_link(href: str, inside: list[Run]) -> str:
    inner = "".join(
        _wrap(
            "strong",
            strong,
            "".join(_wrap("em", em, "".join(map(_text, texts))) for em, texts in groupby(group, lambda r: r.em)),
        )
        for strong, group in groupby(inside, lambda r: r.strong)
    )
    return f'<a href="{escape(href)}">{inner}</a>' if href else inner


def _wrap(tag: str, wanted: bool, inner: str) -> str:
    return f"<{tag}>{inner}</{tag}>" if wanted else inner


def _text(run: Run) -> str:
    return "<br>" if run.text == BREAK else escape(run.text, quote=False)
