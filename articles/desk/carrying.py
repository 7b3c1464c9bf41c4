"""What waits for its time was written over what was live then. A change of the live version is carried into it.

Or the corrected mistake would come back by itself. Where the two cannot be put together, what waits is parked, and a
person decides.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from articles import audit
from articles.live import snapshot, store
from articles.manuscript import from_json
from articles.models import Publication, User

from . import checks, merging, notices, revisions


def carry(corrected: Publication, *, by: User, at: datetime) -> None:
    """Put the change that ``corrected`` made into each version of its story that waits. Within its transaction."""
    before = corrected
    for waiting in list(store.waiting(corrected.article, at=at)):
        carried = _carried(waiting, before, by=by, at=at)
        if carried is None:
            return
        before = carried


def _carried(waiting: Publication, before: Publication, *, by: User, at: datetime) -> Publication | None:
    """What waits instead of ``waiting``; None where it was parked."""
    article, base = waiting.article, from_json(waiting.base.manuscript) if waiting.base else None
    if base is None or not before.manuscript:
        return waiting
    theirs, mine = from_json(before.manuscript), from_json(waiting.manuscript)
    merge = merging.merge(base, mine, theirs)
    if merge.clashes:
        _park(waiting, _("A change of the live version does not go together with it."), by=by, at=at)
        return None
    if merge.plain == mine:
        return waiting
    findings = [f for f in checks.run(article, merge.plain, at=waiting.live_from) if f.stops]
    if findings:
        _park(waiting, findings[0].sentence, by=by, at=at)
        return None
    store.park(waiting, by=by, at=at, why=_("A change of the live version was carried into it."))
    note = _("A change of the live version, carried into the scheduled one.")
    revision = revisions.carried(article, merge.plain, ancestor=mine, by=by, note=note)
    instead = store.put(
        revision,
        snapshot.compose(merge.plain),
        address=waiting.address,
        by=by,
        at=at,
        change=waiting.change,
        note=waiting.note,
        starts=waiting.live_from,
    )
    audit.record("carried over", article, by=by, at=at, publication=instead.number, instead_of=waiting.number)
    return instead


def _park(waiting: Publication, why: str, *, by: User, at: datetime) -> None:
    store.park(waiting, by=by, at=at, why=why)
    store.flag(waiting, at=at, why=why)
    said = _("The scheduled version of a story will not appear by itself: %(why)s Write it anew and schedule it.")
    notices.tell(
        notices.holders("publish_article"),
        said % {"why": why},
        key=f"parked:{waiting.pk}",
        kind="schedule",
        at=at,
        article=waiting.article,
    )
    audit.record("parked", waiting.article, by=by, at=at, publication=waiting.number, why=why)
