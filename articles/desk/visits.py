"""The sessions of people who have come in, as their owners see them; and how they end. It alone writes visits.

What lets somebody in is Django's own session; a visit says whose it is and where it runs. Ending one deletes both.
"""

import time
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from articles import audit
from articles.models import User, Visit

SEEN_EVERY = timedelta(minutes=5)

# When this process last wrote down that a session was seen, by its key, on the process's own clock.
_written: dict[str, float] = {}
_MOST_WRITTEN = 1000


def began(user: User, session_key: str, *, how: str, address: str, browser: str, at: datetime) -> None:
    """``user`` has come in."""
    facts = {"user": user, "how": how, "address": address[:45], "browser": browser[:300], "began_at": at, "seen_at": at}
    Visit.objects.update_or_create(session_key=session_key, defaults=facts)


def seen(session_key: str, *, at: datetime) -> None:
    """Something was sent from that session; written down every few minutes only."""
    now = time.monotonic()
    if now - _written.get(session_key, -SEEN_EVERY.total_seconds()) < SEEN_EVERY.total_seconds():
        return
    if len(_written) >= _MOST_WRITTEN:
        _written.clear()
    _written[session_key] = now
    Visit.objects.filter(session_key=session_key).update(seen_at=at)


def moved(old_key: str | None, new_key: str | None) -> None:
    """The session goes on under another key, as Django does after a new password."""
    if old_key and new_key and old_key != new_key:
        Visit.objects.filter(session_key=old_key).update(session_key=new_key)


def of(user: User, *, at: datetime) -> list[Visit]:
    """The sessions of ``user`` that run, the one that did something last first."""
    running = Session.objects.filter(expire_date__gt=at).values("session_key")
    return list(Visit.objects.filter(user=user, session_key__in=running))


@transaction.atomic
def end(visit: Visit, *, by: User, at: datetime) -> None:
    """That session is over, from its next request on."""
    _end([visit.session_key])
    audit.record("ended a session of", visit.user, by=by, at=at)


def end_all(user: User, *, but: str | None = "") -> None:
    """All sessions of ``user`` are over but the one of the key ``but``. Whoever calls it says why in the record."""
    _end(list(Visit.objects.filter(user=user).exclude(session_key=but or "").values_list("session_key", flat=True)))


def outdate(user: User) -> None:
    """What was opened as ``user`` before counts no more, wherever it is kept; of two at once none is lost."""
    User.objects.filter(pk=user.pk).update(session_turn=F("session_turn") + 1)
    user.refresh_from_db(fields=["session_turn"])


def left(session_key: str | None) -> None:
    """Somebody logged out."""
    Visit.objects.filter(session_key=session_key or "").delete()


def sweep(now: datetime) -> None:
    """A duty of the clock: sessions that ran out, and what was known of where they were."""
    Session.objects.filter(expire_date__lte=now).delete()
    Visit.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


def _end(keys: list[str]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    Visit.objects.filter(session_key__in=keys).delete()
