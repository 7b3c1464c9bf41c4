"""Readers' pages by address: each asks ``reading`` what is public at ``t`` and hands the values to the page."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import SimpleTemplateResponse

from articles.live import fronts, listings, reading, registers, showing, surroundings
from articles.live.layouts import Layout
from articles.live.values import Card, Entry, Gone, Moved, OnShow, Place, Story

from . import errors, lists, pages
from .answers import readers_page
from .context import Around

Found = TypeVar("Found")

log = logging.getLogger(__name__)


@readers_page
def home(request: HttpRequest, *, t: datetime) -> HttpResponse:
    return home_page(t)


def home_page(t: datetime, *, layout: Layout | None = None, banner: str = "") -> SimpleTemplateResponse:
    """The home page as it is, or by ``layout``, a draft, would be, at ``t``: readers and previews have it from here."""
    sections = registers.sections(t)
    tops = [section for section in sections if section.parent_id is None]
    page = fronts.home(t, tops, newest=lists.HOME, blocks=lists.HOME_SECTIONS, layout=layout)
    show = on_show(t, page.cards())
    return lists.render_home(page.on(show), Around(t, sections, show.files), banner=banner)


@readers_page
def latest(request: HttpRequest, *, t: datetime) -> HttpResponse:
    before = place_before(request)
    page = listings.latest(t, before=before)
    show = on_show(t, page.cards)
    return lists.render_latest(show.page(page), Around(t, registers.sections(t), show.files, before))


@readers_page
def section(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    return section_page(slug, t, before=place_before(request))


def section_page(
    slug: str, t: datetime, *, before: Place | None = None, layout: Layout | None = None, banner: str = ""
) -> SimpleTemplateResponse:
    """A section as it is, or by ``layout``, a draft of its top, would be, at ``t``. Raises Http404."""
    sections = registers.sections(t)
    in_masthead = (section for section in sections if section.slug == slug)
    shown = next(in_masthead, None) or found(registers.section, slug, t)
    page = listings.in_section(shown, t, before=before)
    top = [] if before else fronts.top(shown.id, t, layout=layout)
    show = on_show(t, page.cards, top)
    around = Around(t, sections, show.files, before)
    return lists.render_section(shown, show.page(page), around, top=show.cards(top), banner=banner)


@readers_page
def topic(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    before, shown = place_before(request), found(registers.topic, slug, t)
    page = listings.on_topic(shown.id, t, before=before)
    show = on_show(t, page.cards)
    return lists.render_topic(shown, show.page(page), Around(t, registers.sections(t), show.files, before))


@readers_page
def author(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    before, shown = place_before(request), found(registers.author, slug, t)
    page = listings.by_author(shown.id, t, before=before)
    show = showing.on_show([*(card.cover for card in page.cards), shown.portrait], t)
    shown = replace(shown, portrait=show.picture(shown.portrait))
    return lists.render_author(shown, show.page(page), Around(t, registers.sections(t), show.files, before))


@readers_page
def story(request: HttpRequest, section: str, slug: str, *, t: datetime) -> HttpResponse:
    try:
        shown = reading.story_at(f"/{section}/{slug}/", t)
    except reading.Spoilt:
        return errors.unavailable()
    if shown is None:
        raise Http404(slug)
    if isinstance(shown, Moved):
        return HttpResponsePermanentRedirect(shown.path)
    if isinstance(shown, Gone):
        return pages.render_gone(shown, Around(t, registers.sections(t)))
    return _rendered(whole_page(shown, t), shown)


def _rendered(page: SimpleTemplateResponse, shown: Story) -> HttpResponse:
    """The page of ``shown``; one whose text breaks our templates is no reason for a page about our own fault."""
    try:
        return page.render()
    except DatabaseError:
        raise
    except Exception:
        log.exception("The story at %s cannot be rendered, so readers are not shown it.", shown.path)
        return errors.unavailable()


def whole_page(
    shown: Story, t: datetime, *, log: Sequence[Entry] = (), banner: str = "", opening: Iterable[int] = ()
) -> SimpleTemplateResponse:
    """The page of ``shown`` with all that stands round it at ``t``: readers and previews have it from here alone.

    ``log`` stands on it before anything was published, and ``opening`` are the ids of sections that it would be the
    first in.
    """
    near = surroundings.of(shown, t)
    covers = [card.cover for cards in (near.on_topic, near.beside, near.named.values()) for card in cards]
    show = showing.on_show([*shown.pictures.values(), *covers], t)
    return pages.render_story(
        show.card(shown),
        Around(t, registers.sections(t, opening), show.files),
        named={uid: show.card(card) for uid, card in near.named.items()},
        related=(show.cards(near.on_topic), show.cards(near.beside)),
        series=(near.part_before, near.part_after),
        languages=near.languages,
        corrections=near.corrections,
        log=near.log or log,
        banner=banner,
    )


@readers_page
def corrections(request: HttpRequest, *, t: datetime) -> HttpResponse:
    before = place_before(request)
    corrected, older = listings.corrections(t, before=before)
    return lists.render_corrections(corrected, older, Around(t, registers.sections(t), before=before))


def found(ask: Callable[[str, datetime], Found | None], name: str, t: datetime) -> Found:
    """What ``ask`` finds under ``name`` at ``t``; else Http404."""
    shown = ask(name, t)
    if shown is None:
        raise Http404(name)
    return shown


def place_before(request: HttpRequest) -> Place | None:
    """Where the reader wants to go on in a list; a place that is none is an address where nothing is."""
    written = request.GET.get("before")
    try:
        return Place.read(written) if written is not None else None
    except ValueError as wrong:
        raise Http404(str(wrong)) from wrong


def on_show(t: datetime, *lists: Iterable[Card]) -> OnShow:
    """The pictures of ``lists`` as they may be shown at ``t``."""
    return showing.on_show([card.cover for cards in lists for card in cards], t)
