"""Turns a story from outside into a Manuscript of ours, its labels found in the registers or made there."""

from collections.abc import Mapping
from html import escape

from articles.manuscript import BylineLine, Manuscript
from articles.models import Author, Image, Section, Tag, User

from . import labels
from .story import Block, Paragraph, Signature, Story

_SAME = "kind kicker headline short_headline search_headline feed_headline standfirst slug dateline language dated_note"


def compose(story: Story, images: Mapping[str, Image], *, by: User) -> Manuscript:
    """The manuscript of ``story``; ``images`` has the picture of ours for each picture's name.

    What the story leaves open is as in a new story of the desk. Raises what labels.entries does.
    """
    said = {name: getattr(story, name) for name in _SAME.split() if getattr(story, name)}
    return Manuscript(
        **said,
        section=labels.entries(Section, [story.section], by=by)[story.section].slug if story.section else "",
        body="\n".join(_block(block, images) for block in story.body),
        cover=str(images[story.cover].uid) if story.cover else "",
        bylines=_bylines(story.bylines, by=by),
        tags=tuple(entry.slug for entry in labels.entries(Tag, story.tags, by=by).values()),
        dated_on=story.dated_on.isoformat() if story.dated_on else "",
    )


def _block(block: Block, images: Mapping[str, Image]) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{escape(block.text, quote=False)}</p>"
    return f'<figure data-image="{images[block.picture].uid}"></figure>'


def _bylines(signatures: tuple[Signature, ...], *, by: User) -> tuple[BylineLine, ...]:
    authors = labels.entries(Author, [each.author for each in signatures if each.author], by=by)
    return tuple(
        BylineLine(author=authors[each.author].slug if each.author else "", text=each.text, role=each.role)
        for each in signatures
    )
