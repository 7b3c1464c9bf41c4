"""Collections: pictures that somebody wants together. The only writer of Collection."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Collection, Image, User

from . import passes


@transaction.atomic
def collect(pictures: Iterable[Image], name: str, *, by: User) -> Collection:
    """Put pictures into the collection of that name, made where there is none. Raises Refused and ValidationError."""
    passes.require(by, "change_collection", _("collect pictures"))
    name = " ".join(name.split())
    known = Collection.objects.filter(name__iexact=name).first()
    collection = known or Collection(name=name, made_by=by)
    if not known:
        collection.full_clean()
        collection.save()
    chosen = list(pictures)
    collection.pictures.add(*chosen)
    audit.record("collected", collection, by=by, pictures=len(chosen))
    return collection


@transaction.atomic
def put_back(pictures: Iterable[Image], collection: Collection, *, by: User) -> None:
    """Take pictures out of a collection; they stay in the library. Raises Refused."""
    passes.require(by, "change_collection", _("collect pictures"))
    chosen = list(pictures)
    collection.pictures.remove(*chosen)
    audit.record("took out", collection, by=by, pictures=len(chosen))
