"""The newsroom's clock: at each beat it calls the duties named in settings. No page waits for it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


def duties() -> dict[str, Callable[[datetime], None]]:
    """Return the duties by their dotted names; raises ``ImportError`` for one that does not exist."""
    return {name: import_string(name) for name in settings.CLOCK_DUTIES}


def beat(now: datetime) -> list[str]:
    """Do every duty once, as of ``now``, then leave the heartbeat; return the names of those that failed.

    One that fails is logged and does not keep the others from theirs: the next beat tries it again.
    """
    failed = [name for name, duty in duties().items() if not _done(name, duty, now)]
    settings.CLOCK_HEARTBEAT.touch(mode=0o600)
    return failed


def _done(name: str, duty: Callable[[datetime], None], now: datetime) -> bool:
    try:
        duty(now)
    except Exception:  # a duty is somebody else's code; the clock must go on
        log.exception("The clock's duty %s failed", name)
        return False
    return True


def is_beating() -> bool:
    """Whether the last heartbeat is younger than three beats and half a minute."""
    try:
        last = settings.CLOCK_HEARTBEAT.stat().st_mtime
    except FileNotFoundError:
        return False
    limit = timedelta(seconds=3 * settings.CLOCK_SECONDS + 30)
    return timezone.now().timestamp() - last < limit.total_seconds()
