"""The same facts for many pictures at once, and back again. The only writer of BulkChange."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import BulkChange, Image, User

from . import intake, passes

# What may be said of many pictures at once: never what is in one of them.
SHARED = (
    *("credit", "rights_basis", "rights_note", "rights_from", "rights_until", "restrictions", "fee", "rights_contact"),
    *("copyright_notice", "usage_terms", "supplied_by", "place", "taken_on", "keywords", "keep_whole"),
)


@dataclass
class Done:
    """What became of each picture: how many changed, and the sentence for each that did not."""

    change: BulkChange | None = None
    changed: list[Image] = field(default_factory=list)
    refused: list[tuple[Image, str]] = field(default_factory=list)


def describe(pictures: Iterable[Image], *, by: User, **given: Any) -> Done:
    """Say ``given`` (of SHARED) of each picture. One that is refused stops no other. Raises Refused for all at once."""
    passes.require(by, "change_image", _("change the facts of pictures"))
    if unknown := given.keys() - set(SHARED):
        raise TypeError(f"Nobody says {', '.join(sorted(unknown))} of many pictures.")
    done, changes = Done(), {}
    for picture in pictures:
        was = _as_it_was(picture)
        now = _told(picture, given, done, by=by)
        if now and now.version != picture.version:
            done.changed.append(now)
            changes[str(picture.pk)] = {"version": now.version, "was": _what_changed(was, now)}
    if changes:
        done.change = BulkChange.objects.create(made_at=timezone.now(), made_by=by, changes=changes)
    return done


def undo(change: BulkChange, *, by: User) -> Done:
    """Put the pictures' facts back as they were, but for those that somebody has changed since. Raises Refused."""
    passes.require(by, "change_image", _("change the facts of pictures"))
    with transaction.atomic():
        if not BulkChange.objects.filter(pk=change.pk, undone_at=None).update(undone_at=timezone.now()):
            raise passes.Refused(_("This was undone already."))
    done = Done(change)
    for picture in Image.objects.filter(pk__in=change.changes):
        told = change.changes[str(picture.pk)]
        if picture.version != told["version"]:
            done.refused.append((picture, _("“%(name)s” was changed since, and stays.") % {"name": picture}))
        elif now := _told(picture, told["was"], done, by=by):
            done.changed.append(now)
    return done


def _told(picture: Image, given: dict[str, Any], done: Done, *, by: User) -> Image | None:
    try:
        return intake.describe(picture, by=by, seen=picture.version, **given)
    except (intake.Refused, intake.Stale) as refusal:
        done.refused.append((picture, str(refusal)))
    except ValidationError as wrong:
        done.refused.append((picture, f"“{picture}”: {' '.join(wrong.messages)}"))
    return None


def _as_it_was(picture: Image) -> dict[str, Any]:
    return {name: intake.plain(getattr(picture, name)) for name in intake.DESCRIBED}


def _what_changed(was: dict[str, Any], now: Image) -> dict[str, Any]:
    return {name: value for name, value in was.items() if value != intake.plain(getattr(now, name))}
