"""What is public and no story. The only writer of editions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from articles.models import Edition, User

from . import stamps
from .questions import Question

PAGE = "page:"


@dataclass(frozen=True, slots=True)
class Standing:
    """What an edition says, and since when it is public."""

    content: dict[str, Any]
    live_from: datetime


def names(subject: str) -> set[str]:
    """The stamps that change with an edition of ``subject``."""
    return {subject, stamps.PAGES} if subject.startswith(PAGE) else {subject}


@Question
def _live(subject: str, at: datetime) -> QuerySet:
    return Edition.objects.at(at).filter(subject=subject).order_by("pk").values_list("content", "live_from")[:1]


def live(subject: str, at: datetime) -> Standing | None:
    """What readers see of ``subject`` at ``at``."""
    row = _live(subject, at).first()
    return Standing(*row) if row else None


@transaction.atomic
def put(subject: str, content: dict[str, Any], *, by: User, at: datetime) -> Edition:
    """Make ``content`` what readers see of ``subject`` from ``at`` on."""
    _end(subject, at)
    edition = Edition.objects.create(subject=subject, content=content, live_from=at, made_by=by)
    stamps.bump(names(subject))
    return edition


@transaction.atomic
def withdraw(subject: str, *, at: datetime) -> None:
    """Let ``subject`` be public no longer."""
    _end(subject, at)
    stamps.bump(names(subject))


def _end(subject: str, at: datetime) -> None:
    standing = Edition.objects.at(at).filter(subject=subject)
    standing.filter(live_from=at).delete()  # in this very moment: nobody has seen it
    standing.update(live_until=at)
