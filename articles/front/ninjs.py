"""A story for partners: the IPTC's ninjs 3.0 (News in JSON), beside its page at the same address with .json."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse

from articles import body
from articles.live import reading, showing
from articles.live.days import local_time
from articles.live.values import File, Gone, Moved, OnShow, Picture, Story

from . import errors, parts, pictures, text
from .answers import readers_page
from .context import absolute

SCHEMA = "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json"


@readers_page
def story(request: HttpRequest, section: str, slug: str, *, t: datetime) -> HttpResponse:
    """Like the page: the story, a 301 to where it is now, 410 once it is withdrawn, 404."""
    path = f"/{section}/{slug}/"
    try:
        shown = reading.story_at(path, t)
    except reading.Spoilt:
        return errors.unavailable()
    if isinstance(shown, Moved):
        return HttpResponsePermanentRedirect(f"{shown.path[:-1]}.json")
    if isinstance(shown, Gone):
        return _json({**_standard(path), "pubStatus": "canceled", "edNote": shown.notice}, status=410)
    if shown is None:
        raise Http404(slug)
    named = reading.named([shown], t)
    show = showing.on_show(shown.pictures.values(), t)
    return _json(item(show.card(shown), named, show))


def item(story: Story, named: text.Named, show: OnShow) -> dict[str, Any]:
    """The news item that ``story`` is, with its pictures as associated items."""
    html = parts.text_in_feed(text.parts(story, named, site=settings.SITE_URL), show.files)
    dated = {
        "contentCreated": _moment(story.dated_at),
        "versionCreated": _moment(story.modified_at),
        "title": story.headline,
    }
    headlines = {"main": story.headline, "short": story.short_headline, "kicker": story.kicker}
    optional = {"by": story.names, "located": story.dateline}
    return (
        _standard(story.path)
        | dated
        | {name: words for name, words in optional.items() if words}
        | {
            "pubStatus": "usable",
            "language": story.language,
            "copyrightHolder": settings.SITE_NAME,
            "headlines": [{"role": role, "value": words} for role, words in headlines.items() if words],
            "descriptions": [{"role": "standfirst", "value": story.standfirst}] if story.standfirst else [],
            "bodies": [
                {
                    "role": "main",
                    "contentType": "text/html",
                    "wordCount": story.word_count,
                    "value": html.strip(),
                },
                {"role": "plain", "contentType": "text/plain", "value": body.plain_text(story.body)},
            ],
            "genres": [{"name": story.kind}],
            "subjects": _subjects(story),
            "trustIndicators": [_corrections()],
            "associations": [
                _picture(picture, show.files[picture.uid])
                for picture in story.pictures.values()
                if show.files.get(picture.uid)
            ],
        }
    )


def _standard(path: str) -> dict[str, Any]:
    return {
        "uri": absolute(path),
        "standard": {"name": "ninjs", "version": "3.0", "schema": SCHEMA},
        "type": "text",
        "representationType": "full",
    }


def _subjects(story: Story) -> list[dict[str, str]]:
    section = {"name": story.section.name, "rel": "section", "uri": absolute(f"/{story.section.slug}/")}
    topics = ({"name": label.name, "rel": "about", "uri": absolute(f"/topic/{label.slug}/")} for label in story.topics)
    return [section, *topics]


def _corrections() -> dict[str, str]:
    return {
        "role": "https://cv.iptc.org/newscodes/trustindicator/correctionsPolicy",
        "title": "Corrections",
        "href": absolute("/corrections/"),
    }


def _picture(picture: Picture, files: Sequence[File]) -> dict[str, Any]:
    facts = {
        "copyrightNotice": picture.copyright,
        "by": pictures.credited(picture.credit),
        "usageTerms": picture.terms,
    }
    described = {"caption": picture.caption, "alt": picture.alt}
    return {
        "name": picture.uid,
        "uri": f"urn:uuid:{picture.uid}",
        "type": "picture",
        **{name: words for name, words in facts.items() if words},
        "descriptions": [{"role": role, "value": words} for role, words in described.items() if words],
        "renditions": [
            {
                "name": f"{file.crop} {file.width}",
                "href": absolute(pictures.address(file.name)),
                "contentType": "image/jpeg",
                "width": file.width,
                "height": file.height,
                "sizeInBytes": file.byte_size,
            }
            for file in files
            if file.format == "jpg"
        ],
    }


def _json(about: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(about, status=status, json_dumps_params={"ensure_ascii": False})


def _moment(at: datetime) -> str:
    return local_time(at).isoformat(timespec="seconds")
