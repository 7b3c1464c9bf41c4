"""Tells the cache in front of the site what has changed. The stamps are the list of what is to be told.

It is told at once when the transaction stands, and again at a later beat of the clock: an answer that was under way
when it was first told may have been put away after that. What cannot be told is told again at each beat.
"""

import logging
import threading
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles.models import Bookmark, Stamp

from . import proof, stamps

AT_ONCE, AGAIN, SEEN = "told to the cache", "told to the cache again", "versions a beat ago"

log = logging.getLogger(__name__)


def soon(**_signal: object) -> None:
    """When the transaction stands, and without making whoever changed something wait."""
    if settings.PURGE_URL:
        transaction.on_commit(lambda: threading.Thread(target=_tell_and_leave, name="purge").start())


def tell(now: datetime) -> None:
    """A duty of the clock. Raises what the cache said when it does not take it: the clock says so on every desk."""
    if not settings.PURGE_URL:
        return
    version, seen = _version(), _number(SEEN)
    _mark(SEEN, version)
    _tell_since(AT_ONCE, upto=version)
    _tell_since(AGAIN, upto=seen)


def trouble() -> str:
    """What people should know: that readers behind the cache may see old pages. Else empty."""
    if not settings.PURGE_URL or _number(AT_ONCE) >= _number(SEEN):
        return ""
    return _(
        "The cache in front of the site could not be told of the latest changes, so readers may see old pages for up to"
        " %(minutes)s minutes. It is told again at each beat of the clock; the log says why it failed."
    ) % {"minutes": max(1, settings.CDN_SECONDS // 60)}


def part(now: datetime) -> dict[str, Any]:
    """For the status: how far behind the cache in front is."""
    said: dict[str, Any] = {"title": _("Cache in front"), "says": _("There is none that we tell of changes.")}
    if not settings.PURGE_URL:
        return said
    behind = 0.0
    if (told := _number(AT_ONCE)) < (seen := _number(SEEN)):
        behind = (seen - told) / 1_000_000  # a version is the microsecond of its change
    said["says"] = (
        _("It is behind by %(seconds)d seconds.") % {"seconds": behind} if behind else _("It knows all changes.")
    )
    return said | {"numbers": {"purge_behind_seconds": behind}} | ({"do": sentence} if (sentence := trouble()) else {})


def _tell_and_leave() -> None:
    """In a thread of its own, with a connection of its own."""
    try:
        _tell_since(AT_ONCE, upto=_version())
    except Exception:  # the clock tries again, and tells people
        log.exception("The cache in front was not told of a change.")
    finally:
        connection.close()


def _tell_since(bookmark: str, *, upto: int) -> None:
    after = _number(bookmark)
    names = proof.changed(after) - {stamps.SITE} if upto > after else set()
    if names:
        import_string(settings.PURGE)(names)
    if upto > after:
        _mark(bookmark, upto)


def _version() -> int:
    return Stamp.objects.filter(name=stamps.SITE).values_list("value", flat=True).first() or 0


def _number(bookmark: str) -> int:
    return Bookmark.objects.filter(name=bookmark).values_list("number", flat=True).first() or 0


def _mark(bookmark: str, number: int) -> None:
    """Never back: of two that tell at once, the one that knew less may end last."""
    if not Bookmark.objects.filter(name=bookmark, number__lt=number).update(number=number):
        Bookmark.objects.get_or_create(name=bookmark, defaults={"number": number})
