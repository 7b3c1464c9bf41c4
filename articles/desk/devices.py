"""Browsers in which somebody has come in before; this module alone writes them.

A known one has tries of its own at the door, so that nobody who guesses passwords elsewhere locks it out, and its owner
hears of each that is new.

The browser holds a random word in a cookie, the table its digest: whoever has the one cannot make the other.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from articles.models import Device, User

FORGOTTEN_AFTER = timedelta(days=400)


def new_word() -> str:
    return secrets.token_urlsafe(32)


def known(username: str, word: str) -> Device | None:
    """The device of that account which holds ``word``."""
    if not word:
        return None
    return Device.objects.filter(user__username=username, digest=_digest(word)).first()


@transaction.atomic
def met(user: User, word: str, *, at: datetime) -> bool:
    """``user`` has come in from the browser that holds ``word``; whether that is a new one."""
    facts = {"seen_at": at, "misses": 0, "wait_until": None}
    _device, is_new = Device.objects.update_or_create(
        user=user, digest=_digest(word), defaults=facts, create_defaults=facts | {"made_at": at}
    )
    return is_new


def missed(device: Device, *, at: datetime) -> bool:
    """A wrong password was tried from ``device``; whether it must wait now."""
    Device.objects.filter(pk=device.pk).update(misses=F("misses") + 1)
    device.refresh_from_db(fields=["misses"])
    if device.misses < settings.AXES_FAILURE_LIMIT:
        return False
    Device.objects.filter(pk=device.pk).update(misses=0, wait_until=at + settings.AXES_COOLOFF_TIME)
    return True


def forget_old(now: datetime) -> None:
    """A duty of the clock: what nobody has come in from for more than a year is no longer known."""
    Device.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
