"""Embargoes: set and raised by one person, lowered by two, and who opened what they cover."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Article, EmbargoRelease, Opening, User

from . import drafts, notices, roles, schedule
from .moves import NoteWanted
from .times import with_zone


class TakesTwo(Exception):
    """An embargo ends earlier only when a second person agrees."""


class NotAsked(Exception):
    """Nobody asks for this any more: it was answered, or the embargo has changed since."""


def is_under(article: Article, *, at: datetime) -> bool:
    """May nobody outside know of the story at ``at``?"""
    return article.embargo_until is not None and article.embargo_until > at


@transaction.atomic
def set_until(article: Article, until: datetime, *, source: str, by: User) -> Article:
    """Put the story under embargo until then, or raise the one it has. What would appear before is delayed.

    Raises Refused, NoTime for a time that is over, and TakesTwo for an earlier end.
    """
    article, now = drafts.locked(article), timezone.now()
    roles.require(by, "embargo", article)
    if until <= now:
        raise schedule.NoTime(_("%(time)s is over. An embargo ends in a time to come.") % {"time": with_zone(until)})
    if article.embargo_until and article.embargo_until > max(until, now):
        raise TakesTwo(
            _("The story is under embargo until %(time)s. Ask for an earlier end: a second person must agree.")
            % {"time": with_zone(article.embargo_until)}
        )
    _set(article, until, source.strip() or article.embargo_source)
    why = _("The story is under embargo until %(time)s.") % {"time": with_zone(until)}
    schedule.delay(article, to=until, by=by, why=why, at=now)
    audit.record("embargoed", article, by=by, at=now, until=until.isoformat(), source=article.embargo_source)
    return article


@transaction.atomic
def ask_release(article: Article, until: datetime | None, *, why: str, by: User) -> EmbargoRelease:
    """Ask that the embargo end at ``until``, or at once. Raises Refused, NoteWanted, NotAsked where there is none."""
    article, now = drafts.locked(article), timezone.now()
    roles.require(by, "embargo", article)
    if not why.strip():
        raise NoteWanted(_("Say why the embargo can end earlier, and who said so."))
    ends = article.embargo_until
    if ends is None or ends <= now or (until and until >= ends):
        raise NotAsked(_("The story is under no embargo that would end later than that."))
    release, is_new = EmbargoRelease.objects.get_or_create(
        article=article,
        answered_at=None,
        defaults={
            "was_until": ends,
            "until": until,
            "why": why.strip()[:300],
            "asked_at": now,
            "asked_by": by,
        },
    )
    if not is_new:
        raise NotAsked(_("%(who)s has asked for that already.") % {"who": release.asked_by})
    notices.tell(
        [person for person in notices.holders("release_embargo") if person != by],
        _("%(who)s asks that an embargo end earlier. A second person must agree.") % {"who": by},
        key=f"release:{release.pk}",
        kind="embargo",
        at=now,
        article=article,
    )
    audit.record("asked to lower the embargo", article, by=by, at=now, until=until and until.isoformat(), note=why)
    return release


@transaction.atomic
def answer_release(release: EmbargoRelease, *, is_granted: bool, by: User) -> Article:
    """Agree that the embargo ends earlier, or not. Raises Refused, TakesTwo for the one who asked, NotAsked."""
    article, now = drafts.locked(release.article), timezone.now()
    release.refresh_from_db()
    roles.require(by, "release", article)
    if release.answered_at or (is_granted and release.was_until != article.embargo_until):
        raise NotAsked(_("It was answered already, or the embargo has changed since. Look at the story again."))
    if by.pk == release.asked_by_id:
        raise TakesTwo(_("You asked for it yourself, so somebody else must agree: %(who)s.") % {"who": _others()})
    EmbargoRelease.objects.filter(pk=release.pk).update(answered_at=now, answered_by=by, is_granted=is_granted)
    if is_granted:
        _set(article, release.until, article.embargo_source)
    verb = "lowered the embargo" if is_granted else "kept the embargo"
    audit.record(verb, article, by=by, at=now, asked_by=str(release.asked_by), note=release.why)
    notices.tell(
        [release.asked_by],
        _("%(who)s agreed to your request about an embargo.") % {"who": by}
        if is_granted
        else _("%(who)s did not agree to your request about an embargo.") % {"who": by},
        key=f"release:{release.pk}:answer",
        kind="embargo",
        at=now,
        article=article,
    )
    return article


def opened(article: Article, *, by: User, at: datetime) -> None:
    """Write down that ``by`` has the story before them, while it is under embargo. Once a day in the record."""
    if not is_under(article, at=at):
        return
    with transaction.atomic():
        row, is_new = Opening.objects.get_or_create(
            article=article, user=by, on=timezone.localdate(at), defaults={"first_at": at, "last_at": at}
        )
        if is_new:
            audit.record("opened under embargo", article, by=by, at=at)
        else:
            Opening.objects.filter(pk=row.pk).update(last_at=at)


def _set(article: Article, until: datetime | None, source: str) -> None:
    article.embargo_until, article.embargo_source = until, source[:150] if until else ""
    Article.objects.filter(pk=article.pk).update(
        embargo_until=article.embargo_until, embargo_source=article.embargo_source
    )


def _others() -> str:
    return roles.who_can("release_embargo")
