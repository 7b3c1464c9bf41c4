"""Sections, topics and authors: what every story shares goes live by these verbs, with an event and a stamp.

An entry that gets another address, or is merged into another, leaves a row behind that leads there: sealed texts name
it by its old address, and approvals of those texts stand.
"""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import audit
from articles.live import addresses, stamps, store
from articles.models import Author, Section, Tag, User
from articles.photos import renditions

from . import roles
from .moves import NoteWanted

Entry = TypeVar("Entry", Section, Tag, Author)

_STAMPS = {Section: "section", Tag: "topic", Author: "author"}


class NotPossible(ValueError):
    """It cannot be merged or moved like that; the message says why."""


@transaction.atomic
def record(entry: Section | Tag | Author, *, by: User, note: str = "") -> Section | Tag | Author:
    """Keep ``entry`` as it is now. Raises Refused, and ValidationError when it cannot be kept."""
    roles.require(by, "topics" if isinstance(entry, Tag) else "registers")
    if entry.merged_into_id:
        raise ValidationError(_("It was merged, and only leads on to “%(name)s”.") % {"name": entry.stands})
    entry.slug = entry.slug or slugify(entry.name)
    is_new = entry.pk is None
    entry.full_clean()
    entry.save()
    stamps.bump({f"{_STAMPS[type(entry)]}:{entry.slug}"} | ({stamps.SECTIONS} if isinstance(entry, Section) else set()))
    audit.record("added" if is_new else "changed", entry, by=by, note=note)
    if isinstance(entry, Author) and entry.picture:
        renditions.enqueue(entry.picture)
    return entry


def path_of(entry: Section | Tag | Author) -> str:
    """The address of its page."""
    return f"/{entry.slug}/" if isinstance(entry, Section) else f"/{_STAMPS[type(entry)]}/{entry.slug}/"


@transaction.atomic
def readdress(entry: Entry, slug: str, *, why: str, by: User) -> int:
    """Give the page of ``entry`` another address; the old one leads there for ever. How many stories say it.

    Stories keep their own addresses. Raises Refused, NoteWanted, NotPossible, and ValidationError for no address.
    """
    entry = _ready(entry, why=why, by=by)
    validate_slug(slug)
    if slug == entry.slug:
        raise NotPossible(_("That is its address already."))
    if type(entry).objects.filter(slug=slug).exists():
        raise NotPossible(
            _("“%(slug)s” is, or once was, the address of another. Choose one that is new.") % {"slug": slug}
        )
    old, before, now = entry.slug, path_of(entry), timezone.now()
    entry.slug = slug
    entry.full_clean()
    entry.save()
    type(entry).objects.create(slug=old, name=_name_left_behind(entry, old), merged_into=entry)
    changed = _relabel(old, entry)
    addresses.lead_on(before, path_of(entry), at=now)
    audit.record("readdressed", entry, by=by, at=now, old=before, new=path_of(entry), note=why.strip())
    return changed


@transaction.atomic
def merge(entry: Entry, into: Entry, *, why: str, by: User) -> int:
    """Let ``into`` stand for ``entry`` from now on, in lists, on stories and at its address. How many stories said it.

    It cannot be undone. Raises Refused, NoteWanted, NotPossible.
    """
    entry = _ready(entry, why=why, by=by)
    into = type(entry).objects.select_for_update().get(pk=into.pk)
    if into.pk == entry.pk:
        raise NotPossible(_("Nothing is merged into itself."))
    if into.merged_into_id:
        raise NotPossible(_("“%(name)s” was itself merged. Choose the one that stands.") % {"name": into})
    _refuse_below(entry, into)
    now, before = timezone.now(), path_of(entry)
    type(entry).objects.filter(merged_into=entry).update(merged_into=into)
    entry.merged_into = into
    entry.save(update_fields=["merged_into"])
    if isinstance(into, Tag) and isinstance(entry, Tag):
        into.synonyms = list(dict.fromkeys([*into.synonyms, entry.name, *entry.synonyms]))
        into.save(update_fields=["synonyms"])
    changed = _relabel(entry.slug, into, merged=entry)
    addresses.lead_on(before, path_of(into), at=now)
    audit.record("merged", entry, by=by, at=now, into=str(into), old=before, new=path_of(into), note=why.strip())
    return changed


def _ready(entry: Entry, *, why: str, by: User) -> Entry:
    """The row as it is now, if ``by`` may do that to it."""
    roles.require(by, "topics" if isinstance(entry, Tag) else "registers")
    if not why.strip():
        raise NoteWanted(_("Say in a few words why: readers and stories hang on it."))
    entry = type(entry).objects.select_for_update().get(pk=entry.pk)
    if entry.merged_into_id:
        raise NotPossible(_("It was merged already, and only leads on."))
    return entry


def _refuse_below(entry: Section | Tag | Author, into: Section | Tag | Author) -> None:
    if isinstance(entry, Section) and isinstance(into, Section):
        if entry in into.lineage():
            raise NotPossible(_("“%(name)s” lies inside this section. Choose another.") % {"name": into})
        Section.objects.filter(parent=entry).update(parent=into)


def _relabel(old: str, entry: Section | Tag | Author, *, merged: Section | Tag | Author | None = None) -> int:
    """Tell what is public, and what will be. A section that only got another address is told by its row."""
    if isinstance(entry, Tag):
        return store.relabel_topic(old, entry, merged=merged if isinstance(merged, Tag) else None)
    if isinstance(entry, Author):
        return store.relabel_author(old, entry, merged=merged if isinstance(merged, Author) else None)
    return store.relabel_section(merged if isinstance(merged, Section) else entry, entry)


def _name_left_behind(entry: Section | Tag | Author, slug: str) -> str:
    """Names are unique; the row that only leads on is told apart by its old address."""
    longest = type(entry)._meta.get_field("name").max_length or 80
    return f"{entry.name} ({slug})"[-longest:]
