"""What stands around the content of every readers' page: outlet, masthead, footer, and what the head says. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import get_language

from articles.live.days import local_time
from articles.live.values import File, Label, Place, Section, direction

from .phrases import spoken

# What search engines show of a description; under the lower bound they write their own.
SHORTEST, LONGEST = 40, 180

FEED = "/feed.xml"
FEED_TYPES = {
    "feed.xml": "application/rss+xml",
    "atom.xml": "application/atom+xml",
    "feed.json": "application/feed+json",
}

Files = Mapping[str, Sequence[File]]


@dataclass(frozen=True)
class Head:
    """What the head of a page says. ``path`` is the page's own; ``feed`` is its list's (path, title), if it has one.

    ``languages`` are the language tags and whole addresses of pages that say the same, itself among them.
    """

    title: str
    description: str
    path: str = ""
    feed: tuple[str, str] | None = None
    indexed: bool = True
    languages: Sequence[tuple[str, str]] = ()

    @property
    def feeds(self) -> list[tuple[str, str, str]]:
        """(path, media type, title) of each feed that the page offers: the whole site's RSS, and those of its list."""
        _ = spoken()
        whole = (FEED, FEED_TYPES["feed.xml"], _("%(name)s: all stories") % {"name": settings.SITE_NAME})
        if self.feed is None:
            return [whole]
        path, title = self.feed[0].removesuffix("feed.xml"), self.feed[1]
        own = [(f"{path}{form}", kind, title) for form, kind in FEED_TYPES.items()]
        return own if self.feed[0] == FEED else [whole, *own]


@dataclass(frozen=True)
class Around:
    """What every page needs besides its own content.

    The moment it answers for, all sections that are public, the public files of its pictures by uid, smallest first,
    and for a later page of a list the place where it starts.
    """

    t: datetime
    sections: Sequence[Section] = ()
    files: Files = field(default_factory=dict)
    before: Place | None = None


def context(head: Head, around: Around, here: str = "") -> dict[str, Any]:
    """The context of ``front/base.html``. ``here`` is the slug of the section that the page belongs to, or the first
    segment of a page of the site's own.
    """
    language = language_tag(get_language() or settings.LANGUAGE_CODE)
    line = lineage(here, around.sections)
    return {
        "site": {"name": settings.SITE_NAME, "tagline": settings.SITE_TAGLINE, "url": settings.SITE_URL},
        "say": spoken(),
        "language": language,
        "direction": direction(language),
        "head": head,
        "canonical": absolute(head.path) if head.path else "",
        "sections": [section for section in around.sections if section.parent_id is None],
        "here": here,
        "top": line[0].slug if line else "",
        "year": local_time(around.t).year,
        "t": around.t,
        "files": around.files,
        "before": around.before,
    }


def absolute(path: str) -> str:
    """The whole address of a path of this site."""
    return f"{settings.SITE_URL}{path}"


def language_tag(code: str) -> str:
    """``en-gb`` as browsers and feed readers write it: ``en-GB``."""
    language, _, region = code.partition("-")
    return f"{language}-{region.upper()}" if len(region) == 2 else code


def description(*texts: str | Callable[[], str]) -> str:
    """One description from the first texts that together are long enough, cut at a word; others are not called for."""
    said = ""
    for text in texts:
        words = text if isinstance(text, str) else text()
        said = f"{said} {' '.join(words.split())}".strip()
        if len(said) >= SHORTEST:
            break
    return said if len(said) <= LONGEST else Truncator(said).chars(LONGEST)


def trail(label: Label, sections: Sequence[Section]) -> Sequence[Label]:
    """The way down to ``label``, a section: its lineage, or itself alone where it is not among ``sections``."""
    return lineage(label.slug, sections) or [label]


def lineage(slug: str, sections: Sequence[Section]) -> list[Section]:
    """The section called ``slug`` and those above it, topmost first; as far as they are among ``sections``."""
    by_id = {section.id: section for section in sections}
    section = next((section for section in sections if section.slug == slug), None)
    line: list[Section] = []
    while section and section not in line:
        line.insert(0, section)
        section = by_id.get(section.parent_id or 0)
    return line
