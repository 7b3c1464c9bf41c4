"""What readers' templates need beyond Django's own tags: pictures, stories in lists, dates and addresses."""

from collections.abc import Hashable, Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString

from articles.front import context as surroundings
from articles.front import markup, pictures
from articles.live.values import Card, Picture

register = template.Library()

register.filter("absolute", surroundings.absolute)
register.filter("labels", pictures.labels)
for plain in (
    markup.address,
    markup.when,
    markup.day,
    markup.hour,
    markup.clock,
    markup.moment,
    markup.byline,
    markup.kicker,
    markup.tags,
):
    register.simple_tag(plain)


@register.simple_tag(takes_context=True)
def masthead(context: Mapping) -> SafeString:
    """The head of every page, the same on all pages of a section."""
    return _around(context, "front/parts/masthead.html", here=context.get("here", ""), top=context.get("top", ""))


@register.simple_tag(takes_context=True)
def foot(context: Mapping) -> SafeString:
    """The foot of every page."""
    return _around(context, "front/parts/foot.html", year=context["year"])


@register.simple_tag
def same(part: str, **facts: Hashable) -> SafeString:
    """``part`` of the page, which knows ``facts`` and the outlet alone: drawn once for the same ones."""
    return markup.same_for_all(part, **facts)


def _around(context: Mapping, part: str, **facts: object) -> SafeString:
    return markup.same_for_all(part, sections=tuple(context["sections"]), **facts)


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
def tongue(context: Mapping, story: Card) -> SafeString:
    """The attributes of what is in another language than the page."""
    return markup.tongue(story, context["language"])


@register.simple_tag(takes_context=True)
def picture_for_feed(context: Mapping, shown: Picture) -> tuple[str, int, int] | None:
    """Address, width and height of a picture's file as a feed shows it, or nothing where it has none."""
    file = pictures.for_feed(shown, context["files"])
    return (surroundings.absolute(pictures.address(file.name)), file.width, file.height) if file else None


@register.filter
def written(at: datetime, how: str) -> str:
    """A moment or day as ``how`` says (Django's date format), in the outlet's zone."""
    return date_format(timezone.localtime(at) if isinstance(at, datetime) else at, how)
