"""Composes what a publication freezes and derives: names, picture facts and body as they are now. Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from articles import body
from articles.manuscript import Manuscript, fingerprint, picture_uids, story_uids
from articles.models import Article, Author, Image, Section, Tag

from .days import midnight


@dataclass(frozen=True)
class Snapshot:
    """All that readers will see of one manuscript, as plain values, with the rows its lists hang on."""

    manuscript: Manuscript
    fingerprint: str
    section: Section | None
    tags: list[Tag]
    authors: list[Author]
    images: list[Image]
    bylines: list[dict[str, str]]
    topics: list[dict[str, str]]
    pictures: dict[str, dict[str, Any]]
    stories: dict[str, int]
    body_html: str
    word_count: int
    dated_at: datetime | None


def compose(manuscript: Manuscript) -> Snapshot:
    """The snapshot of ``manuscript`` with today's picture rows, names and topics."""
    named = Tag.objects.filter(slug__in=manuscript.tags).select_related("merged_into")
    tags = sorted({tag.stands for tag in named}, key=lambda tag: tag.name)
    shown = images(manuscript)
    signing = Author.objects.filter(slug__in=[line.author for line in manuscript.bylines]).select_related("merged_into")
    authors = {author.slug: author for author in signing}
    section = Section.objects.filter(slug=manuscript.section).select_related("parent", "merged_into__parent").first()
    return Snapshot(
        manuscript=manuscript,
        fingerprint=fingerprint(manuscript),
        section=section.stands if section else None,
        tags=tags,
        authors=list({author.stands for author in authors.values()}),
        images=shown,
        bylines=[_byline(line, authors) for line in manuscript.bylines],
        topics=[{"name": tag.name, "slug": tag.slug, "kind": tag.kind} for tag in tags],
        pictures={str(image.uid): _picture(image, _day(manuscript)) for image in shown},
        stories=stories(manuscript),
        body_html=body_html(manuscript),
        word_count=body.word_count(manuscript.body),
        dated_at=midnight(date.fromisoformat(manuscript.dated_on)) if manuscript.dated_on else None,
    )


def images(manuscript: Manuscript) -> list[Image]:
    """The pictures that it shows, in no order. One query, where it shows any."""
    return list(Image.objects.filter(uid__in=picture_uids(manuscript)))


def body_html(manuscript: Manuscript) -> str:
    """The body for readers, cleaned once more: a fixture may have brought it past every form.

    Its pictures and its links to our stories stay markers: where they lead is resolved when the page is read.
    """
    return body.clean(manuscript.body)


def stories(manuscript: Manuscript) -> dict[str, int]:
    """The stories that ``manuscript`` names, by uid, as readers' code may know them: by their number alone.

    Whether one is public, and where, is asked when the page is read.
    """
    uids = [uid for uid in map(body.known_uid, story_uids(manuscript)) if uid]
    rows = Article.objects.filter(uid__in=uids).values_list("uid", "pk") if uids else []
    return {str(uid): number for uid, number in rows}


def _byline(line, authors: dict[str, Author]) -> dict[str, str]:
    author = authors.get(line.author)
    if author:
        signing = author.stands
        return {"name": signing.name, "slug": signing.slug, "role": line.role, "kind": signing.kind}
    return {"name": line.text, "slug": "", "role": line.role, "kind": Author.Kind.PERSON}


def _picture(image: Image, day: date) -> dict[str, Any]:
    return {
        "title": image.title,
        "caption": image.caption,
        "credit": image.printed_credit,
        "alt": "" if image.is_decorative else image.alt_text,
        "taken_on": image.taken_on.isoformat() if image.taken_on else "",
        "width": image.width,
        "height": image.height,
        "awaiting": image.is_awaiting_file,
        "whole": image.keep_whole,
        "tint": image.tint,
        "described": "" if image.is_decorative else image.extended_description,
        "labels": image.labels(day),
        "basis": image.rights_basis,
        "source_type": image.digital_source_type,
        "creator": image.photographer,
        "copyright": image.copyright_notice,
        "terms": image.web_statement,
    }


def _day(manuscript: Manuscript) -> date:
    """The day of the story: its own, or today's."""
    return date.fromisoformat(manuscript.dated_on) if manuscript.dated_on else timezone.localdate()
