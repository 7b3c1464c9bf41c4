"""The home page and all lists of stories, from plain values: nothing here asks the database."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from django.conf import settings
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from articles.live.days import local_time
from articles.live.fronts import HomePage
from articles.live.values import Author, Card, Corrected, Label, Page, Place, Section, Topic

from . import structured
from .context import Around, Head, context, description, lineage

# How many of the newest stories the home page shows: the lead, seven by time, and four as cards.
HOME, HOME_CARDS = 12, 4
HOME_SECTIONS = 7  # the strip, and six that fill two rows

Block = tuple[Section, Sequence[Card]]
Groups = list[tuple[date, list[Card]]]


def render_home(page: HomePage, around: Around, *, banner: str = "") -> SimpleTemplateResponse:
    """The lead, the next by time, four as cards; then a block for each section that has something left.

    ``banner`` is a sentence above it: a page with one is a preview.
    """
    blocks = [(section, page.blocks[section.id]) for section in around.sections if page.blocks.get(section.id)]
    strip = next((block for block in blocks if _fills_strip(block, around)), None)
    about = _said(_("The latest from %(outlet)s: stories, newest first, with every correction in public."))
    return SimpleTemplateResponse(
        "front/home.html",
        context(Head("", about, "/", indexed=not banner), around)
        | {
            **_top(page),
            "blocks": [block for block in blocks if block is not strip][: HOME_SECTIONS - 1],
            "strip": strip,
            "breaking": page.breaking,
            "banner": banner,
            "data": structured.home_data(),
        },
    )


def _top(page: HomePage) -> dict[str, object]:
    """The lead with a picture has the newest beside it, without one those placed by hand and more as cards below it."""
    if page.lead is None:
        return {}
    wire, free = HOME - 1 - HOME_CARDS, HOME_CARDS - len(page.more)
    if page.lead.cover:
        return {"lead": page.lead, "wire": page.rest[:wire], "more": [*page.more, *page.rest[wire:]][:HOME_CARDS]}
    return {"lead": page.lead, "wire": page.rest[free:], "more": [*page.more, *page.rest[:free]]}


def _fills_strip(block: Block, around: Around) -> bool:
    """Whether a section has three stories that all have a real picture."""
    covers = [card.cover for card in block[1]]
    return len(covers) == 3 and all(cover and not cover.awaiting and around.files.get(cover.uid) for cover in covers)


def render_latest(page: Page, around: Around) -> SimpleTemplateResponse:
    """All stories of the site."""
    head = _head(
        _("Latest"), _said(_("Every story from %(outlet)s, newest first.")), "/latest/", around, feed="/feed.xml"
    )
    own = {"data": structured.list_data(head, page.cards)}
    return _list("front/latest.html", head, page, around, here="latest", own=own)


def render_section(
    section: Section, page: Page, around: Around, *, top: Sequence[Card] = (), banner: str = ""
) -> SimpleTemplateResponse:
    """A section with its parts. ``top`` was placed by hand above the list, in which it does not stand again."""
    on_top = {card.id for card in top}
    page = replace(page, cards=tuple(card for card in page.cards if card.id not in on_top))
    about = _said(_("All stories in %(name)s from %(outlet)s, newest first."), name=section.name)
    head = _head(section.name, description(section.description, about), f"/{section.slug}/", around, indexed=not banner)
    parts = [part for part in around.sections if part.parent_id == section.id]
    trail = lineage(section.slug, around.sections)[:-1]
    own = {"section": section, "trail": trail, "parts": parts, "on_top": top, "banner": banner}
    own |= {"data": structured.list_data(head, (*top, *page.cards), trail)}
    return _list("front/section.html", head, page, around, here=section.slug, own=own)


def render_topic(topic: Topic, page: Page, around: Around) -> SimpleTemplateResponse:
    """A topic."""
    about = _said(_("All stories about %(name)s from %(outlet)s, newest first."), name=topic.name)
    head = _head(topic.name, description(topic.description, about), f"/topic/{topic.slug}/", around)
    own = {"topic": topic, "data": structured.topic_data(topic, head, page.cards)}
    return _list("front/topic.html", head, page, around, but=topic.slug, own=own)


def render_author(author: Author, page: Page, around: Around) -> SimpleTemplateResponse:
    """An author."""
    about = _said(_("All stories by %(name)s for %(outlet)s, newest first."), name=author.name)
    head = _head(author.name, description(author.role and f"{author.role}.", about), f"/author/{author.slug}/", around)
    own = {"author": author, "data": structured.author_data(author, head)}
    return _list("front/author.html", head, page, around, by=_month, own=own)


def render_archive(
    name: str, path: str, above: Sequence[tuple[str, str]], page: Page, around: Around, own: Mapping[str, object]
) -> SimpleTemplateResponse:
    """A year, month or day of the archive; ``above`` are the periods that it is in, by name and path."""
    about = _said(_("All stories of %(name)s from %(outlet)s, newest first."), name=name)
    if not own["period"]:
        about = _said(_("Every story from %(outlet)s, by year, month and day."))
    head = _head(name, about, path, around, feed="")
    own = {"above": above, **own}
    return _list("front/archive.html", head, page, around, here="archive", own=own)


def render_corrections(corrected: Sequence[Corrected], older: Place | None, around: Around) -> SimpleTemplateResponse:
    """All corrections."""
    about = _("Every mistake we have put right, newest first, with what was wrong and the story it stood in.")
    head = _head(_("Corrections"), about, "/corrections/", around)
    own = {"corrected": corrected, "older": older}
    return SimpleTemplateResponse("front/corrections.html", context(head, around, "corrections") | own)


def _said(sentence: str, **names: str) -> str:
    return sentence % {"outlet": settings.SITE_NAME, **names}


def _head(title: str, about: str, path: str, around: Around, feed: str | None = None, *, indexed: bool = True) -> Head:
    """The head of a list: a later page has its own address and is not offered to search engines."""
    feed = f"{path}feed.xml" if feed is None else feed
    shown = f"{path}?before={around.before}" if around.before else path
    followed = (feed, f"{settings.SITE_NAME}: {title}") if feed else None
    return Head(title, about, shown, feed=followed, indexed=indexed and not around.before)


def _day(day: date) -> date:
    return day


def _month(day: date) -> date:
    return day.replace(day=1)


def _list(
    template: str,
    head: Head,
    page: Page,
    around: Around,
    *,
    here: str = "",
    by: Callable[[date], date] = _day,
    but: str = "",
    own: Mapping[str, object] = {},
) -> SimpleTemplateResponse:
    """A list in groups ``by`` day or month, and what its stories are about, all ``but`` the topic of the page."""
    listed = {"groups": _groups(page.cards, by), "older": page.older, "topics": _topics(page.cards, but)}
    return SimpleTemplateResponse(template, context(head, around, here) | listed | {**own})


def _groups(cards: Sequence[Card], by: Callable[[date], date]) -> Groups:
    dated = groupby(cards, key=lambda card: by(local_time(card.dated_at).date()))
    return [(day, list(run)) for day, run in dated]


def _topics(cards: Sequence[Card], but: str) -> list[Label]:
    """What the stories shown are about, the commonest first."""
    counted = Counter(topic for card in cards for topic in card.topics if topic.slug != but)
    return [topic for topic, _count in counted.most_common(12)]
