"""What readers' templates need beyond Django's own tags: pictures, dates and addresses."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.front import context as surroundings
from articles.front import pictures
from articles.live.values import Card, Picture

register = template.Library()

register.filter("absolute", surroundings.absolute)
register.filter("labels", pictures.labels)


@register.inclusion_tag("front/parts/picture.html", takes_context=True)
def picture(context: Mapping, shown: Picture, slot: str, *, priority: str = "", alt: str | None = None) -> dict:
    """``<picture>`` for ``slot`` (see pictures.SLOTS) from the page's ``files``.

    ``priority`` is “high” for the one that matters most in the first screen, “eager” for others there; all others wait.
    ``alt`` is given only to say less than the picture's own: empty beside a headline that says the same.
    """
    files = context["files"].get(shown.uid, ())
    return {
        "drawn": pictures.drawn(shown, files, pictures.SLOTS[slot]),
        "alt": shown.alt if alt is None else alt,
        "priority": priority,
        "whole": shown.whole,
        "tint": shown.tint,
    }


@register.simple_tag(takes_context=True)
def picture_for_feed(context: Mapping, shown: Picture) -> tuple[str, int, int] | None:
    """Address, width and height of a picture's file as a feed shows it, or nothing where it has none."""
    file = pictures.for_feed(shown, context["files"])
    return (surroundings.absolute(pictures.address(file.name)), file.width, file.height) if file else None


@register.simple_tag
def when(card: Card) -> SafeString:
    """When a story was published: the moment with its zone, or the day where no more is known."""
    return _time(card.dated_at, "j F Y" if card.dated_by_day else "j F Y, H:i T", by_day=card.dated_by_day)


@register.simple_tag
def day(card: Card) -> SafeString:
    """The day of a story."""
    return _time(card.dated_at, "j F Y", by_day=card.dated_by_day)


@register.simple_tag
def hour(card: Card, t: datetime) -> SafeString:
    """The hour of a story of the same day as ``t``, else its day."""
    local, now = timezone.localtime(card.dated_at), timezone.localtime(t)
    same_day = local.date() == now.date() and not card.dated_by_day
    return _time(card.dated_at, "H:i" if same_day else "j F Y", by_day=card.dated_by_day)


@register.simple_tag
def clock(card: Card) -> SafeString | str:
    """The hour of a story under a heading that says its day; nothing where only the day is known."""
    return "" if card.dated_by_day else _time(card.dated_at, "H:i")


@register.simple_tag
def moment(at: datetime, written: str = "j F Y, H:i T") -> SafeString:
    """A moment with its zone."""
    return _time(at, written)


@register.filter
def written(at: datetime, how: str) -> str:
    """A moment or day as ``how`` says (Django's date format), in the outlet's zone."""
    return date_format(timezone.localtime(at) if isinstance(at, datetime) else at, how)


def _time(at: datetime, how: str, *, by_day: bool = False) -> SafeString:
    local = timezone.localtime(at)
    machine = local.date().isoformat() if by_day else local.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', machine, date_format(local, how))
