"""Is every file where its row says, and is there no original that nobody knows of?

Public files without a row are no fault: of earlier crops and credits, which a page that is open may still ask for, or
of work that the worker takes up again. No page leads to one and the gate lets none out.
"""

import hashlib
from collections.abc import Iterator

from django.core.files.storage import storages

from articles.models import Delivery, Image, LooseFile, Rendition

from .loose_ends import ORIGINALS, PUBLIC

AT_ONCE = 500  # rows read at once
KEPT, ARRIVING = "originals/", "arriving/"


def faults(*, read: bool = False) -> Iterator[str]:
    """A sentence for each file that is missing, of another size, or nobody's. ``read``: also of other content."""
    yield from _missing_originals(read=read)
    for name, size in Rendition.objects.values_list("name", "byte_size").order_by("pk").iterator(AT_ONCE):
        yield from _differs(PUBLIC, name, size)
    yield from _nobodys()


def _missing_originals(*, read: bool) -> Iterator[str]:
    with_files = Image.objects.exclude(file="").order_by("pk")
    for name, size, sha256 in with_files.values_list("file", "byte_size", "sha256").iterator(AT_ONCE):
        different = list(_differs(ORIGINALS, name, size))
        if read and not different and _sha256(name) != sha256:
            different = [f"{name} has other content than was received"]
        yield from different


def _differs(half: str, name: str, size: int) -> Iterator[str]:
    try:
        has = storages[half].size(name)
    except FileNotFoundError:
        yield f"{half}: {name} is missing"
        return
    if has != size:
        yield f"{half}: {name} has {has} bytes instead of {size}"


def _nobodys() -> Iterator[str]:
    """Originals and pieces without a row. What is written down as loose the clock sees to."""
    known = set(Image.objects.exclude(file="").values_list("file", flat=True).iterator(AT_ONCE))
    known |= set(LooseFile.objects.filter(half=ORIGINALS).values_list("name", flat=True))
    under_way = {str(uid) for uid in Delivery.objects.values_list("uid", flat=True)}
    for name in storages[ORIGINALS].names():  # type: ignore[attr-defined]  # as all halves of the plant room have
        if name.startswith(KEPT) and name not in known:
            yield f"{ORIGINALS}: {name} belongs to no picture"
        if name.startswith(ARRIVING) and name.split("/")[1] not in under_way:
            yield f"{ORIGINALS}: {name} belongs to no delivery"


def _sha256(name: str) -> str:
    with storages[ORIGINALS].open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
