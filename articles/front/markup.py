"""The small parts that stand on a page by the dozen, put together here: a template takes fifty times as long for each.

What comes from outside goes through ``escape``; all else is our own text.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape
from itertools import chain, repeat
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from articles.live.days import local_time
from articles.live.search import Hit
from articles.live.values import Card, File, Label, Picture, Signature, direction

from . import pictures
from .context import absolute
from .phrases import spoken
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


def lines(pieces: Iterable[str]) -> str:
    """``pieces``, each with the end of a line behind it."""
    return "".join(f"{piece}\n" for piece in pieces)


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


def figure_in_feed(shown: Picture, files: Files) -> SafeString:
    """A picture for readers elsewhere: one file of it, by its whole address."""
    file = pictures.for_feed(shown, files)
    src = escape(absolute(pictures.address(file.name))) if file else ""
    img = f'<img src="{src}" width="{file.width}" height="{file.height}" alt="{escape(shown.alt)}">' if file else ""
    labels = "".join(f"{escape(label)}. " for label in pictures.labels(shown))
    credit = f" {escape(shown.credit)}" if shown.credit else ""
    told = f"<figcaption>{labels}{escape(shown.caption)}{credit}</figcaption>"
    caption = told if shown.caption or shown.credit or shown.labels else ""
    return mark_safe(f"<figure>{img}{caption}</figure>")  # noqa: S308  all from outside is escaped


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


def columns(cards: Iterable[Card], files: Files, language: str, *, dek: bool = False) -> SafeString:
    """Stories side by side, each with its picture."""
    drawn = (teaser(card, files, language, slot="card", dek=dek, meta="day") for card in cards)
    return mark_safe(lines(drawn))  # noqa: S308  teaser escapes


def stack(cards: Sequence[Card], files: Files, language: str) -> SafeString:
    """Stories below each other, the first with its picture and more words."""
    first = (teaser(card, files, language, slot="list", dek=True, meta="day") for card in cards[:1])
    others = (teaser(card, files, language, meta="day") for card in cards[1:])
    return mark_safe(lines(chain(first, others)))  # noqa: S308  teaser escapes


def wire(cards: Iterable[Card], t: datetime, language: str) -> SafeString:
    """Stories in one line each, with their hour."""
    drawn = (
        f'<li>{hour(card, t)}<a href="{escape(card.path)}"{tongue(card, language)}>'
        f"{f'{escape(card.label)}: ' if card.label else ''}{escape(card.short_headline or card.headline)}</a></li>"
        for card in cards
    )
    return mark_safe(f'<ol class="wire" role="list">\n{lines(drawn)}</ol>\n')  # noqa: S308  all from outside is escaped


def hits(found: Iterable[Hit], language: str) -> SafeString:
    """Stories that a search has found, with the words that were asked for marked."""
    drawn = (_hit(hit, tongue(hit.card, language)) for hit in found)
    return mark_safe(f'<ol class="results" role="list">\n{lines(drawn)}</ol>\n')  # noqa: S308  all from outside is escaped


def _hit(hit: Hit, other: str) -> str:
    card = hit.card
    label = f"{escape(card.label)}, " if card.label else ""
    return (
        f'<li class="result">\n<h2{other}><a href="{escape(card.path)}">{_marked(hit.headline)}</a></h2>\n'
        f"<p{other}>{_marked(hit.words)}</p>\n"
        f'<p class="meta">{label}{escape(card.section.name)}, {when(card)}</p>\n</li>'
    )


def _marked(text: Iterable[tuple[str, bool]]) -> str:
    return "".join(f"<mark>{escape(words)}</mark>" if is_hit else escape(words) for words, is_hit in text)


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
    signed = []
    for role, names in story.signed():
        linked = [_name(line) for line in names]
        joined = f" {spoken()('and')} ".join(filter(None, (", ".join(linked[:-1]), linked[-1])))
        signed.append(f'<p class="byline">{escape(role) or _by(get_language())} {joined}</p>\n')
    return mark_safe("".join(signed) + "\n")  # noqa: S308  all from outside is escaped


@lru_cache(maxsize=32)
def _by(language: str) -> str:
    return pgettext("byline", "By")


def _name(line: Signature) -> str:
    if not line.slug:
        return f"<b>{escape(line.name)}</b>"
    return f'<a href="{address("author", line.slug)}" rel="author">{escape(line.name)}</a>'


# --- Lists ----------------------------------------------------------------------------------------------------------


def listing(told: Mapping[str, Any], heading: str, meta: str, nothing: str = "") -> SafeString:
    """The stories of a list in their groups, and what they are about. Each day is written as ``heading`` says;
    ``nothing`` is said where there is none.
    """
    _, groups, topics = told["say"], told["groups"], told["topics"]
    days = "".join(_group(place, day, cards, told, heading, meta) for place, (day, cards) in enumerate(groups, 1))
    empty = _("There is nothing older.") if told["before"] else conditional_escape(nothing)
    none = f'<p class="empty">{empty}</p>\n'
    about = (
        '<aside class="listing__side" aria-labelledby="topics">\n'
        f'<div class="head"><h2 id="topics">{_("In these stories")}</h2></div>\n{tags(topics)}\n</aside>\n'
    )
    return mark_safe(  # noqa: S308  all from outside is escaped
        f'<div class="listing{"" if topics else " listing--alone"}">\n<div>\n'
        f"{days or none}{onward(told)}\n</div>\n{about if topics else ''}</div>\n"
    )


def _group(number: int, day: date, cards: Sequence[Card], told: Mapping[str, Any], heading: str, meta: str) -> str:
    """The stories of one day or month; the first two of the first are in the first screen."""
    first = (("first", "high"), ("list", "eager")) if number == 1 else ()
    drawn = (
        teaser(card, told["files"], told["language"], slot=slot, dek=True, meta=meta, priority=priority)
        for card, (slot, priority) in zip(cards, chain(first, repeat(("list", ""))), strict=False)
    )
    return (
        f'<section class="day" aria-labelledby="d{number}">\n<h2 id="d{number}">{escape(written(day, heading))}</h2>\n'
        f'<div class="stack">\n{lines(drawn)}</div>\n</section>\n'
    )


def onward(told: Mapping[str, Any]) -> SafeString:
    """The ways to the newest and to older pages of a list."""
    _, before, older = told["say"], told["before"], told["older"]
    newest = f'<a href="?">{_("Newest stories")}</a>\n' if before else ""
    next_page = f'<a href="?before={quote(str(older))}" rel="next">{_("Older stories")}</a>\n' if older else ""
    ways = f'<nav class="pages" aria-label="{_("Pages")}">\n{newest}{next_page}</nav>\n' if before or older else ""
    return mark_safe(f"{ways}\n")  # noqa: S308  all from outside is escaped


# --- Dates ----------------------------------------------------------------------------------------------------------


def when(card: Card) -> SafeString:
    """When a story was published: the moment with its zone, or the day where no more is known."""
    return moment(card.dated_at, "j F Y" if card.dated_by_day else "j F Y, H:i T", by_day=card.dated_by_day)


def day(card: Card) -> SafeString:
    """The day of a story."""
    return moment(card.dated_at, "j F Y", by_day=card.dated_by_day)


def hour(card: Card, t: datetime) -> SafeString:
    """The hour of a story of the same day as ``t``, else its day."""
    same_day = local_time(card.dated_at).date() == local_time(t).date() and not card.dated_by_day
    return moment(card.dated_at, "H:i" if same_day else "j F Y", by_day=card.dated_by_day)


def clock(card: Card) -> SafeString | str:
    """The hour of a story under a heading that says its day; nothing where only the day is known."""
    return "" if card.dated_by_day else moment(card.dated_at, "H:i")


def moment(at: datetime, how: str = "j F Y, H:i T", *, by_day: bool = False) -> SafeString:
    """A moment as ``how`` says (Django's date format), in the outlet's zone and language."""
    return _moment(at, how, by_day, get_language(), settings.TIME_ZONE)


@lru_cache(maxsize=2048)
def _moment(at: datetime, how: str, by_day: bool, language: str, zone: str) -> SafeString:
    local = local_time(at)
    machine = local.date().isoformat() if by_day else local.isoformat(timespec="seconds")
    day, has_hour, zoned = how.partition("H:i")  # hours read the same in all languages, and days come again
    hour = f"{local:%H:%M}{f' {local.tzname()}' if zoned else ''}" if has_hour else ""
    said = f"{_day(local.date(), day, language) if day else ''}{hour}"
    return mark_safe(f'<time datetime="{machine}">{escape(said)}</time>')  # noqa: S308  all is escaped


def written(at: date, how: str) -> str:
    """The day of a moment, or a day, as ``how`` says (Django's date format), in the outlet's zone and language."""
    return _day(local_time(at).date() if isinstance(at, datetime) else at, how, get_language())


@lru_cache(maxsize=2048)
def _day(day: date, how: str, language: str) -> str:
    return date_format(day, how)
