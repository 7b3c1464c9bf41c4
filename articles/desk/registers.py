"""Sections, topics and authors: what every story shares goes live by this verb, with an event and a stamp."""

from django.db import transaction
from django.utils.text import slugify

from articles import audit
from articles.live import stamps
from articles.models import Author, Section, Tag, User
from articles.photos import renditions

from . import roles

_STAMPS = {Section: "section", Tag: "topic", Author: "author"}


@transaction.atomic
def record(entry: Section | Tag | Author, *, by: User, note: str = "") -> Section | Tag | Author:
    """Keep ``entry`` as it is now. Raises Refused, and ValidationError when it cannot be kept."""
    roles.require(by, "topics" if isinstance(entry, Tag) else "registers")
    entry.slug = entry.slug or slugify(entry.name)
    is_new = entry.pk is None
    entry.full_clean()
    entry.save()
    stamps.bump({f"{_STAMPS[type(entry)]}:{entry.slug}"})
    audit.record("added" if is_new else "changed", entry, by=by, note=note)
    if isinstance(entry, Author) and entry.picture:
        renditions.enqueue(entry.picture)
    return entry
