"""Views of the story list that a person keeps: a question under a name. Nobody else sees them, so none is an event."""

from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import SavedView, User

from . import roles

MOST = 30  # that one person can still find something in


class Unfit(ValueError):
    """The view cannot be kept like that; the message says why."""


def keep(name: str, query: str, *, by: User) -> SavedView:
    """A new view of ``by``. Raises Unfit."""
    if SavedView.objects.filter(owner=by).count() >= MOST:
        raise Unfit(_("You have %(most)s views. Remove one that you no longer need.") % {"most": MOST})
    return _write(SavedView(owner=by, query=query, made_at=timezone.now()), name)


def rename(view: SavedView, name: str, *, by: User) -> SavedView:
    """The same view under another name. Raises Refused, Unfit."""
    _refuse_others(view, by)
    return _write(view, name)


def remove(view: SavedView, *, by: User) -> None:
    """Forget the view; stories are not touched. Raises Refused."""
    _refuse_others(view, by)
    view.delete()


def _write(view: SavedView, name: str) -> SavedView:
    view.name = " ".join(name.replace("\0", " ").split())  # no database holds a NUL
    if not view.name or len(view.name) > _most("name"):
        raise Unfit(_("A view needs a name of at most %(most)s characters.") % {"most": _most("name")})
    if len(view.query) > _most("query"):
        raise Unfit(_("That is too long to keep. Search for fewer words."))
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as taken:
        raise Unfit(_("You have a view “%(name)s” already. Choose another name.") % {"name": view.name}) from taken
    return view


def _most(field: str) -> int:
    return cast(Field, SavedView._meta.get_field(field)).max_length or 0


def _refuse_others(view: SavedView, by: User) -> None:
    if view.owner_id != by.pk:
        raise roles.Refused(_("This view belongs to somebody else. Keep one of your own."))
