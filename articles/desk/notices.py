"""Telling people what they must act on, once, on their desk and by mail. The only writer of notices."""

from collections.abc import Iterable
from datetime import datetime

from articles.models import Article, Notice, User


def holders(permission: str) -> list[User]:
    """The active accounts whose roles hold ``permission``."""
    held = User.objects.filter(is_active=True, groups__permissions__codename=permission)
    return list(held.distinct().order_by("pk"))


def tell(
    people: Iterable[User], sentence: str, *, key: str, kind: str, at: datetime, article: Article | None = None, path=""
) -> None:
    """Tell each of ``people``, in the transaction of what happened; ``key`` names that, so nobody is told twice."""
    told = [
        Notice(user=person, key=key, kind=kind, article=article, sentence=sentence[:500], path=path, made_at=at)
        for person in people
        if person.is_active
    ]
    Notice.objects.bulk_create(told, ignore_conflicts=True)
