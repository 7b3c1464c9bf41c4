"""The readers' half: the pages about the newsroom that are public at a moment ``t``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from articles.models import Edition

from . import depends, editions, stamps
from .questions import Question
from .values import AboutPage


def page(slug: str, t: datetime) -> AboutPage | None:
    """The page about the newsroom that is public under ``slug``."""
    depends.on(f"{editions.PAGE}{slug}")
    edition = editions.live(f"{editions.PAGE}{slug}", t)
    return _page(edition.content, edition.live_from) if edition else None


@Question
def _listed(t: datetime) -> QuerySet:
    return Edition.objects.at(t).filter(subject__startswith=editions.PAGE).values_list("content", "live_from")


def listed(t: datetime) -> list[AboutPage]:
    """All pages about the newsroom that are public, in their order."""
    depends.on(stamps.PAGES)
    pages = sorted(_listed(t), key=lambda page: (page[0]["order"], page[0]["title"]))
    return [_page(content, since) for content, since in pages]


def _page(content: Mapping[str, Any], since: datetime) -> AboutPage:
    named = {name: content[name] for name in ("title", "slug", "description", "body")}
    return AboutPage(**named, since=since)
