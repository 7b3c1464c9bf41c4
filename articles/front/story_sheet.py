"""A story's page, put together in Python: the page that is made anew most often, and as a template took ten times as
long. ``told`` is what ``pages.render_story`` says of the story; what comes from outside goes through ``escape``.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_noop, ngettext

from articles.live.days import local_time
from articles.live.values import Entry, Story

from . import markup, sheet
from .markup import lines
from .parts import on_page

Told = Mapping[str, Any]

# What each change is called in the record of a story.
CHANGES = {
    "correction": gettext_noop("Corrected."),
    "clarification": gettext_noop("Clarified."),
    "apology": gettext_noop("Apology."),
    "withdrawal": gettext_noop("Withdrawn."),
    "update": gettext_noop("Updated."),
}
# And in the note that stands on it; any other is a correction.
NOTES = {"clarification": gettext_noop("Clarification"), "apology": gettext_noop("Apology")}


def draw(told: Told) -> SafeString:
    """The whole page."""
    parts = (
        *(sheet.opening(told, _shared(told)), _above(told), _head(told), _meta(told), _lead(told), _body(told)),
        *(_more(told), _end(told), _beside(told), sheet.closing(told), "\n"),
    )
    return mark_safe("".join(parts))  # noqa: S308  all from outside is escaped


def _shared(told: Told) -> str:
    """What previews of a link to it show."""
    story, (picture, width, height, alt) = told["story"], told["share_picture"]
    script = "" if told["banner"] else markup.same_for_all("front/parts/share_script.html")
    described = f'<meta property="og:image:alt" content="{escape(alt)}">\n' if alt else ""
    return (
        f'{script}<meta property="og:type" content="article">\n'
        f'<meta property="og:image" content="{escape(picture)}">\n'
        f'<meta property="og:image:width" content="{width}">\n<meta property="og:image:height" content="{height}">\n'
        f"{described}"
        f'<meta property="article:published_time" content="{local_time(story.dated_at).isoformat()}">\n'
        f'<meta property="article:section" content="{escape(story.section.name)}">\n'
        '<meta name="twitter:card" content="summary_large_image">\n'
    )


# --- From the top to the text ---------------------------------------------------------------------------------------


def _above(told: Told) -> str:
    trail = markup.same_for_all("front/parts/trail.html", trail=tuple(told["trail"]))
    banner = told["banner"]
    warning = f'<div class="note note--banner"><p>{conditional_escape(banner)}</p></div>\n' if banner else ""
    alone = "" if told["on_topic"] else " story--alone"
    return f'<main class="wrap" id="main" tabindex="-1">\n{trail}\n{warning}<article class="story{alone}">\n'


def _head(told: Told) -> str:
    story, other = told["story"], _tongue(told)
    label = f"{escape(story.label)}: " if story.label else ""
    standfirst = f'<p class="standfirst"{other}>{escape(story.standfirst)}</p>\n' if story.standfirst else ""
    return (
        f'<header class="story__head">\n<p class="kicker">{label}{_subject(story)}</p>\n'
        f"<h1{other}>{escape(story.headline)}</h1>\n{standfirst}</header>\n"
    )


def _subject(story: Story) -> str:
    subject = story.subject
    if not subject.slug:
        return escape(subject.name)
    page = markup.address("topic" if story.kicker else "section", subject.slug)
    return f'<a href="{page}">{escape(subject.name)}</a>'


def _meta(told: Told) -> str:
    _ = told["say"]
    story, updated_at = told["story"], told["updated_at"]
    dated = _("Dated") if story.dated_by_day else _("Published")
    updated = f"<p>{_('Updated')} {markup.moment(updated_at)}</p>\n" if updated_at else ""
    dateline = f"<p>{_('From %(place)s') % {'place': escape(story.dateline)}}</p>\n" if story.dateline else ""
    return (
        f'<div class="story__meta meta">\n{markup.byline(story)}\n<p>{dated} {markup.when(story)}</p>\n'
        f"{updated}{dateline}<p>{_minutes(story.minutes, get_language())}</p>\n"
        f"{_languages(told)}{'' if told['banner'] else _share(told)}"
        f'<p class="print-only">{escape(told["canonical"])}</p>\n</div>\n'
    )


@lru_cache(maxsize=256)
def _minutes(minutes: int, language: str) -> str:
    return ngettext("%(minutes)s min read", "%(minutes)s min read", minutes) % {"minutes": minutes}


def _languages(told: Told) -> str:
    links = ", ".join(
        f'<a href="{escape(path)}" hreflang="{escape(tag)}" lang="{escape(tag)}" dir="{way}">{escape(name)}</a>'
        for tag, way, name, path in told["languages"]
    )
    return f"<p>{told['say']('Also in')} {links}</p>\n" if links else ""


def _share(told: Told) -> str:
    _ = told["say"]
    elsewhere = ' rel="nofollow noopener noreferrer"'
    links = (
        f'<li><a href="{escape(address)}"{elsewhere if place else ""}>{escape(name)}</a></li>\n'
        for place, (name, address) in enumerate(told["share"])
    )
    return (
        f'<nav class="share" aria-label="{_("Share this story")}">\n<p>{_("Share")}</p>\n<ul>\n{"".join(links)}</ul>\n'
        f'<button type="button" id="share-sheet" hidden>{_("Share by this device")}</button>\n</nav>\n'
    )


def _lead(told: Told) -> str:
    cover = told["story"].cover
    if not cover:
        return ""
    shown = {"tongue": _tongue(told), "named": "story__lead", "priority": "high"}
    return f"{markup.figure(cover, told['files'], 'story', **shown)}\n"


# --- The text -------------------------------------------------------------------------------------------------------


def _body(told: Told) -> str:
    on_top = f"{_notes(told, told['notes_on_top'])}\n" if told["notes_on_top"] else ""
    at_foot = _notes(told, told["notes_at_foot"]) if told["notes_at_foot"] else ""
    text = lines(on_page(part, told) for part in told["parts"])
    age = _age(told) if told["is_old"] else ""
    return f'<div class="story__body"{_tongue(told)}>\n{on_top}{age}{text}{at_foot}</div>\n'


def _notes(told: Told, notes: Sequence[Entry]) -> str:
    _, other = told["say"], _tongue(told)
    written = lines(
        f'<div class="note note--correction"{_of_page(told)}><p><strong>{_(NOTES.get(note.change, "Correction"))}, '
        f"{markup.moment(note.at)}</strong></p><p{other}>{linebreaksbr(note.note)}</p></div>"
        for note in notes
    )
    return f"{written}\n"


def _age(told: Told) -> str:
    _, story = told["say"], told["story"]
    month = _("This story is from %(month)s.") % {"month": escape(markup.written(story.dated_at, "F Y"))}
    latest = _("The latest in %(name)s") % {"name": escape(story.section.name)}
    return (
        f'<div class="note"{_of_page(told)}><p><strong>{month}</strong>{_("Details may have changed since.")} '
        f'<a href="{markup.address("section", story.section.slug)}">{latest}</a></p></div>\n'
    )


def _tongue(told: Told) -> str:
    return markup.tongue(told["story"], told["language"])


def _of_page(told: Told) -> str:
    return f' lang="{escape(told["language"])}" dir="{told["direction"]}"'


# --- After it -------------------------------------------------------------------------------------------------------


def _more(told: Told) -> str:
    """Stories on the same topic."""
    if not told["on_topic"]:
        return ""
    _, common = told["say"], told["common_topic"]
    heading = _("More on %(name)s") % {"name": escape(common.name)} if common else _("More on this")
    teasers = (
        markup.teaser(card, told["files"], told["language"], slot="" if place else "side", meta="day")
        for place, card in enumerate(told["on_topic"])
    )
    return (
        f'<aside class="story__side" aria-labelledby="more">\n<div class="head"><h2 id="more">{heading}</h2></div>\n'
        f'<div class="stack">\n{lines(teasers)}</div>\n</aside>\n'
    )


def _end(told: Told) -> str:
    return (
        f'<footer class="story__end">\n{_series(told)}{_record(told)}\n{_topics(told)}'
        f"{'' if told['banner'] else _cite(told)}</footer>\n</article>\n"
    )


def _series(told: Told) -> str:
    before, after = told["before_it"], told["after_it"]
    if not before and not after:
        return ""
    _, series = told["say"], told["story"].series
    part = _('Part of the series <a href="/topic/%(slug)s/">%(name)s</a>')
    parts = ((before, "prev", _("Before this")), (after, "next", _("Next")))
    links = (
        f'<li><span>{said}</span> <a href="{escape(card.path)}" rel="{way}">{escape(card.headline)}</a></li>\n'
        for card, way, said in parts
        if card
    )
    return (
        '<nav class="series" aria-labelledby="series">\n'
        f'<h2 id="series">{part % {"slug": escape(series.slug), "name": escape(series.name)}}</h2>\n'
        f'<ul role="list">\n{"".join(links)}</ul>\n</nav>\n'
    )


def _record(told: Told) -> str:
    """Where it is from, and what has happened to it since."""
    _, story = told["say"], told["story"]
    dated = {"day": escape(markup.written(story.dated_at, "j F Y")), "note": escape(story.dated_note)}
    note = f"<p>{_('Dated %(day)s. %(note)s') % dated}</p>\n" if story.dated_note else ""
    wordings = "".join(f'<p class="wording">{escape(wording)}</p>\n' for wording in told["wordings"])
    return (
        f'<section class="record" aria-labelledby="record">\n<h2 id="record">{_("Sources and changes")}</h2>\n'
        f"{note}{_log(told)}{wordings}</section>\n"
    )


def _log(told: Told) -> str:
    _, log = told["say"], told["log"]
    if not log:
        return ""
    entries = [f"{markup.moment(entry.at, 'j M Y, H:i T')}<span>{_change(entry, told)}" for entry in log]
    if not told["corrections"]:
        entries[-1] += f" {_('No corrections have been made.')}"
    return f'<ol class="log" role="list">\n{lines(f"<li>{said}</span></li>" for said in entries)}</ol>\n'


def _change(entry: Entry, told: Told) -> str:
    _ = told["say"]
    if entry.change in CHANGES:
        return f"<b>{_(CHANGES[entry.change])}</b> {escape(entry.note)}"
    return _("Published on this site.") if told["story"].dated_by_day else _("Published.")


def _topics(told: Told) -> str:
    topics = told["story"].topics
    if not topics:
        return ""
    return f'<div>\n<h2 class="quiet">{told["say"]("Topics")}</h2>\n{markup.tags(topics)}\n</div>\n'


def _cite(told: Told) -> str:
    return (
        f'<details class="cite">\n<summary>{told["say"]("Cite this story")}</summary>\n'
        f"<p>{escape(told['citation'])}<br>{escape(told['canonical'])}</p>\n</details>\n"
    )


def _beside(told: Told) -> str:
    """The newest others of its section."""
    if not told["beside"]:
        return "</main>"
    head = markup.same_for_all("front/parts/beside_head.html", section=told["story"].section)
    teasers = markup.columns(told["beside"], told["files"], told["language"])
    return (
        f'<section class="after" aria-labelledby="beside">\n{head}\n<div class="columns">\n{teasers}</div>\n'
        "</section>\n</main>"
    )
