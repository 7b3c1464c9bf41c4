"""Pictures whose rights end: told days before, told again when it has happened, and which stories it touches.

Nothing waits for this duty: at that second the picture is gone from every story (see live.takedowns.follow_rights).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Image, Notice, Publication

from . import notices, takedowns

MOST = 200
LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Ending:
    """A picture whose rights end or have ended, and the versions in which readers meet it from that moment on."""

    image: Image
    fallback: Image | None
    has_ended: bool
    publications: list[Publication]


def listed(at: datetime) -> list[Ending]:
    """What ends within the days of RIGHTS_WARNING_DAYS or has ended in the last thirty, the next end first."""
    today = timezone.localdate(at)
    until = today + timedelta(days=settings.RIGHTS_WARNING_DAYS)
    rows = Image.objects.filter(rights_until__gte=today - LOOKS_BACK, rights_until__lte=until)
    images = list(rows.order_by("rights_until", "pk")[:MOST])
    fallbacks = {other.uid: other for other in Image.objects.filter(uid__in={i.fallback for i in images if i.fallback})}
    return [
        Ending(
            image,
            fallbacks.get(image.fallback) if image.fallback else None,
            _has_ended(image, today),
            takedowns.reach(image, at=at).publications,
        )
        for image in images
    ]


def warn(now: datetime) -> None:
    """A duty of the clock: tell those who keep pictures of each that ends soon or has ended, where readers meet it."""
    today = timezone.localdate(now)
    soon = today + timedelta(days=settings.RIGHTS_WARNING_DAYS)
    for image in Image.objects.filter(rights_until__gte=today - timedelta(days=2), rights_until__lte=soon):
        _tell(image, today, now)


@transaction.atomic
def _tell(image: Image, today: date, now: datetime) -> None:
    ended = _has_ended(image, today)
    key = f"rights-{'ended' if ended else 'end'}:{image.pk}:{image.rights_until}"
    if Notice.objects.filter(key=key).exists():
        return
    touched = len(takedowns.reach(image, at=now).publications)
    if not touched:
        return
    said = {"name": image, "day": date_format(image.rights_until or today, "j F Y"), "number": touched}
    if ended:
        sentence = _("The rights to “%(name)s” ended on %(day)s. Published versions that had it: %(number)s.") % said
    else:
        sentence = _("The rights to “%(name)s” end on %(day)s. Published versions that show it: %(number)s.") % said
    page = reverse("admin:articles_image_rights")
    notices.tell(notices.holders("delete_image"), sentence, key=key, kind="rights", at=now, path=page)


def _has_ended(image: Image, today: date) -> bool:
    return image.rights_until is not None and image.rights_until < today
