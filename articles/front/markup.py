"""The small parts that stand on a page by the dozen, put together here: a template takes fifty times as long for each.

What comes from outside goes through ``escape``; all else is our own text.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape

from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from articles.live.values import Card, File, Label, Picture, Signature, direction

from . import pictures
from .pictures import Source

Files = Mapping[str, Sequence[File]]


@lru_cache(maxsize=4096)
def address(name: str, slug: str) -> SafeString:
    """The path of a page, for an attribute."""
    return mark_safe(escape(reverse(name, args=[slug])))  # noqa: S308  all from outside is escaped


def same_for_all(template: str, **facts: object) -> SafeString:
    """What ``template`` says of ``facts``, which can be hashed and are all that it knows; drawn once for each."""
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(template, get_language(), settings.SITE_NAME, settings.SITE_TAGLINE, *facts.items())


@lru_cache(maxsize=256)
def _drawn(template: str, language: str, name: str, tagline: str, *facts: tuple[str, object]) -> SafeString:
    return render_to_string(template, {"site": {"name": name, "tagline": tagline}, **dict(facts)})


# --- Pictures -------------------------------------------------------------------------------------------------------


def picture(shown: Picture, files: Files, slot: str, *, priority: str = "", alt: str | None = None) -> SafeString:
    """``<picture>`` for ``slot`` (see pictures.SLOTS).

    ``priority`` is “high” for the one that matters most in the first screen, “eager” for others there; all others wait.
    ``alt`` is given only to say less than the picture's own: empty beside a headline that says the same.
    """
    drawn = pictures.drawn(shown, files.get(shown.uid, ()), pictures.SLOTS[slot])
    classes = " ".join(filter(None, ("whole" if shown.whole else "", f"t{escape(shown.tint)}" if shown.tint else "")))
    waits = {"high": ' fetchpriority="high"', "": ' loading="lazy" decoding="async"'}.get(priority, "")
    img = "".join(
        (
            "<img",
            f' class="{classes}"' if classes else "",
            f' src="{escape(drawn.src)}"',
            f' srcset="{escape(drawn.srcset)}" sizes="{escape(drawn.sizes)}"' if drawn.srcset else "",
            f' width="{drawn.width}" height="{drawn.height}" alt="{escape(shown.alt if alt is None else alt)}"{waits}>',
        )
    )
    return mark_safe(f"<picture>{''.join(map(_source, drawn.sources))}{img}</picture>\n")  # noqa: S308  all from outside is escaped


def _source(source: Source) -> str:
    media = f' media="{escape(source.media)}"' if source.media else ""
    kind = f' type="{escape(source.type)}"' if source.type else ""
    sizes = f' sizes="{escape(source.sizes)}"' if source.sizes else ""
    srcset = escape(source.srcset)
    return f'<source{media}{kind} srcset="{srcset}"{sizes} width="{source.width}" height="{source.height}">'


def figure(
    shown: Picture, files: Files, slot: str, *, tongue: str = "", priority: str = "", named: str = ""
) -> SafeString:
    """A picture with what readers are told of it; ``named`` is its class, ``tongue`` that of its caption."""
    told = [f'<span class="told">{escape(label)}</span> ' for label in pictures.labels(shown)]
    if shown.caption:
        told.append(f'<span class="caption"{tongue}>{escape(shown.caption)}</span>')
    if shown.credit:
        told.append(f' <span class="credit">{escape(shown.credit)}</span>')
    caption = f"<figcaption>{''.join(told)}</figcaption>\n" if told or shown.labels else ""
    if shown.described:
        words = linebreaksbr(shown.described)
        summary = _("The picture in words")
        caption += f'<details class="described"><summary>{summary}</summary><p>{words}</p></details>\n'
    own = f' class="{escape(named)}"' if named else ""
    drawn = picture(shown, files, slot, priority=priority)
    return mark_safe(f"<figure{own}>\n{drawn}\n{caption}</figure>\n")  # noqa: S308  all from outside is escaped


# --- Stories --------------------------------------------------------------------------------------------------------


def teaser(
    card: Card, files: Files, language: str, *, slot: str = "", meta: str = "", dek: bool = False, priority: str = ""
) -> SafeString:
    """A story in a list: with its picture where there is a ``slot``, its standfirst as ``dek``, and as ``meta`` who
    signed at which “hour”, or the “day”. ``language`` is the page's.
    """
    other = tongue(card, language)
    kind = "" if slot else " teaser--text"
    kind = " teaser--first" if slot == "first" else kind
    words = f'<p class="teaser__dek"{other}>{escape(card.standfirst)}</p>\n' if dek and card.standfirst else ""
    told = f'<p class="meta">{_signed(card) if meta == "hour" else day(card)}</p>\n' if meta else ""
    shown = picture(card.cover, files, slot, priority=priority, alt="") if slot and card.cover else ""
    media = f'<div class="teaser__media">{shown}</div>\n' if shown else ""
    return mark_safe(  # noqa: S308  all from outside is escaped
        f'<article class="teaser{kind}">\n<div class="teaser__body">\n<div class="teaser__text">\n'
        f'<h3 class="teaser__title"{other}><a href="{escape(card.path)}"><span class="kicker">{kicker(card)}</span> '
        f"{escape(card.headline)}</a></h3>\n{words}{told}</div>\n{media}</div>\n</article>\n"
    )


def kicker(card: Card) -> SafeString:
    """What kind of story it is, and its kicker or section."""
    label = f"{escape(card.label)}: " if card.label else ""
    return mark_safe(f"{label}{escape(card.kicker or card.section.name)}\n")  # noqa: S308  all from outside is escaped


def tongue(card: Card, language: str) -> SafeString:
    """The attributes of what is in another language than the page."""
    if not card.language or card.language == language:
        return SafeString("")
    return mark_safe(f' lang="{escape(card.language)}" dir="{direction(card.language)}"')  # noqa: S308  all from outside is escaped


def _signed(card: Card) -> str:
    return ", ".join(filter(None, (escape(card.names), clock(card))))


def tags(topics: Iterable[Label]) -> SafeString:
    """The topics as a row of links to their pages."""
    links = "".join(f'<li><a href="{address("topic", each.slug)}">{escape(each.name)}</a></li>' for each in topics)
    return mark_safe(f'<ul class="tags" role="list">{links}</ul>\n')  # noqa: S308  all from outside is escaped


def byline(story: Card) -> SafeString:
    """Who signed, a line for each role."""
    lines = []
    for role, names in story.signed():
        written = [_name(line) for line in names]
        joined = f" {_('and')} ".join(filter(None, (", ".join(written[:-1]), written[-1])))
        lines.append(f'<p class="byline">{escape(role) or pgettext("byline", "By")} {joined}</p>\n')
    return mark_safe("".join(lines) + "\n")  # noqa: S308  all from outside is escaped


def _name(line: Signature) -> str:
    if not line.slug:
        return f"<b>{escape(line.name)}</b>"
    return f'<a href="{address("author", line.slug)}" rel="author">{escape(line.name)}</a>'


# --- Dates ----------------------------------------------------------------------------------------------------------


def when(card: Card) -> SafeString:
    """When a story was published: the moment with its zone, or the day where no more is known."""
    return moment(card.dated_at, "j F Y" if card.dated_by_day else "j F Y, H:i T", by_day=card.dated_by_day)


def day(card: Card) -> SafeString:
    """The day of a story."""
    return moment(card.dated_at, "j F Y", by_day=card.dated_by_day)


def hour(card: Card, t: datetime) -> SafeString:
    """The hour of a story of the same day as ``t``, else its day."""
    same_day = timezone.localtime(card.dated_at).date() == timezone.localtime(t).date() and not card.dated_by_day
    return moment(card.dated_at, "H:i" if same_day else "j F Y", by_day=card.dated_by_day)


def clock(card: Card) -> SafeString | str:
    """The hour of a story under a heading that says its day; nothing where only the day is known."""
    return "" if card.dated_by_day else moment(card.dated_at, "H:i")


def moment(at: datetime, how: str = "j F Y, H:i T", *, by_day: bool = False) -> SafeString:
    """A moment as ``how`` says (Django's date format), in the outlet's zone and language."""
    return _moment(at, how, by_day, get_language(), settings.TIME_ZONE)


@lru_cache(maxsize=2048)
def _moment(at: datetime, how: str, by_day: bool, language: str, zone: str) -> SafeString:
    local = timezone.localtime(at)
    machine = local.date().isoformat() if by_day else local.isoformat(timespec="seconds")
    said = date_format(local, how) if "H" in how else _day(local.date(), how, language)
    return format_html('<time datetime="{}">{}</time>', machine, said)


@lru_cache(maxsize=2048)
def _day(day: date, how: str, language: str) -> str:
    return date_format(day, how)
