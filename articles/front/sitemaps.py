"""For search engines: the sitemap, or an index of monthly ones when there are many stories, and robots.txt."""

from collections.abc import Iterable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from articles.live import inventory

from .answers import readers_page
from .context import absolute

# One file holds this many stories; with more there is an index. The protocol itself allows 50,000 addresses in a file.
IN_ONE, MOST = 5_000, 50_000

Address = tuple[str, datetime | None]


@readers_page
def sitemap(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """All addresses in one file, or the index."""
    stories = inventory.stories(t, IN_ONE + 1)
    return _index(t) if len(stories) > IN_ONE else _addresses([*_lists(t), *stories])


@readers_page
def lists(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """The part of the index with all that is no story."""
    return _addresses(_lists(t))


@readers_page
def month(request: HttpRequest, year: int, month: int, *, t: datetime) -> HttpResponse:
    """The part of the index with the stories dated in one month."""
    if not (1000 <= year < 9000 and 1 <= month <= 12):
        raise Http404(f"{year}-{month}")
    bounds = (_first_moment(year, month), _first_moment(year + month // 12, month % 12 + 1))
    stories = inventory.stories(t, MOST, bounds)
    if not stories:
        raise Http404(f"{year}-{month}")
    return _addresses(stories)


@readers_page
def robots(request: HttpRequest, **_moment: object) -> HttpResponse:
    """Everything that is public may be read; where journalists work is nobody's business, so it is not named here."""
    lines = ["User-agent: *", "Allow: /", "", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _lists(t: datetime) -> list[Address]:
    sections = inventory.sections(t)
    newest = max((modified for _slug, modified in sections), default=None)
    return [
        ("/", newest),
        ("/latest/", newest),
        *((f"/{slug}/", modified) for slug, modified in sections),
        *((f"/topic/{slug}/", modified) for slug, modified in inventory.topics(t)),
        *((f"/author/{slug}/", modified) for slug, modified in inventory.authors(t)),
    ]


def _index(t: datetime) -> HttpResponse:
    parts = [(f"/sitemap-{day:%Y-%m}.xml", modified) for day, modified in inventory.months(t)]
    return _xml("front/sitemap_index.xml", [("/sitemap-lists.xml", None), *parts])


def _addresses(addresses: Iterable[Address]) -> HttpResponse:
    return _xml("front/sitemap.xml", addresses)


def _xml(template: str, addresses: Iterable[Address]) -> SimpleTemplateResponse:
    written = [(absolute(path), modified and _moment(modified)) for path, modified in addresses]
    return SimpleTemplateResponse(template, {"addresses": written}, content_type="application/xml; charset=utf-8")


def _moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


def _first_moment(year: int, month: int) -> datetime:
    return timezone.make_aware(datetime(year, month, 1))  # noqa: DTZ001  make_aware gives it the outlet's zone
