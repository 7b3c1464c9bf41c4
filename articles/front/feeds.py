"""RSS 2.0 beside each list: the newest stories with their text, first picture and credits, dated as on the page."""

import logging
import re
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.live import reading
from articles.live.values import Card, Story

from . import pictures, text, views
from .answers import readers_page
from .context import Files, absolute, language_tag

IN_A_FEED = 30
CORRECTED = {
    "correction": gettext_lazy("Correction"),
    "clarification": gettext_lazy("Clarification"),
    "apology": gettext_lazy("Apology"),
}

log = logging.getLogger(__name__)

# What XML 1.0 cannot carry at all; one such character would make the whole feed unreadable.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@readers_page
def site(request: HttpRequest, *, t: datetime) -> HttpResponse:
    about = _("Every story from %(name)s, newest first.") % {"name": settings.SITE_NAME}
    return _feed("", about, "/", reading.latest(t, IN_A_FEED).cards, t)


@readers_page
def section(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    shown = views.found(reading.section, slug, t)
    return _feed(shown.name, shown.description, f"/{slug}/", reading.in_section(shown.id, t, IN_A_FEED).cards, t)


@readers_page
def topic(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    shown = views.found(reading.topic, slug, t)
    return _feed(shown.name, shown.description, f"/topic/{slug}/", reading.on_topic(shown.id, t, IN_A_FEED).cards, t)


@readers_page
def author(request: HttpRequest, slug: str, *, t: datetime) -> HttpResponse:
    shown = views.found(reading.author, slug, t)
    return _feed(shown.name, shown.role, f"/author/{slug}/", reading.by_author(shown.id, t, IN_A_FEED).cards, t)


@readers_page
def corrections(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """Every correction, clarification, apology and withdrawal, for those who republish our stories."""
    feed = _begun(_("Corrections"), _("Every mistake we have put right, newest first."), "/corrections/")
    corrected, _older = reading.corrections(t, IN_A_FEED)
    told = [
        (each.made_at, f"{CORRECTED[each.kind]}: {each.headline}", each.path, each.text, f"correction/{each.id}")
        for each in corrected
    ]
    told += [
        (at, _("A story was withdrawn"), path, notice, f"withdrawal{path}")
        for path, notice, at in reading.withdrawn(t, IN_A_FEED)
    ]
    for at, title, path, words, key in sorted(told, reverse=True)[:IN_A_FEED]:
        feed.add_item(
            title=_xml(title),
            link=absolute(path),
            description=_xml(words),
            unique_id=f"tag:{settings.SITE_HOST},{timezone.localtime(at).date()}:{key}",
            unique_id_is_permalink=False,
            pubdate=timezone.localtime(at),
            text="",
            media=None,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


class Feed(Rss201rev2Feed):
    """RSS 2.0 with each story's whole text, and the credit of each picture in Media RSS."""

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        modules = {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:media": "http://search.yahoo.com/mrss/",
        }
        return super().rss_attributes() | modules

    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content:encoded", item["text"])
        if item["media"]:
            handler.startElement("media:content", item["media"])
            handler.addQuickElement("media:credit", item["credit"])
            handler.addQuickElement("media:description", item["caption"])
            handler.endElement("media:content")


def _begun(name: str, about: str, path: str) -> Feed:
    title = f"{settings.SITE_NAME}: {name}" if name else settings.SITE_NAME
    return Feed(
        title=_xml(title),
        link=absolute(path),
        description=_xml(about or title),
        language=language_tag(settings.LANGUAGE_CODE),
        feed_url=absolute(f"{path}feed.xml"),
    )


def _feed(name: str, about: str, path: str, cards: Iterable[Card], t: datetime) -> HttpResponse:
    feed = _begun(name, about, path)
    stories = reading.whole(cards, t)
    named = reading.named(stories, t)
    show = reading.on_show([picture for story in stories for picture in (story.cover, *story.pictures.values())], t)
    for story in show.cards(stories):
        try:
            item = {**_item(story, show.files), "text": _text(story, named, show.files)}
        except Exception:  # one story that breaks our templates must not take the feed from all others
            log.exception("The story at %s cannot be rendered, so it is not in the feed.", story.path)
        else:
            feed.add_item(**item)
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


def _text(story: Story, named: text.Named, files: Files) -> str:
    """The text of a story for readers elsewhere: every address whole, embeds as links."""
    parts = text.parts(story, named, site=settings.SITE_URL)
    return _xml(render_to_string("front/feed/story.html", {"parts": parts, "files": files}))


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
