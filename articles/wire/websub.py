"""Tells a WebSub hub (W3C Recommendation, 2018) which feeds have changed, so that subscribers need not ask again.

A feed changes when a publication begins or ends, whether somebody pressed a button then or it was scheduled; so this
is a duty of the clock, which looks at what began and ended since it last told the hub.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles.models import Bookmark, Publication

FORMS = ("feed.xml", "atom.xml", "feed.json")
BOOKMARK = "feeds told to the hub"
TIMEOUT = 10  # seconds
LATE = timedelta(minutes=10)
MOST = 500  # publications told at one beat; after a long rest subscribers ask by themselves

log = logging.getLogger(__name__)


def tell(now: datetime) -> None:
    """A duty of the clock. A hub that cannot be reached is told at the next beat; nothing is lost meanwhile."""
    if not settings.WEBSUB_HUB:
        return
    mark, made = Bookmark.objects.get_or_create(name=BOOKMARK, defaults={"number": _number(now)})
    feeds = set() if made else changed(_moment(mark.number), now)
    if feeds and not _told(feeds):
        return
    Bookmark.objects.filter(pk=BOOKMARK).update(number=_number(now))


def part(now: datetime) -> dict[str, Any]:
    """For the status: whether the hub has been told of all that readers see."""
    said: dict[str, Any] = {"title": _("Hub for feeds"), "says": _("None is told of changed feeds.")}
    if not settings.WEBSUB_HUB:
        return said
    mark = Bookmark.objects.filter(name=BOOKMARK).first()
    behind = (now - _moment(mark.number)).total_seconds() if mark else 0.0
    said |= {"says": _("It was last told of everything %(seconds)d seconds ago.") % {"seconds": behind}}
    if timedelta(seconds=behind) > LATE:
        said["do"] = _(
            "It cannot be reached, or the clock stands still; the clock’s log says which. Look at WEBSUB_HUB."
        )
    return said | {"numbers": {"hub_behind_seconds": behind}}


def changed(since: datetime, until: datetime) -> set[str]:
    """The addresses of all feeds in which something began or ended in (since, until]."""
    began = Q(live_from__gt=since, live_from__lte=until)
    ended = Q(live_until__gt=since, live_until__lte=until)
    rows = Publication.objects.filter(began | ended, parked_at=None).select_related("section__parent")[:MOST]
    paths = {path for publication in rows for path in _lists(publication)}
    return {f"{settings.SITE_URL}{path}{form}" for path in paths for form in FORMS}


def _lists(publication: Publication) -> set[str]:
    return {
        "/",
        *(f"/{section.slug}/" for section in publication.section.lineage()),
        *(f"/topic/{topic['slug']}/" for topic in publication.topics),
        *(f"/author/{line['slug']}/" for line in publication.bylines if line["slug"]),
        *({"/corrections/"} if publication.change in ("correction", "clarification", "apology", "withdrawal") else ()),
    }


def _told(feeds: set[str]) -> bool:
    sent = urlencode([("hub.mode", "publish"), *(("hub.url", address) for address in sorted(feeds))])
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    tell = import_string(settings.TELL_OUTSIDE)
    try:
        tell(settings.WEBSUB_HUB, method="POST", body=sent.encode(), headers=form, seconds=TIMEOUT)
    except OSError as fault:
        log.warning("The WebSub hub was not told of %d feeds: %s", len(feeds), fault)
        return False
    return True


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _number(at: datetime) -> int:
    """The moment in microseconds, as a bookmark keeps it."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)
