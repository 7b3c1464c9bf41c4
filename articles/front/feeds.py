"""Feeds beside each list, as RSS 2.0, Atom and JSON Feed 1.1: the newest stories, dated as on their pages.

Each has the story's whole text where FEED_FULL_TEXT says so, and the first picture with its credit (in Media RSS).
"""

import json
import logging
import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.live import listings, reading, registers, showing
from articles.live.days import local_time
from articles.live.values import Card, Page, Story

from . import parts, pictures, text, views
from .answers import readers_page
from .context import Files, absolute, language_tag
from .elements import Elements

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
def site(request: HttpRequest, *, t: datetime, form: str) -> HttpResponse:
    about = _("Every story from %(name)s, newest first.") % {"name": settings.SITE_NAME}
    return _feed(form, "", about, "/", listings.latest(t, IN_A_FEED, whole=True), t)


@readers_page
def section(request: HttpRequest, slug: str, *, t: datetime, form: str) -> HttpResponse:
    shown = views.found(registers.section, slug, t)
    page = listings.in_section(shown, t, IN_A_FEED, whole=True)
    return _feed(form, shown.name, shown.description, f"/{slug}/", page, t)


@readers_page
def topic(request: HttpRequest, slug: str, *, t: datetime, form: str) -> HttpResponse:
    shown = views.found(registers.topic, slug, t)
    page = listings.on_topic(shown.id, t, IN_A_FEED, whole=True)
    return _feed(form, shown.name, shown.description, f"/topic/{slug}/", page, t)


@readers_page
def author(request: HttpRequest, slug: str, *, t: datetime, form: str) -> HttpResponse:
    shown = views.found(registers.author, slug, t)
    page = listings.by_author(shown.id, t, IN_A_FEED, whole=True)
    return _feed(form, shown.name, shown.role, f"/author/{slug}/", page, t)


@readers_page
def corrections(request: HttpRequest, *, t: datetime, form: str) -> HttpResponse:
    """Every correction, clarification, apology and withdrawal, for those who republish our stories."""
    about = _("Every mistake we have put right, newest first.")
    feed = _begun(form, _("Corrections"), about, "/corrections/")
    corrected, _older = listings.corrections(t, IN_A_FEED)
    told = [
        (each.made_at, f"{CORRECTED[each.kind]}: {each.headline}", each.path, each.text, f"correction/{each.id}")
        for each in corrected
    ]
    told += [
        (at, _("A story was withdrawn"), path, notice, f"withdrawal{path}")
        for path, notice, at in listings.withdrawn(t, IN_A_FEED)
    ]
    for at, title, path, words, key in sorted(told, reverse=True)[:IN_A_FEED]:
        feed.add_item(
            title=_xml(title),
            link=absolute(path),
            description=_xml(words),
            unique_id=f"tag:{settings.SITE_HOST},{local_time(at).date()}:{key}",
            unique_id_is_permalink=False,
            pubdate=local_time(at),
            updateddate=local_time(at),
            text="",
            media=None,
        )
    return _written(feed)


# --- The three forms -------------------------------------------------------------------------------------------------

MEDIA_RSS = {"xmlns:media": "http://search.yahoo.com/mrss/"}


class Form(SyndicationFeed):
    """One of the forms in which a feed is written."""

    content_type: str


class Rss(Form, Rss201rev2Feed):
    """RSS 2.0 with each story's whole text, and the credit of each picture in Media RSS."""

    content_type = "application/rss+xml; charset=utf-8"

    def write(self, outfile, encoding) -> None:
        handler: Any = Elements()
        handler.startElement("rss", self.rss_attributes())
        handler.startElement("channel", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        self.endChannelElement(handler)
        handler.endElement("rss")
        outfile.write("".join(handler.written))

    def rss_attributes(self) -> dict[str, str]:
        content = {"xmlns:content": "http://purl.org/rss/1.0/modules/content/"}
        return super().rss_attributes() | content | MEDIA_RSS

    def add_root_elements(self, handler) -> None:
        super().add_root_elements(handler)
        if settings.WEBSUB_HUB:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": settings.WEBSUB_HUB})

    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content:encoded", item["text"])
        _add_picture(handler, item)


class Atom(Form, Atom1Feed):
    """Atom (RFC 4287), with the same."""

    content_type = "application/atom+xml; charset=utf-8"

    def write(self, outfile, encoding) -> None:
        handler: Any = Elements()
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")
        outfile.write("".join(handler.written))

    def root_attributes(self) -> dict[str, str]:
        return super().root_attributes() | MEDIA_RSS

    def add_root_elements(self, handler) -> None:
        super().add_root_elements(handler)
        # An entry without an author of its own has the feed's; a feed must have one.
        handler.startElement("author", {})
        handler.addQuickElement("name", settings.SITE_NAME)
        handler.endElement("author")
        if settings.WEBSUB_HUB:
            handler.addQuickElement("link", "", {"rel": "hub", "href": settings.WEBSUB_HUB})

    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item)
        if item["text"]:
            handler.addQuickElement("content", item["text"], {"type": "html"})
        _add_picture(handler, item)


