"""Pictures that must not be shown. The only writer of takedowns, and what readers' code asks of them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from articles.models import FAR_FUTURE, Image, Takedown, User

from . import stamps
from .days import midnight


@transaction.atomic
def begin(image: Image, *, fallback: Image | None, why: str, by: User, at: datetime) -> Takedown:
    """From now on the picture's files answer to nobody."""
    stamps.bump({f"picture:{image.uid}"})
    return Takedown.objects.create(image=image, fallback=fallback, why=why[:300], made_at=at, made_by=by, live_from=at)


@transaction.atomic
def end(takedown: Takedown, *, by: User, at: datetime) -> None:
    """The picture may be shown again, where somebody puts it."""
    stamps.bump({f"picture:{takedown.image.uid}"})
    Takedown.objects.filter(pk=takedown.pk).update(live_until=at, ended_by=by)


def standing(at: datetime) -> QuerySet[Takedown]:
    """Those that somebody made, and nobody has ended."""
    return Takedown.objects.at(at).filter(kind=Takedown.Kind.TAKEN)


@transaction.atomic
def follow_rights(image: Image, *, by: User, at: datetime) -> None:
    """Let the intervals in which we have no rights to ``image`` be as its dates now say; what is past stays.

    So its files vanish and come at that second, whether or not anything of ours runs then.
    """
    stamps.bump({f"picture:{image.uid}"})
    without = Takedown.objects.filter(image=image, kind=Takedown.Kind.RIGHTS)
    without.filter(live_from__gte=at).delete()
    without.filter(live_from__lt=at, live_until__gt=at).update(live_until=at, ended_by=by)
    fallback = Image.objects.filter(uid=image.fallback).first() if image.fallback else None
    for starts, ends in _without_rights(image, at):
        Takedown.objects.create(
            image=image,
            kind=Takedown.Kind.RIGHTS,
            live_from=starts,
            live_until=ends,
            fallback=fallback,
            why="The dates of its rights.",
            made_at=at,
            made_by=by,
        )


def _without_rights(image: Image, at: datetime) -> list[tuple[datetime, datetime]]:
    """The intervals from ``at`` on outside of the days from and until which it may be used, in the outlet's zone."""
    begins = midnight(image.rights_from) if image.rights_from else at
    ends = midnight(image.rights_until + timedelta(days=1)) if image.rights_until else FAR_FUTURE
    outside = [(at, min(begins, FAR_FUTURE)), (max(ends, begins, at), FAR_FUTURE)]
    return [(starts, until) for starts, until in outside if starts < until]
