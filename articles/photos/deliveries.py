"""Files that come in pieces: each is kept as it comes, so that after a break only what is missing has to come.

The browser names a file by its content: the SHA-256 of the SHA-256 of each of its pieces, one after the other. So it
is found again from another page or another day's attempt, and what has come is known to be what was sent.
"""

import contextlib
import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Delivery, Image, User
from articles.models.image import private_storage

from . import hatch, passes, zips
from .passes import Refused

MOST_IN_A_PIECE = 8 * 1024**2  # bytes
MOST_OPEN = 500  # files of one person that are not all here
KEPT = timedelta(days=1)  # after the last piece


def of(key: str, *, name: str, size: int, by: User) -> Delivery:
    """The delivery of this person's file that is named ``key`` by its content; a new one where it is not known.

    ``size`` in bytes. Raises Refused for a file that could not be taken, before anything of it is sent.
    """
    passes.require(by, "add_image", _("add pictures"))
    if known := Delivery.objects.filter(account=by, key=key).first():
        return known
    if size > zips.MOST_BYTES:
        raise Refused(str(hatch.Refused("bytes", name=name, most=zips.MOST_BYTES // 1024**2)))
    if Delivery.objects.filter(account=by, pictures=[]).count() >= MOST_OPEN:
        raise Refused(
            _("%(most)s files of yours are on their way already. Let some arrive first.") % {"most": MOST_OPEN}
        )
    new = {"name": name, "byte_size": size, "heard_at": timezone.now()}
    return Delivery.objects.get_or_create(account=by, key=key, defaults=new)[0]


def add(delivery: Delivery, piece: File, *, at: int) -> None:
    """Keep the piece that begins ``at`` this byte. One that is not the next is left alone: it has come already.

    Raises Refused, and forgets the delivery, where its first piece shows that it is too large for what it is.
    """
    if at != delivery.got:
        return
    if at == 0 and delivery.byte_size > settings.PICTURE_MAX_BYTES and not zips.is_one(piece):
        forget(delivery)
        most = settings.PICTURE_MAX_BYTES // 1024**2
        raise Refused(str(hatch.Refused("bytes", name=delivery.name, most=most)))
    storage = private_storage()
    # A name of its own: a piece may come twice in one moment, and the later one must take away only itself.
    name = f"{_folder(delivery)}/{at}-{secrets.token_hex(8)}"
    kept = {"file": storage.save(name, piece), "sha256": _sha256(piece)}
    came = {"got": at + piece.size, "pieces": [*delivery.pieces, kept], "heard_at": timezone.now()}
    if not Delivery.objects.filter(pk=delivery.pk, got=at).update(**came):
        storage.delete(kept["file"])


@contextlib.contextmanager
def whole(delivery: Delivery) -> Iterator[File]:
    """All pieces as one file, for as long as the block runs.

    Raises Refused, and forgets the delivery, where that is not the file that it is named by.
    """
    made = hashlib.sha256(b"".join(bytes.fromhex(piece["sha256"]) for piece in delivery.pieces)).hexdigest()
    if made != delivery.key:
        forget(delivery)
        raise Refused(_("“%(name)s” was changed on its way. Send it again.") % {"name": delivery.name})
    with tempfile.TemporaryFile() as file:
        for piece in delivery.pieces:
            with private_storage().open(piece["file"]) as content:
                shutil.copyfileobj(content, file)
        yield File(file, name=delivery.name)


def settle(delivery: Delivery, pictures: Sequence[Image]) -> None:
    """What became of a whole file: its pieces go, and for a day its pictures are known. Of none nothing is kept."""
    if not pictures:
        forget(delivery)
        return
    made = [str(image.uid) for image in pictures]
    Delivery.objects.filter(pk=delivery.pk).update(pieces=[], pictures=made, heard_at=timezone.now())
    _throw_away(delivery)


def forget(delivery: Delivery) -> None:
    """Keep nothing of it: the next time its file comes, it comes from the beginning.

    At no moment are pieces named that are gone, or gone from the table while they lie there.
    """
    Delivery.objects.filter(pk=delivery.pk).update(got=0, pieces=[], pictures=[])
    _throw_away(delivery)
    delivery.delete()


def sweep(now: datetime) -> None:
    """The clock's duty: forget what nobody went on with for a day."""
    for delivery in Delivery.objects.filter(heard_at__lt=now - KEPT):
        forget(delivery)


def _throw_away(delivery: Delivery) -> None:
    """The pieces, and such as came in the moment in which a process died."""
    storage, folder = private_storage(), _folder(delivery)
    with contextlib.suppress(FileNotFoundError):
        for name in storage.listdir(folder)[1]:
            storage.delete(f"{folder}/{name}")
    storage.delete(folder)


def _folder(delivery: Delivery) -> str:
    return f"arriving/{delivery.uid}"


def _sha256(piece: File) -> str:
    digest = hashlib.sha256()
    for chunk in piece.chunks():
        digest.update(chunk)
    return digest.hexdigest()
