"""Is what readers are to see still what was composed? What is not is an alarm until it is put right.

Readers' pages look for themselves, at each page: this duty is for people, who should hear of it before a reader does.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.live import composed
from articles.models import Publication

from . import alarms
from .times import with_zone

# What has begun lately is looked at in each beat, what will begin soon too, and of all the rest a part: each in a day.
LATELY, SOON = timedelta(hours=2), timedelta(days=1)
PARTS = 4320

_ALARM = "spoilt:"


def look(now: datetime) -> None:
    """A duty of the clock: raise an alarm for each publication that is spoilt, clear those that are whole again."""
    awake = Publication.objects.filter(parked_at=None)
    near = awake.filter(live_from__gt=now - LATELY, live_from__lt=now + SOON)
    keys = {*near.values_list("pk", flat=True), *_part(now), *_known()}
    for publication in awake.filter(pk__in=keys).select_related("article", "address").iterator():
        _judge(publication, now)


def _part(now: datetime) -> list[int]:
    """The keys of those among all public ones whose turn it is."""
    newest = Publication.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    turn = int(now.timestamp() // 20) % PARTS
    size = -(-newest // PARTS)
    part = range(turn * size + 1, (turn + 1) * size + 1)
    return list(Publication.objects.at(now).filter(pk__in=part).values_list("pk", flat=True))


def _known() -> list[int]:
    return [int(a.key.removeprefix(_ALARM)) for a in alarms.standing() if a.key.startswith(_ALARM)]


@transaction.atomic
def _judge(publication: Publication, now: datetime) -> None:
    """Each in a transaction of its own: one that cannot even be read keeps no other from being looked at."""
    key = f"{_ALARM}{publication.pk}"
    if publication.composed_digest == composed.of(publication):
        alarms.clear(key, at=now)
        return
    said = _(
        "What is stored of “%(story)s” (%(path)s, from %(time)s) is not what was composed, so readers are not shown it."
        " Publish it again from the desk, or have it put back from a backup."
    ) % {"story": publication.article, "path": publication.address.path, "time": with_zone(publication.live_from)}
    page = reverse("admin:articles_article_change", args=[publication.article_id])
    alarms.raise_alarm(key, said, at=now, path=page)
