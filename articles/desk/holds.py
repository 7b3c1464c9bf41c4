"""Casualty holds, on a story or on a name wherever it stands. The only writer of holds."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.manuscript import from_json
from articles.models import Article, Hold, Publication, User

from . import asking, drafts, held, notices, roles, schedule
from .moves import NoteWanted

SHORTEST = 3


class NoName(ValueError):
    """What was given is no name that stories could be searched for."""


class NotHeld(Exception):
    """The hold was lifted already."""


# --- Verbs ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_on_story(article: Article, *, reason: str, by: User) -> Hold:
    """Hold one story until next of kin are informed. What waits of it is parked. Raises Refused, NoteWanted."""
    article, now = drafts.locked(article), timezone.now()
    roles.require(by, "hold", article)
    hold = Hold.objects.create(article=article, reason=_reason(reason), set_at=now, set_by=by)
    schedule.park_unfit(article, by=by, why=held.sentence(hold), at=now)
    audit.record("held", article, by=by, at=now, hold=hold.pk)
    _tell_of(hold, live_with(hold, at=now), at=now)
    return hold


def set_on_name(name: str, *, variants: Iterable[str] = (), reason: str, by: User) -> Hold:
    """Hold every story that has the name, in whatever spelling is given. What waits and has it is parked.

    What is live already is not touched: see ``live_with``. Raises Refused, NoteWanted, NoName.
    """
    roles.require(by, "hold")
    now, spellings = timezone.now(), [" ".join(each.split()) for each in (name, *variants)]
    spellings = list(dict.fromkeys(filter(None, spellings)))
    if not spellings or any(len(held.normal(each)) < SHORTEST for each in spellings):
        raise NoName(_("Write the name as it would stand in a story, with at least three letters."))
    hold = Hold(name=spellings[0][:150], variants=spellings[1:], reason=_reason(reason), set_at=now, set_by=by)
    live = live_with(hold, at=now)
    with transaction.atomic():
        hold.save()
        for article in _waiting_with(hold, at=now):
            schedule.park_unfit(article, by=by, why=held.sentence(hold), at=now)
        audit.record("held a name", hold, by=by, at=now)
        _tell_of(hold, live, at=now)
    return hold


@transaction.atomic
def lift(hold: Hold, *, informed_by: str, informed_at: datetime, note: str, by: User) -> Hold:
    """Lift a hold: next of kin are informed, by whom and when, and how we know. What was parked stays parked.

    Raises Refused, NoteWanted, NotHeld.
    """
    hold, now = Hold.objects.select_for_update().get(pk=hold.pk), timezone.now()
    roles.require(by, "lift", hold.article)
    if hold.lifted_at:
        raise NotHeld(_("%(who)s has lifted it already.") % {"who": hold.lifted_by})
    if not informed_by.strip() or not note.strip():
        raise NoteWanted(_("Write who informed the next of kin, and how we know."))
    if informed_at > now:
        raise NoteWanted(_("Next of kin must be informed before the hold is lifted. That time is still to come."))
    hold.informed_by, hold.informed_at, hold.lift_note = informed_by.strip()[:150], informed_at, note.strip()[:300]
    hold.lifted_at, hold.lifted_by = now, by
    hold.save(update_fields=["informed_by", "informed_at", "lift_note", "lifted_at", "lifted_by"])
    said = {"informed_by": hold.informed_by, "informed_at": informed_at.isoformat(), "note": hold.lift_note}
    audit.record("lifted the hold", hold.article or hold, by=by, at=now, hold=hold.pk, **said)
    return hold


# --- What others ask --------------------------------------------------------------------------------------------------


def live_with(hold: Hold, *, at: datetime) -> list[Publication]:
    """What readers see although it is held: only a withdrawal takes it away. The desk's search finds where to look."""
    public = Publication.objects.at(at).stories().select_related("article", "address").order_by("-dated_at")
    if hold.article_id:
        return list(public.filter(article=hold.article))
    spellings = (hold.name, *hold.variants)
    mentioned = (
        asking.fitting(asking.read(f'"{each}"'), key="article") | Q(body_html__icontains=each) for each in spellings
    )
    found = public.filter(reduce(or_, mentioned))
    return [each for each in found if held.has_name(f" {held.normal(' '.join(held.shown(each)))} ", hold)]


# --- How -------------------------------------------------------------------------------------------------------------


def _waiting_with(hold: Hold, *, at: datetime) -> list[Article]:
    waiting = Publication.objects.filter(parked_at=None, live_from__gt=at).select_related("article", "address")
    found = {}
    for each in waiting.iterator(chunk_size=200):
        said = " ".join((*held.texts(from_json(each.manuscript)), *held.shown(each)))
        if held.has_name(f" {held.normal(said)} ", hold):
            found[each.article_id] = each.article
    return list(found.values())


def _reason(reason: str) -> str:
    if not reason.strip():
        raise NoteWanted(_("Say why, in a few words: who asked for the hold, and when."))
    return reason.strip()[:300]


def _tell_of(hold: Hold, live: list[Publication], *, at: datetime) -> None:
    said = (
        _("A hold was set by %(who)s, and %(number)s live stories fall under it. Look whether to withdraw them.")
        if live
        else _("A hold was set by %(who)s.")
    )
    notices.tell(
        notices.holders("lift_hold"),
        said % {"who": hold.set_by, "number": len(live)},
        key=f"hold:{hold.pk}",
        kind="hold",
        at=at,
        article=hold.article,
    )