class Json(Form):
    """JSON Feed 1.1 (jsonfeed.org)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding) -> None:
        about = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
            "authors": [{"name": settings.SITE_NAME, "url": absolute("/")}],
            "items": list(map(self.entry, self.items)),
        }
        if settings.WEBSUB_HUB:
            about["hubs"] = [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
        outfile.write(json.dumps(about, ensure_ascii=False))

    def entry(self, item: dict[str, Any]) -> dict[str, Any]:
        content = {"content_html": item["text"]} if item["text"] else {"content_text": item["description"]}
        entry = {
            "id": item["unique_id"],
            "url": item["link"],
            "title": item["title"],
            "summary": item["description"],
            "date_published": rfc3339_date(item["pubdate"]),
            "date_modified": rfc3339_date(item["updateddate"]),
            "authors": [{"name": item["author_name"]}] if item["author_name"] else [],
            "tags": [str(name) for name in item["categories"]],
            **content,
        }
        if item["media"]:
            entry["image"] = item["media"]["url"]
        return {name: value for name, value in entry.items() if value}


FORMS: dict[str, type[Form]] = {"feed.xml": Rss, "atom.xml": Atom, "feed.json": Json}


def _add_picture(handler, item: dict[str, Any]) -> None:
    if item["media"]:
        handler.startElement("media:content", item["media"])
        handler.addQuickElement("media:credit", item["credit"])
        handler.addQuickElement("media:description", item["caption"])
        handler.endElement("media:content")


# --- What goes into one ----------------------------------------------------------------------------------------------


def _begun(form: str, name: str, about: str, path: str) -> Form:
    title = f"{settings.SITE_NAME}: {name}" if name else settings.SITE_NAME
    return FORMS[form](
        title=_xml(title),
        link=absolute(path),
        description=_xml(about or title),
        language=language_tag(settings.LANGUAGE_CODE),
        feed_url=absolute(f"{path}{form}"),
    )


def _written(feed: Form) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _feed(form: str, name: str, about: str, path: str, page: Page, t: datetime) -> HttpResponse:
    feed = _begun(form, name, about, path)
    stories = [story for story in page.cards if isinstance(story, Story)]
    named = reading.named(stories, t)
    show = showing.on_show([picture for story in stories for picture in (story.cover, *story.pictures.values())], t)
    for story in show.cards(stories):
        try:
            words = _text(story, named, show.files) if settings.FEED_FULL_TEXT else ""
            item = {**_item(story, show.files), "text": words}
        except Exception:  # one story that breaks our templates must not take the feed from all others
            log.exception("The story at %s cannot be rendered, so it is not in the feed.", story.path)
        else:
            feed.add_item(**item)
    return _written(feed)


def _item(card: Card, files: Files) -> dict:
    dated_at = local_time(card.dated_at)
    about = (card.label, card.section.name, *(topic.name for topic in card.topics))
    return {
        "title": _xml(card.feed_headline or card.headline),
        "link": absolute(card.path),
        "description": _xml(card.standfirst),
        # A tag URI (RFC 4151) that stays the story's own when its address or headline changes.
        "unique_id": f"tag:{settings.SITE_HOST},{dated_at.date()}:story/{card.article_id}",
        "unique_id_is_permalink": False,
        "pubdate": dated_at,
        "updateddate": local_time(card.modified_at),
        "author_name": _xml(card.names),
        "categories": [_xml(name) for name in about if name],
    } | _picture(card, files)


def _text(story: Story, named: text.Named, files: Files) -> str:
    """The text of a story for readers elsewhere: every address whole, embeds as links."""
    written = text.parts(story, named, site=settings.SITE_URL)
    return _xml(parts.text_in_feed(written, files))


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
