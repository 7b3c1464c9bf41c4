"""Files that have no row yet, or none any more: written down first, so that a process may die at any moment.

The only writer of LooseFile. What is not written down here is never deleted: after a database was put back from a
backup, originals that are newer than it are no litter.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Image, LooseFile, Rendition

from .passes import Refused

ORIGINALS, PUBLIC = "default", "public"
LEFT_ALONE = timedelta(hours=1)  # far longer than from the file to its row


def announce(name: str) -> str:
    """Write down that an original is about to be kept, and under which name: ``name``, or one like it that is free.

    Raises RuntimeError inside a transaction: this must stand whatever becomes of that.
    """
    storage = storages[ORIGINALS]
    free = storage.get_available_name(name)
    with transaction.atomic(durable=True):
        while not LooseFile.objects.get_or_create(half=ORIGINALS, name=free, defaults={"since": timezone.now()})[1]:
            stem, dot, extension = name.rpartition(".")
            free = storage.get_alternative_name(stem, dot + extension)
    return free


def tie_up(name: str) -> None:
    """In the transaction that writes its row: this original is loose no more. Raises Refused where it was swept."""
    if not LooseFile.objects.filter(half=ORIGINALS, name=name).delete()[0]:
        raise Refused(_("The file took too long to arrive. Send it again."))


def let_go(half: str, names: Iterable[str]) -> None:
    """In the transaction that deletes their rows: these files are to go, now and if need be by the clock."""
    loose = [LooseFile(half=half, name=name, since=timezone.now()) for name in names]
    LooseFile.objects.bulk_create(loose, ignore_conflicts=True)
    for file in loose:
        transaction.on_commit(partial(remove, half, file.name), robust=True)


def remove(half: str, name: str) -> None:
    """Delete the file and forget it. Raises OSError, and then the clock tries again."""
    storages[half].delete(name)
    LooseFile.objects.filter(half=half, name=name).delete()


def sweep(now: datetime) -> None:
    """The clock's duty: delete what processes that died have left, and keep what has its row after all."""
    for loose in LooseFile.objects.filter(since__lt=now - LEFT_ALONE).order_by("since"):
        _settle(loose)


@transaction.atomic
def _settle(seen: LooseFile) -> None:
    """Behind the row's lock: whoever is about to tie it up waits, and then is refused."""
    loose = LooseFile.objects.select_for_update().filter(pk=seen.pk).first()
    if loose is None:
        return
    if not _has_a_row(loose):
        storages[loose.half].delete(loose.name)
    loose.delete()


def _has_a_row(loose: LooseFile) -> bool:
    if loose.half == ORIGINALS:
        return Image.objects.filter(file=loose.name).exists()
    return Rendition.objects.filter(name=loose.name).exists()
