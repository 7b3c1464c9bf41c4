"""Pages as data for search engines, in the words of schema.org, safe inside a script element."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.live.days import local_time
from articles.live.values import Author, Card, Entry, Label, Signature, Story, Topic

from . import pictures, share
from .context import Around, Head, absolute, trail

# What kind of news a story is, where schema.org has a word for it; it stays a NewsArticle for those who know no other.
KINDS: dict[str, str | list[str]] = {
    "analysis": ["NewsArticle", "AnalysisNewsArticle"],
    "opinion": ["NewsArticle", "OpinionNewsArticle"],
    "explainer": ["NewsArticle", "BackgroundNewsArticle"],
}

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def story_data(
    story: Story, around: Around, *, updated_at: datetime | None, corrections: Sequence[Entry] = ()
) -> SafeString:
    """The JSON-LD of a story's page. ``updated_at`` is its last change of substance, or None."""
    corrected = {"correction": list(map(_comment, corrections))} if corrections else {}
    return _script(_article(story, around, updated_at) | corrected, _breadcrumbs(story, around))


def home_data() -> SafeString:
    """The JSON-LD of the home page: the site, how it is searched, and who publishes it."""
    search = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": absolute("/search/?q={search_term_string}")},
        "query-input": "required name=search_term_string",
    }
    site = {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "description": settings.SITE_TAGLINE,
        "url": absolute("/"),
        "publisher": _outlet(),
        "potentialAction": search,
    }
    return _script(site, _outlet() | _standards())


def list_data(head: Head, cards: Sequence[Card], above: Sequence[Label] = ()) -> SafeString:
    """The JSON-LD of a list: its stories in their order, and the way down to it."""
    way = [*((label.name, f"/{label.slug}/") for label in above), (head.title, head.path)]
    return _script(_collection(head, cards), _way(way))


def _collection(head: Head, cards: Sequence[Card]) -> dict[str, Any]:
    return {
        "@type": "CollectionPage",
        "name": head.title,
        "description": head.description,
        "url": absolute(head.path),
        "mainEntity": {
            "@type": "ItemList",
            "itemListElement": [
                {"@type": "ListItem", "position": position, "url": absolute(card.path)}
                for position, card in enumerate(cards, start=1)
            ],
        },
    }


# What a topic is, where schema.org has a word for it.
TOPIC_TYPES = {"place": "Place", "person": "Person", "organisation": "Organization", "service": "Organization"}


def topic_data(topic: Topic, head: Head, cards: Sequence[Card]) -> SafeString:
    """The JSON-LD of a topic's page: its list, and what it is about."""
    thing = {
        "@type": TOPIC_TYPES.get(topic.kind, "Thing"),
        "name": topic.name,
        **({"description": topic.description} if topic.description else {}),
        **({"alternateName": list(topic.synonyms)} if topic.synonyms else {}),
        **({"sameAs": f"https://www.wikidata.org/wiki/{topic.wikidata_id}"} if topic.wikidata_id else {}),
    }
    return _script(_collection(head, cards) | {"about": thing}, _way([(head.title, head.path)]))


def page_data(head: Head) -> SafeString:
    """The JSON-LD of a page about the newsroom."""
    page = {"@type": "AboutPage", "name": head.title, "description": head.description, "url": absolute(head.path)}
    return _script(page | {"about": _outlet()}, _way([(_("About us"), "/about/"), (head.title, head.path)]))


def author_data(author: Author, head: Head) -> SafeString:
    """The JSON-LD of an author's page."""
    person = {
        "@type": "Organization" if author.kind == "organisation" else "Person",
        "name": author.name,
        "url": absolute(head.path),
        **({"jobTitle": author.role} if author.role and author.kind != "organisation" else {}),
        **({"description": author.bio} if author.bio else {}),
        **({"email": author.email} if author.email else {}),
        **({"sameAs": [author.website]} if author.website else {}),
        **({} if author.kind == "organisation" else {"worksFor": _outlet()}),
    }
    page = {"@type": "ProfilePage", "name": author.name, "url": absolute(head.path), "mainEntity": person}
    return _script(page, _way([(author.name, head.path)]))


def _script(*graph: dict[str, Any]) -> SafeString:
    written = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    # Safe: no character is left that could end the script element or begin a tag.
    return mark_safe(written.translate(_ESCAPES))  # noqa: S308  escaped just now


def _article(story: Story, around: Around, updated_at: datetime | None) -> dict[str, Any]:
    published = _moment(story.dated_at, by_day=story.dated_by_day)
    return {
        "@type": KINDS.get(story.kind, "NewsArticle"),
        "headline": story.headline,
        **({"description": story.standfirst} if story.standfirst else {}),
        "datePublished": published,
        "dateModified": _moment(updated_at) if updated_at else published,
        "mainEntityOfPage": absolute(story.path),
        "author": [_signature(line) for line in story.bylines if not line.role] or [_outlet()],
        "publisher": _outlet(),
        "image": _image(story, around),
        "articleSection": story.section.name,
        **({"keywords": [topic.name for topic in story.topics]} if story.topics else {}),
        "wordCount": story.word_count,
        "inLanguage": story.language,
        "isAccessibleForFree": True,
    }


def _comment(entry: Entry) -> dict[str, str]:
    return {"@type": "CorrectionComment", "text": entry.note, "datePublished": _moment(entry.at)}


def _signature(line: Signature) -> dict[str, str]:
    kind = "Organization" if line.kind == "organisation" else "Person"
    page = {"url": absolute(f"/author/{line.slug}/")} if line.slug else {}
    return {"@type": kind, "name": line.name} | page


def _outlet() -> dict[str, Any]:
    return {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME, "url": absolute("/")}


def _standards() -> dict[str, Any]:
    """What else is said of the outlet, on its home page alone."""
    logo = {"@type": "ImageObject", "url": absolute("/icon-512.png"), "width": 512, "height": 512}
    mail = {"email": settings.CONTACT_EMAIL} if settings.CONTACT_EMAIL else {}
    return {"logo": logo, "correctionsPolicy": absolute("/corrections/"), **mail}


def _image(story: Story, around: Around) -> dict[str, Any]:
    cover, file = story.cover, pictures.share_picture(story.cover, around.files)
    if not cover or not file:
        return _image_object(share.PATH, *share.SIZE)
    said = {
        "caption": cover.caption,
        "creditText": pictures.credited(cover.credit),
        "copyrightNotice": cover.copyright,
        "license": cover.terms,
        "digitalSourceType": f"{pictures.NEWSCODE}{cover.source_type}" if cover.source_type else "",
        "description": ". ".join(pictures.labels(cover)),
    }
    shown = _image_object(pictures.address(file.name), file.width, file.height)
    creator = {"creator": {"@type": "Person", "name": cover.creator}} if cover.creator else {}
    return shown | creator | {name: text for name, text in said.items() if text}


def _image_object(path: str, width: int, height: int) -> dict[str, Any]:
    return {"@type": "ImageObject", "url": absolute(path), "width": width, "height": height}


def _breadcrumbs(story: Story, around: Around) -> dict[str, Any]:
    above = [(label.name, f"/{label.slug}/") for label in trail(story.section, around.sections)]
    return _way([*above, (story.headline, story.path)])


def _way(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The way down from the home page, by name and path."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": absolute(path)}
            for position, (name, path) in enumerate([(settings.SITE_NAME, "/"), *steps], start=1)
        ],
    }


def _moment(at: datetime, *, by_day: bool = False) -> str:
    local = local_time(at)
    return local.date().isoformat() if by_day else local.isoformat(timespec="seconds")
