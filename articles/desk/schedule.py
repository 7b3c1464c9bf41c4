"""Stories that wait for their time. Nothing has to run for one to appear: its interval says when readers see it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.live import store
from articles.manuscript import from_json
from articles.models import Article, Correction, Publication, Revision, User

from . import checks, drafts, notices, publishing, roles
from .moves import NotPossible
from .publishing import Blocked, Overtaken
from .times import with_zone

FARTHEST = timedelta(days=2 * 366)


class NoTime(ValueError):
    """A story cannot begin to be public at that moment; the message says why."""


def schedule(
    revision: Revision,
    *,
    to: datetime,
    by: User,
    over: int | None = None,
    change: str = "",
    note: str = "",
    place: str = Correction.Place.TOP,
) -> Publication:
    """Make ``revision`` what readers see from ``to`` on. Until then they see what they see now.

    As for ``publishing.publish``; what must be right by then is checked as of ``to``. Raises NoTime besides.
    """
    _refuse_unfit_time(to)
    return publishing.publish(revision, by=by, over=over, change=change, note=note, place=place, starts=to)


@transaction.atomic
def reschedule(publication: Publication, *, to: datetime, by: User, why: str = "") -> Publication:
    """Let a version that waits begin at ``to`` instead. Its words stay. Raises Refused, Overtaken, NoTime, Blocked."""
    article = drafts.locked(publication.article)
    roles.require(by, "publish", article)
    now = timezone.now()
    publication = _still_waiting(publication, now)
    _refuse_unfit_time(to)
    if to == publication.live_from:
        return publication
    _refuse_unfit_words(article, publication, to)
    moved = _moved(publication, to=to, by=by, at=now, why=why)
    audit.record(
        "rescheduled",
        article,
        by=by,
        at=now,
        publication=moved.number,
        before=publication.live_from.isoformat(),
        to=to.isoformat(),
        note=why,
    )
    return moved


@transaction.atomic
def unschedule(publication: Publication, *, by: User, why: str = "") -> None:
    """Take a version that waits out of the time table. Raises Refused, Overtaken."""
    article = drafts.locked(publication.article)
    roles.require(by, "publish", article)
    now = timezone.now()
    publication = _still_waiting(publication, now)
    store.park(publication, by=by, at=now, why=why.strip() or _("Taken out of the schedule."))
    audit.record("unscheduled", article, by=by, at=now, publication=publication.number, note=why.strip())


def park_unfit(article: Article, *, by: User, why: str, at: datetime) -> list[Publication]:
    """Park all that waits of ``article``, which something has just made unfit; those who publish are told.

    Called by the verbs that make it unfit, in their transaction.
    """
    waiting = list(store.waiting(article, at=at))
    for publication in reversed(waiting):
        store.park(publication, by=by, at=at, why=why)
        _tell(article, publication, why, at=at)
        audit.record("parked", article, by=by, at=at, publication=publication.number, why=why)
    return waiting


def delay(article: Article, *, to: datetime, by: User, why: str, at: datetime) -> list[Publication]:
    """Let what waits of ``article`` and would begin before ``to`` begin at ``to``; of two, the later one does.

    Called by the verbs that move an embargo, in their transaction.
    """
    early = list(store.waiting(article, at=at).filter(live_from__lt=to))
    for publication in early[:-1]:
        store.park(publication, by=by, at=at, why=why)
    if not early:
        return []
    if store.waiting(article, at=at).filter(live_from=to).exists():
        store.park(early[-1], by=by, at=at, why=why)
        return early
    moved = store.move(early[-1], to=to, by=by, at=at, why=_moved_to(to, why))
    _tell(article, moved, _("It now begins at %(time)s. %(why)s") % {"time": with_zone(to), "why": why}, at=at)
    audit.record("delayed", article, by=by, at=at, publication=moved.number, to=to.isoformat(), why=why)
    return early


def _moved(publication: Publication, *, to: datetime, by: User, at: datetime, why: str) -> Publication:
    others = store.waiting(publication.article, at=at).exclude(pk=publication.pk)
    if others.filter(live_from=to).exists():
        raise NoTime(_("Another version of the story begins at that very moment. Choose another time."))
    return store.move(publication, to=to, by=by, at=at, why=_moved_to(to, why))


def _moved_to(to: datetime, why: str) -> str:
    return " ".join(filter(None, [_("Moved to %(time)s.") % {"time": with_zone(to)}, why.strip()]))


def _still_waiting(publication: Publication, now: datetime) -> Publication:
    publication.refresh_from_db()
    if publication.parked_at or publication.live_from <= now:
        raise Overtaken(
            _("It does not wait any more: somebody changed the schedule, or its time has come. Look again.")
        )
    return publication


def _refuse_unfit_words(article: Article, publication: Publication, to: datetime) -> None:
    if article.state == Article.State.SPIKED:
        raise NotPossible(_("The story lies on the spike."))
    errors = [finding for finding in checks.run(article, from_json(publication.manuscript), at=to) if finding.stops]
    if errors:
        raise Blocked(errors)


def _refuse_unfit_time(to: datetime) -> None:
    now = timezone.now()
    if to <= now:
        raise NoTime(_("%(time)s is over. Choose a time to come, or publish at once.") % {"time": with_zone(to)})
    if to > now + FARTHEST:
        raise NoTime(_("That is more than two years from now. Choose a nearer day."))


def _tell(article: Article, publication: Publication, why: str, *, at: datetime) -> None:
    notices.tell(
        notices.holders("publish_article"),
        _("A scheduled version of a story needs you: %(why)s") % {"why": why},
        key=f"parked:{publication.pk}:{at.isoformat()}",
        kind="schedule",
        at=at,
        article=article,
    )
