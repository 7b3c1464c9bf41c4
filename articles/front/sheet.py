"""The sheet that every readers' page is written on: all that stands before its content, and all after it.

Templates say ``{% opening %}`` and ``{% closing %}``; pages that are put together in Python are a ``Sheet``. What comes
from outside goes through ``escape``.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.template.response import SimpleTemplateResponse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from . import share
from .context import Head, absolute
from .markup import same_for_all


class Sheet(SimpleTemplateResponse):
    """A page that ``draw`` writes of what is ``told``, in the place of a template. It, too, knows no request."""

    def __init__(self, draw: Callable[[Mapping[str, Any]], SafeString], told: dict[str, Any]) -> None:
        super().__init__("", told)
        self.draw = draw

    @property
    def rendered_content(self) -> SafeString:
        return self.draw(self.context_data or {})


def opening(told: Mapping[str, Any], shared: str = "") -> SafeString:
    """Head and masthead. ``shared`` is what previews of a link show; where a page has nothing of its own, the site."""
    _, head, site = told["say"], told["head"], told["site"]
    name, about = escape(site["name"]), escape(head.description)
    return mark_safe(  # noqa: S308  all from outside is escaped
        f'<!doctype html>\n<html lang="{escape(told["language"])}" dir="{told["direction"]}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(_title(head, site))}</title>\n"
        f'<meta name="description" content="{about}">\n'
        f'<meta name="robots" content="{"max-image-preview:large" if head.indexed else "noindex"}">\n'
        f"{_addresses(told)}{same_for_all('front/parts/links.html')}{_feeds(head)}"
        '<meta name="theme-color" content="#faf9f5" media="(prefers-color-scheme: light)">\n'
        '<meta name="theme-color" content="#12181b" media="(prefers-color-scheme: dark)">\n'
        f'<meta property="og:site_name" content="{name}">\n'
        f'<meta property="og:title" content="{escape(head.title) or name}">\n'
        f'<meta property="og:description" content="{about}">\n'
        f"{_own_address(told)}{shared or _site_shared()}"
        f'{_data(told)}</head>\n<body id="top">\n<a class="skip" href="#main">{_("Skip to main content")}</a>\n'
        f"{masthead(told)}\n"
    )


def closing(told: Mapping[str, Any]) -> SafeString:
    """The foot."""
    foot = same_for_all("front/parts/foot.html", sections=tuple(told["sections"]), year=told["year"])
    return mark_safe(f"\n{foot}\n</body>\n</html>")  # noqa: S308  a template's


def masthead(told: Mapping[str, Any]) -> SafeString:
    """The same on all pages of a section."""
    facts = {"sections": tuple(told["sections"]), "here": told["here"], "top": told["top"]}
    return same_for_all("front/parts/masthead.html", **facts)


def _title(head: Head, site: Mapping[str, str]) -> str:
    return f"{head.title} | {site['name']}" if head.title else f"{site['name']}: {site['tagline']}"


def _addresses(told: Mapping[str, Any]) -> str:
    """Where the page stands, and what says the same in other languages."""
    if not told["canonical"]:
        return ""
    others = (
        f'<link rel="alternate" hreflang="{escape(language)}" href="{escape(address)}">\n'
        for language, address in told["head"].languages
    )
    return f'<link rel="canonical" href="{escape(told["canonical"])}">\n{"".join(others)}'


def _feeds(head: Head) -> str:
    return "".join(
        f'<link rel="alternate" type="{kind}" title="{escape(title)}" href="{escape(address)}">\n'
        for address, kind, title in head.feeds
    )


def _own_address(told: Mapping[str, Any]) -> str:
    address = told["canonical"]
    return f'<meta property="og:url" content="{escape(address)}">\n' if address else ""


def _data(told: Mapping[str, Any]) -> str:
    data = told.get("data")
    return f'<script type="application/ld+json">{conditional_escape(data)}</script>\n' if data else ""


def _site_shared() -> str:
    return (
        '<meta property="og:type" content="website">\n'
        f'<meta property="og:image" content="{escape(absolute(share.PATH))}">\n'
        '<meta name="twitter:card" content="summary_large_image">\n'
    )
