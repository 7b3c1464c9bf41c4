"""Small files that machines ask every site for: who may read it, who made it, how it is searched and installed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import get_language

from articles.live.days import local_time

from . import share
from .answers import readers_page
from .context import absolute, language_tag

# Crawlers that take pages to train or feed language models, by the names they give themselves.
AI_CRAWLERS = (
    *("AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User", "Claude-User"),
    *("ClaudeBot", "cohere-ai", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot", "ImagesiftBot"),
    *("Meta-ExternalAgent", "OAI-SearchBot", "omgili", "PerplexityBot", "Timpibot", "YouBot"),
)
# For how long what security.txt says holds at least; the RFC asks for less than a year.
HOLDS = timedelta(days=180)


@readers_page
def robots(request: HttpRequest, **_moment: object) -> HttpResponse:
    """RFC 9309. Everything public may be read, by AI crawlers where AI_CRAWLERS says so; where journalists work is
    nobody's business, so it is not named here.
    """
    lines = ["User-agent: *", "Allow: /", ""]
    if not settings.AI_CRAWLERS:
        lines = [*(f"User-agent: {name}" for name in AI_CRAWLERS), "Disallow: /", "", *lines]
    lines += [f"Sitemap: {absolute('/sitemap.xml')}", f"Sitemap: {absolute('/news-sitemap.xml')}"]
    return _plain(lines)


@readers_page
def humans(request: HttpRequest, **_moment: object) -> HttpResponse:
    """humanstxt.org."""
    contact = [f"Contact: {settings.CONTACT_EMAIL}"] if settings.CONTACT_EMAIL else []
    lines = ["/* TEAM */", f"Newsroom: {settings.SITE_NAME}", *contact, f"Site: {absolute('/')}", ""]
    return _plain([*lines, "/* SITE */", "Standards: HTML5, CSS, no script", "Software: Newsroom, Django"])


@readers_page
def security(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """RFC 9116. Where SECURITY_CONTACT is not set there is nobody to name, so there is no such file."""
    if not settings.SECURITY_CONTACT:
        raise Http404("security.txt")
    ends = (local_time(t) + HOLDS).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    language = language_tag(settings.LANGUAGE_CODE).partition("-")[0]
    return _plain(
        [
            f"Contact: {settings.SECURITY_CONTACT}",
            f"Expires: {ends.isoformat()}",
            f"Preferred-Languages: {language}",
            f"Canonical: {absolute('/.well-known/security.txt')}",
        ]
    )


@readers_page
def manifest(request: HttpRequest, **_moment: object) -> HttpResponse:
    """The web app manifest: name, colours and icons on a telephone's first screen."""
    icons = [
        {"src": f"/icon-{width}.png", "sizes": f"{width}x{width}", "type": "image/png", "purpose": "any maskable"}
        for width in share.ICONS
    ]
    about = {
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": settings.SITE_TAGLINE,
        "lang": language_tag(get_language() or settings.LANGUAGE_CODE),
        "start_url": "/",
        "display": "browser",
        "background_color": share.PAPER,
        "theme_color": share.PAPER,
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@readers_page
def opensearch(request: HttpRequest, **_moment: object) -> HttpResponse:
    """OpenSearch 1.1: a browser may search the site from its address bar."""
    about = {"site": {"name": settings.SITE_NAME[:16], "tagline": settings.SITE_TAGLINE}, "language": get_language()}
    return SimpleTemplateResponse(
        "front/opensearch.xml", about, content_type="application/opensearchdescription+xml; charset=utf-8"
    )


def _plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
