"""Pictures that must not be shown. The only writer of takedowns, and what readers' code asks of them."""

from datetime import datetime

from django.db.models import QuerySet

from articles.models import Image, Takedown, User


def begin(image: Image, *, fallback: Image | None, why: str, by: User, at: datetime) -> Takedown:
    """From now on the picture's files answer to nobody."""
    return Takedown.objects.create(image=image, fallback=fallback, why=why[:300], made_at=at, made_by=by, live_from=at)


def end(takedown: Takedown, *, by: User, at: datetime) -> None:
    """The picture may be shown again, where somebody puts it."""
    Takedown.objects.filter(pk=takedown.pk).update(live_until=at, ended_by=by)


def standing(at: datetime) -> QuerySet[Takedown]:
    return Takedown.objects.at(at)
