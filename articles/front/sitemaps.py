"""For search engines: the sitemap, or an index of monthly ones when there are many stories, and the newest alone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from articles.live import flat_pages, inventory, listings, showing
from articles.live.days import local_time, midnight, month_after
from articles.live.source import spared
from articles.live.values import Card

from . import pictures
from .answers import readers_page
from .context import Files, absolute

# One file holds this many stories; with more there is an index. The protocol itself allows 50,000 addresses in a file.
IN_ONE, MOST = 5_000, 50_000
# A news sitemap holds what is this new, and so much of it.
LATELY, MOST_NEWS = timedelta(hours=48), 1_000
XML = "application/xml; charset=utf-8"

# Of so many stories in one file the pictures are told: more are more than one question can name.
PICTURED = 5_000

Address = tuple[str, datetime | None, str]  # path, last change, whole address of its picture


@readers_page
@spared
def sitemap(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """All addresses in one file, or the index."""
    if inventory.has_more_than(IN_ONE, t):
        return _index(t)
    return _addresses([*_lists(t), *_with_pictures(inventory.stories(t, IN_ONE), t)])


@readers_page
@spared
def lists(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """The part of the index with all that is no story."""
    return _addresses(_lists(t))


@readers_page
@spared
def month(request: HttpRequest, year: int, month: int, *, t: datetime) -> HttpResponse:
    """The part of the index with the stories dated in one month."""
    if not (1000 <= year < 9000 and 1 <= month <= 12):
        raise Http404(f"{year}-{month}")
    first = date(year, month, 1)
    bounds = (midnight(first), midnight(month_after(first)))
    stories = inventory.stories(t, MOST, bounds)
    if not stories:
        raise Http404(f"{year}-{month}")
    return _addresses(_with_pictures(stories, t))


@readers_page
@spared
def news(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """The stories of the last two days, as Google News and others read them; never more than 1,000."""
    cards = [card for card in listings.since(t - LATELY, t, MOST_NEWS) if not card.dated_by_day]
    files = showing.on_show([card.cover for card in cards], t)
    entries = [(card, _picture(files.card(card), files.files)) for card in cards]
    about = {"site": settings.SITE_NAME, "entries": entries}
    return SimpleTemplateResponse("front/news_sitemap.xml", about, content_type=XML)


def _picture(card: Card, files: Files) -> str:
    """The whole address of the picture that goes with a story, or nothing."""
    file = pictures.share_picture(card.cover, files)
    return absolute(pictures.address(file.name)) if file else ""


def _with_pictures(stories: Sequence[Address], t: datetime) -> list[Address]:
    """``stories`` with the address of each one's picture in the place of its uid. One query."""
    uids = {uid for _path, _modified, uid in stories[:PICTURED] if uid}
    cuts = showing.broad_cuts(uids, t)
    best = {uid: min(files, key=lambda file: abs(file.width - 1200)) for uid, files in cuts.items()}
    shown = {uid: absolute(pictures.address(file.name)) for uid, file in best.items()}
    return [(path, modified, shown.get(uid, "")) for path, modified, uid in stories]


def _lists(t: datetime) -> list[Address]:
    sections = inventory.sections(t)
    newest = max((modified for _slug, modified in sections), default=None)
    return [
        ("/", newest, ""),
        ("/latest/", newest, ""),
        ("/archive/", newest, ""),
        ("/about/", None, ""),
        *((f"/about/{page.slug}/", page.since, "") for page in flat_pages.listed(t)),
        *((f"/{slug}/", modified, "") for slug, modified in sections),
        *((f"/topic/{slug}/", modified, "") for slug, modified in inventory.topics(t)),
        *((f"/author/{slug}/", modified, "") for slug, modified in inventory.authors(t)),
    ]


def _index(t: datetime) -> HttpResponse:
    parts = [
        ("/sitemap-lists.xml", None),
        *((f"/sitemap-{day:%Y-%m}.xml", modified) for day, modified in inventory.months(t)),
    ]
    return _xml("sitemapindex", _MAP, (f"<sitemap>{_place(path, modified)}</sitemap>" for path, modified in parts))


def _addresses(addresses: Iterable[Address]) -> HttpResponse:
    lines = (f"<url>{_place(path, modified)}{_shown(picture)}</url>" for path, modified, picture in addresses)
    return _xml("urlset", f"{_MAP} {_IMAGES}", lines)


# --- As text: a month of a large site has thousands of lines, for which a template takes twice as long ----------------

_MAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_IMAGES = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


def _xml(name: str, attributes: str, lines: Iterable[str]) -> HttpResponse:
    whole = ('<?xml version="1.0" encoding="UTF-8"?>', f"<{name} {attributes}>", *lines, f"</{name}>", "")
    return HttpResponse("\n".join(whole), content_type=XML)


def _place(path: str, modified: datetime | None) -> str:
    at = f"<lastmod>{local_time(modified).isoformat(timespec='seconds')}</lastmod>" if modified else ""
    return f"<loc>{escape(absolute(path))}</loc>{at}"


def _shown(picture: str) -> str:
    return f"<image:image><image:loc>{escape(picture)}</image:loc></image:image>" if picture else ""
