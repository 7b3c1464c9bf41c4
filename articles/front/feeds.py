"""RSS 2.0 beside each list: the newest stories with their first picture and its credit, dated as on the page."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _

from articles.live import reading
from articles.live.values import Card

from . import pictures, views
from .answers import readers_page
from .context import Files, absolute, language_tag

IN_A_FEED = 30

# What XML 1.0 cannot carry at all; one such character would make the whole feed unreadable.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@readers_page
def site(request: HttpRequest, *, t: datetime) -> HttpResponse:
    about = _("Every story from %(name)s, newest first.") % {"name": settings.SITE_NAME}
    return _feed("", about, "/", reading.latest(t, IN_A_FEED).cards)


@readers_page
def section(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    shown = views.found(reading.section, slug, t)
    return _feed(shown.name, shown.description, f"/{slug}/", reading.in_section(shown.id, t, IN_A_FEED).cards)


@readers_page
def topic(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    shown = views.found(reading.topic, slug, t)
    return _feed(shown.name, shown.description, f"/topic/{slug}/", reading.on_topic(shown.id, t, IN_A_FEED).cards)


@readers_page
def author(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    shown = views.found(reading.author, slug, t)
    return _feed(shown.name, shown.role, f"/author/{slug}/", reading.by_author(shown.id, t, IN_A_FEED).cards)


class Feed(Rss201rev2Feed):
    """RSS 2.0 with the credit of each picture in Media RSS."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {"xmlns:media": "http://search.yahoo.com/mrss/"}

    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item)
        if item["media"]:
            handler.startElement("media:content", item["media"])
            handler.addQuickElement("media:credit", item["credit"])
            handler.addQuickElement("media:description", item["caption"])
            handler.endElement("media:content")


def _feed(name: str, about: str, path: str, cards: Iterable[Card]) -> HttpResponse:
    title = f"{settings.SITE_NAME}: {name}" if name else settings.SITE_NAME
    feed = Feed(
        title=_xml(title),
        link=absolute(path),
        description=_xml(about or title),
        language=language_tag(settings.LANGUAGE_CODE),
        feed_url=absolute(f"{path}feed.xml"),
    )
    files = reading.files_of(card.cover for card in cards)
    for card in cards:
        feed.add_item(**_item(card, files))
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _item(card: Card, files: Files) -> dict:
    about = (card.label, card.section.name, *(topic.name for topic in card.topics))
    return {
        "title": _xml(card.feed_headline or card.headline),
        "link": absolute(card.path),
        "description": _xml(card.standfirst),
        "unique_id": _id(card),
        "unique_id_is_permalink": False,
        "pubdate": timezone.localtime(card.dated_at),
        "updateddate": timezone.localtime(card.modified_at),
        "author_name": _xml(card.names),
        "categories": [_xml(name) for name in about if name],
    } | _picture(card, files)


def _id(card: Card) -> str:
    """A tag URI (RFC 4151) that stays the story's own when its address or headline changes."""
    return f"tag:{settings.SITE_HOST},{timezone.localtime(card.dated_at).date()}:story/{card.article_id}"


def _picture(card: Card, files: Files) -> dict:
    cover, file = card.cover, pictures.share_picture(card.cover, files)
    if not cover or not file:
        return {"media": None}
    url, kind = absolute(pictures.address(file.name)), "image/jpeg"
    return {
        "enclosures": [Enclosure(url, str(file.byte_size), kind)],
        "media": {"url": url, "type": kind, "medium": "image", "width": str(file.width), "height": str(file.height)},
        "credit": _xml(pictures.credited(cover.credit)),
        "caption": _xml(cover.caption),
    }


def _xml(text: str) -> str:
    return _NOT_XML.sub("", str(text))
