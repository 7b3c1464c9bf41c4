"""The text of a story part by part: what each block becomes for readers. From plain values; nothing asks the database.

How a part is written, on pages and in feeds, is in ``parts``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from articles import body
from articles.body import contents
from articles.live.values import AboutPage, Card, Picture, Story

Named = Mapping[str, Card]

# Blocks that go to the page as they are, one run together.
_RUNS = frozenset({"p", "h2", "h3", "ul", "ol", "blockquote", "hr"})
# Where each layout of a figure takes its files from.
SLOTS = {"": "body", "wide": "wide", "full": "full", "beside": "beside"}
_GLOSS = re.compile(r'<abbr title="([^"]*)">(.*?)</abbr>', re.DOTALL)
_SANDBOX = "allow-scripts allow-same-origin"


@dataclass(frozen=True)
class Part:
    """One part of a text; ``number`` tells it from others on the page."""

    kind: str
    number: int
    facts: Mapping[str, Any] = field(default_factory=dict)


def parts(story: Story | AboutPage, named: Named, *, site: str = "") -> list[Part]:
    """The parts of the text of ``story``, in order. ``named`` are the public stories that it names, by uid.

    Links to the others are plain text. ``site`` is put before every address of ours, for pages elsewhere.
    """
    return [Part(kind, number, facts) for number, (kind, facts) in enumerate(_Text(story, named, site).parts(), 1)]


class _Text:
    def __init__(self, story: Story | AboutPage, named: Named, site: str):
        self.story, self.named, self.site = story, named, site
        self.addresses = {uid: f"{site}{card.path}" for uid, card in named.items()}
        self.glosses = 0

    @cached_property
    def words(self) -> str:
        return _squeezed(body.plain_text(self.story.body))

    def parts(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for is_run, blocks in groupby(body.blocks(self.story.body), key=lambda block: block.kind in _RUNS):
            if is_run:
                yield "run", {"html": self.safe("\n".join(block.html for block in blocks))}
                continue
            for block in blocks:
                facts = getattr(self, block.kind)(block)
                if facts:
                    yield block.kind, facts

    def safe(self, html: str) -> SafeString:
        # Safe: a body is canonical HTML that articles.body cleaned by its allow-list when it was published, and what
        # is filled in here are addresses of published stories.
        told = body.with_story_links(body.with_site(html, self.site), self.addresses)
        return mark_safe(told if self.site else _GLOSS.sub(self.gloss, told))  # noqa: S308  cleaned, as said above

    def gloss(self, found: re.Match[str]) -> str:
        """An explained word as a button that opens what it means: for the mouse, the keys and screen readers alike."""
        self.glosses += 1
        opened = f'<button type="button" class="gloss" popovertarget="g{self.glosses}">{found[2]}</button>'
        meaning = f'<span popover class="gloss-text" role="note" id="g{self.glosses}">{found[1]}</span>'
        return f'<abbr title="{found[1]}">{opened}</abbr>{meaning}'

    def figure(self, block: body.Block) -> dict[str, Any]:
        shown = self.picture(block)
        return {"shown": shown, "slot": SLOTS.get(block.layout, "body"), "layout": block.layout} if shown else {}

    def picture(self, figure: body.Block) -> Picture | None:
        """A picture with this story's own words for it, if it still is one of the story's; what stands in for one has
        its own."""
        picture = self.story.pictures.get(figure.image)
        if picture is None or picture.uid != figure.image:
            return picture
        return replace(picture, caption=figure.caption or picture.caption, alt=figure.alt or picture.alt)

    def gallery(self, block: body.Block) -> dict[str, Any]:
        shown = [picture for picture in map(self.picture, block.inside) if picture]
        # Two in a row; of an odd number the first has a row of its own.
        return {"pictures": shown, "leads": len(shown) % 2 == 1} if shown else {}

    def facts(self, block: body.Block) -> dict[str, Any]:
        box = contents.box(block)
        return {"heading": self.safe(box.heading), "html": self.safe(box.html)}

    def quote(self, block: body.Block) -> dict[str, Any]:
        """A pull quote; one whose words stand in the text is not read out a second time."""
        quoted = _GLOSS.sub(r"\2", contents.quoted(block))
        repeats = self.words.count(_squeezed(body.plain_text(f"<p>{quoted}</p>"))) > 1
        html = self.safe(body.without_links(quoted) if repeats else quoted)
        return {"html": html, "by": block.attrs.get("data-by", ""), "repeats": repeats}

    def timeline(self, block: body.Block) -> dict[str, Any]:
        told = contents.timeline(block)
        moments = [(self.safe(when), self.safe(what)) for when, what in told.moments]
        return {"heading": self.safe(told.heading), "moments": moments}

    def table(self, block: body.Block) -> dict[str, Any]:
        table = contents.table(block)
        rows = [self.cells(row) for row in table.rows]
        return {"caption": self.safe(table.caption), "head": self.cells(table.head), "rows": rows}

    def cells(self, row: Sequence[contents.Cell]) -> list[contents.Cell]:
        return [replace(cell, html=self.safe(cell.html)) for cell in row]

    def embed(self, block: body.Block) -> dict[str, Any]:
        found = contents.embedded(block)
        if not found:
            return {}
        facts = {"embed": found.embed, "title": found.title, "sandbox": _SANDBOX, "language": self.story.language}
        return facts | {"card": render_to_string("front/text/embed_card.html", facts) if found.embed.frame else ""}

    def related(self, block: body.Block) -> dict[str, Any]:
        cards = [self.named[uid] for uid in body.related_uids(block) if uid in self.named]
        return {"cards": cards} if cards else {}


def _squeezed(text: str) -> str:
    """Text for comparing: its letters and digits, in small letters."""
    return "".join(filter(str.isalnum, text.casefold()))
