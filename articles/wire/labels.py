"""Finds the sections, topics and authors that a story from outside names, and makes those that are missing."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.desk import registers
from articles.models import Author, Section, Tag, User

from .story import Label

Entry = TypeVar("Entry", Section, Tag, Author)


class NoAddress(ValueError):
    """A name of which no address can be made."""


def entries(register: type[Entry], labels: Iterable[Label], *, by: User) -> dict[Label, Entry]:
    """The entry of ``register`` for each label. What stands there already is taken as it is: the newsroom keeps it.

    Raises NoAddress, roles.Refused and ValidationError.
    """
    slugs = {label: _slug(label) for label in labels}
    names = [label.name for label in slugs if not label.slug]
    known = list(register.objects.filter(Q(slug__in=slugs.values()) | Q(name__in=names)))
    by_slug, by_name = {entry.slug: entry for entry in known}, {entry.name: entry for entry in known}
    found = {}
    for label, slug in slugs.items():
        entry = by_slug.get(slug) or (None if label.slug else by_name.get(label.name))
        found[label] = by_slug[slug] = entry.stands if entry else _made(register, label, slug, by=by)
    return found


def _slug(label: Label) -> str:
    slug = label.slug or slugify(label.name)
    if not slug:
        raise NoAddress(
            _('No address can be made of “%(name)s”. Give it one in the sidecar: { name = "%(name)s", slug = "…" }.')
            % {"name": label.name}
        )
    return slug


def _made(register: type[Entry], label: Label, slug: str, *, by: User) -> Entry:
    kind = {"kind": label.kind} if label.kind else {}
    entry = register(name=label.name, slug=slug, **kind)
    registers.record(entry, by=by)
    return entry
