"""Who is in a story, who typed last, and taking over. The only writer of Presence; a row that is silent says nothing.

Nobody is locked out by it: several may write at once, and drafts.write puts their words together. Taking over is how a
person says “leave this to me”: the colleague's tab may read on, and what it still sends is kept beside the story.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles import audit
from articles.models import Article, Presence, User

from . import drafts, roles

KEPT = timedelta(hours=1)  # a row that old is only dust


@transaction.atomic
def beat(article: Article, *, by: User, tab: str, typed: bool = False) -> Presence:
    """``by`` has the story open in ``tab``, and ``typed`` since the last beat. Raises Refused."""
    roles.require(by, "read")
    now = timezone.now()
    renewed = ["seen_at", "typed_at"] if typed else ["seen_at"]
    Presence.objects.bulk_create(
        [Presence(article=article, user=by, tab=tab, opened_at=now, seen_at=now, typed_at=now if typed else None)],
        update_conflicts=True,
        unique_fields=["article", "user", "tab"],
        update_fields=renewed,
    )
    return Presence.objects.select_related("ended_by").get(article=article, user=by, tab=tab)


def others(article: Article, *, by: User, tab: str) -> QuerySet[Presence]:
    """Everybody else who is in the story now, who typed last first; another tab of ``by`` is somebody else too."""
    now = timezone.now()
    here = Presence.objects.here(now).filter(article=article)
    return here.exclude(user=by, tab=tab).select_related("user").order_by("-typed_at", "opened_at")


@transaction.atomic
def take_over(article: Article, *, by: User, tab: str) -> list[Presence]:
    """From now on ``tab`` writes alone: whoever else is in the story reads on. Their spell is sealed; who they were.

    Raises Refused, NotNow.
    """
    article = drafts.locked(article)
    roles.require(by, "write", article)
    drafts.refuse_out_of_turn(article, by)
    ended = list(others(article, by=by, tab=tab))
    now = timezone.now()
    Presence.objects.filter(pk__in=[row.pk for row in ended]).update(ended_by=by, ended_at=now)
    Presence.objects.filter(article=article, user=by, tab=tab).update(ended_by=None, ended_at=None)
    drafts.sealed(article, by=by, why="taken over")
    if ended:
        audit.record("took over", article, by=by, at=now, note=", ".join(sorted({str(row.user) for row in ended})))
    return ended


def is_over(presence: Presence) -> bool:
    """Did a colleague who is still there take over from this tab?"""
    return Presence.objects.taken_over(timezone.now()).filter(pk=presence.pk).exists()


def come_back(article: Article, *, by: User, tab: str) -> None:
    """The tab that was taken over writes again, beside whoever took over. Raises Refused."""
    roles.require(by, "write", article)
    Presence.objects.filter(article=article, user=by, tab=tab).update(ended_by=None, ended_at=None)


def leave(article: Article, *, by: User, tab: str) -> None:
    """The tab was closed."""
    Presence.objects.filter(article=article, user=by, tab=tab).delete()


def forget(now: datetime) -> int:
    """Drop the rows of those who left long ago; how many that were. A duty of the clock."""
    dropped, _by_kind = Presence.objects.filter(seen_at__lte=now - KEPT).delete()
    return dropped
