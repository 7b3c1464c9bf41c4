"""What readers' templates need beyond Django's own tags: pictures, stories in lists, dates and addresses."""

from collections.abc import Hashable, Mapping, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

from articles.front import context as surroundings
from articles.front import markup, parts, sheet
from articles.front.text import Part
from articles.live.search import Hit
from articles.live.values import Card, Picture

register = template.Library()

register.filter("absolute", surroundings.absolute)
for plain in (
    markup.address,
    markup.when,
    markup.day,
    markup.moment,
    markup.byline,
    markup.kicker,
    markup.tags,
):
    register.simple_tag(plain)


@register.simple_tag(takes_context=True)
def opening(context: Mapping) -> SafeString:
    """All that stands before the content of a page."""
    return sheet.opening(context)


@register.simple_tag(takes_context=True)
def closing(context: Mapping) -> SafeString:
    """All that stands after it."""
    return sheet.closing(context)


@register.simple_tag(takes_context=True)
def listing(context: Mapping, heading: str, meta: str, nothing: str = "") -> SafeString:
    """The stories of a list, as markup.listing has them."""
    return markup.listing(context, heading, meta, nothing)


@register.simple_tag(takes_context=True)
def onward(context: Mapping) -> SafeString:
    """The ways to the newest and to older pages of a list."""
    return markup.onward(context)


@register.simple_tag
def same(part: str, **facts: Hashable) -> SafeString:
    """``part`` of the page, which knows ``facts`` and the outlet alone: drawn once for the same ones."""
    return markup.same_for_all(part, **facts)


@register.simple_tag(takes_context=True)
def trail(context: Mapping) -> SafeString:
    """The way down from the home page."""
    return markup.same_for_all("front/parts/trail.html", trail=tuple(context.get("trail", ())))


@register.simple_tag(takes_context=True)
def picture(context: Mapping, shown: Picture, slot: str, *, priority: str = "", alt: str | None = None) -> SafeString:
    """``<picture>`` from the page's ``files``."""
    return markup.picture(shown, context["files"], slot, priority=priority, alt=alt)


@register.simple_tag(takes_context=True)
def figure(
    context: Mapping, shown: Picture, slot: str, *, of: Card | None = None, named: str = "", priority: str = ""
) -> SafeString:
    """A picture with its caption, which is in the language of the story that it is ``of``, else of the page's."""
    story = of or context.get("story")
    other = markup.tongue(story, context["language"]) if story else ""
    return markup.figure(shown, context["files"], slot, tongue=other, priority=priority, named=named)


@register.simple_tag(takes_context=True)
def teaser(context: Mapping, story: Card, slot: str = "", **how: object) -> SafeString:
    """A story in a list; ``how`` is as markup.teaser has it."""
    return markup.teaser(story, context["files"], context["language"], slot=slot, **how)  # type: ignore[arg-type]


@register.simple_tag(takes_context=True)
def columns(context: Mapping, cards: Sequence[Card], *, dek: bool = False) -> SafeString:
    """Stories side by side."""
    return markup.columns(cards, context["files"], context["language"], dek=dek)


@register.simple_tag(takes_context=True)
def stack(context: Mapping, cards: Sequence[Card]) -> SafeString:
    """Stories below each other."""
    return markup.stack(cards, context["files"], context["language"])


@register.simple_tag(takes_context=True)
def wire(context: Mapping, cards: Sequence[Card]) -> SafeString:
    """Stories in one line each."""
    return markup.wire(cards, context["t"], context["language"])


@register.simple_tag(takes_context=True)
def hits(context: Mapping, found: Sequence[Hit]) -> SafeString:
    """Stories that a search has found."""
    return markup.hits(found, context["language"])


@register.simple_tag(takes_context=True)
def tongue(context: Mapping, story: Card) -> SafeString:
    """The attributes of what is in another language than the page."""
    return markup.tongue(story, context["language"])


@register.simple_tag(takes_context=True)
def part(context: Mapping, one: Part) -> SafeString:
    """A part of a text."""
    return mark_safe(parts.on_page(one, context))  # noqa: S308  escaped there


@register.simple_tag(takes_context=True)
def figure_in_feed(context: Mapping, shown: Picture) -> SafeString:
    """A picture in a feed, from the feed's ``files``."""
    return markup.figure_in_feed(shown, context["files"])
