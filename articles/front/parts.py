"""The parts of a text as readers see them: on our pages, and in feeds.

A picture, which is the commonest beside plain text, is put together in Python; every other kind has a template in
``front/text/`` and in ``front/feed/``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string

from . import markup
from .text import Part


def on_page(part: Part, told: Mapping[str, Any]) -> str:
    """On a page of which ``context`` has told."""
    facts = part.facts
    if part.kind == "run":
        return facts["html"]
    if part.kind == "figure":
        tongue = markup.tongue(told["story"], told["language"]) if "story" in told else ""
        named = f"figure--{facts['layout']}" if facts["layout"] else ""
        return f"{markup.figure(facts['shown'], told['files'], facts['slot'], tongue=tongue, named=named)}\n"
    around = {name: told[name] for name in ("files", "language", "story") if name in told}
    return render_to_string(f"front/text/{part.kind}.html", {**around, "part": facts, "number": part.number})


def text_in_feed(text: Iterable[Part], files: markup.Files) -> str:
    """A whole text for readers elsewhere, with the public ``files`` of its pictures."""
    return markup.lines(_in_feed(part, files) for part in text) + "\n"


def _in_feed(part: Part, files: markup.Files) -> str:
    if part.kind == "run":
        return part.facts["html"]
    if part.kind == "figure":
        return f"{markup.figure_in_feed(part.facts['shown'], files)}\n\n"
    return render_to_string(f"front/feed/{part.kind}.html", {"part": part.facts, "files": files})
