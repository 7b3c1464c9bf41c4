"""Raises the numbers beside what readers see, in the changing transaction. Read the stamps first, then the content."""

from collections.abc import Iterable

from django.db.models import F

from articles.models import Stamp

SITE = "site"  # raised by every change that readers can see; the one number a page cache must ask


def bump(names: Iterable[str] = ()) -> None:
    """Raise SITE and each of ``names`` by one, in name order, so that two writers never wait for each other."""
    wanted = sorted({SITE, *names})
    Stamp.objects.bulk_create([Stamp(name=name) for name in wanted], ignore_conflicts=True)
    for name in wanted:
        Stamp.objects.filter(name=name).update(value=F("value") + 1)
