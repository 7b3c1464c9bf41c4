"""The newsroom's clock: at each beat it calls the duties named in settings. No page waits for it."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

# More than this between the database's clock and ours, and stories appear at another second than people are told.
SKEW_ALLOWED = 2.0  # seconds

log = logging.getLogger(__name__)


def duties() -> dict[str, Callable[[datetime], None]]:
    """Return the duties by their dotted names; raises ``ImportError`` for one that does not exist."""
    return {name: import_string(name) for name in settings.CLOCK_DUTIES}


def beat(now: datetime) -> list[str]:
    """Do every duty once, as of ``now``, then leave the heartbeat; return the names of those that failed.

    One that fails is logged and does not keep the others from theirs: the next beat tries it again.
    """
    failed = [name for name, duty in duties().items() if not _done(name, duty, now)]
    _leave_heartbeat({"failed": failed, "skew": _skew()})
    return failed


def trouble() -> str:
    """What people should know of the clock: that it stands still, fails at a duty, or is wrong. Else empty."""
    if not is_beating():
        return _(
            "The clock stands still, or beats late. Stories still appear and vanish on time, but notices, mails and"
            " alarms wait. Somebody who looks after the machine must start “manage.py clock”."
        )
    left = _heartbeat()
    if left.get("failed"):
        names = ", ".join(name.rpartition(".")[2].replace("_", " ") for name in left["failed"])
        return _("The clock fails at a duty (%(names)s); it tries again at each beat. The log says why.") % {
            "names": names
        }
    if abs(left.get("skew", 0)) > SKEW_ALLOWED:
        return _("The database’s clock and this machine’s differ by %(seconds)s seconds. Set them right.") % {
            "seconds": round(left["skew"])
        }
    return ""


def _heartbeat() -> dict[str, Any]:
    """What the last beat left; nothing where it cannot be read, as while an older clock still runs."""
    try:
        left = json.loads(settings.CLOCK_HEARTBEAT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return left if isinstance(left, dict) else {}


def _leave_heartbeat(left: dict[str, Any]) -> None:
    """In one step: whoever reads it meanwhile finds the old one whole, or the new one."""
    # On this machine also where pictures lie elsewhere and nothing else has made the folder.
    settings.CLOCK_HEARTBEAT.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = settings.CLOCK_HEARTBEAT.with_suffix(".new")
    unfinished.write_text(json.dumps(left), encoding="utf-8")
    unfinished.chmod(0o600)
    unfinished.replace(settings.CLOCK_HEARTBEAT)


def _skew() -> float:
    """By how many seconds the database's clock is ahead of ours. SQLite has none of its own."""
    if connection.vendor != "postgresql":
        return 0.0
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            return float(cursor.fetchone()[0]) - datetime.now(UTC).timestamp()
    except DatabaseError:
        log.exception("The database could not be asked for the time.")
        return 0.0


def _done(name: str, duty: Callable[[datetime], None], now: datetime) -> bool:
    try:
        duty(now)
    except Exception:  # a duty is somebody else's code; the clock must go on
        log.exception("The clock's duty %s failed", name)
        return False
    return True


def is_beating() -> bool:
    """Whether the last heartbeat is younger than three beats and half a minute."""
    last = last_beat()
    limit = timedelta(seconds=3 * settings.CLOCK_SECONDS + 30)
    return last is not None and timezone.now() - last < limit


def last_beat() -> datetime | None:
    """When the clock last left its heartbeat on this machine; None where it never has."""
    try:
        return datetime.fromtimestamp(settings.CLOCK_HEARTBEAT.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
