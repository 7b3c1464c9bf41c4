"""Taking in several files, each for itself: pictures, and ZIPs of pictures."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.core.files import File

from articles.models import Image, User
from articles.photos import intake, zips

from .pictures import sentence_of

Taken = tuple[Image | None, str]  # the picture, or the sentence that says why there is none


def taken_in(files: Iterable[File], *, by: User) -> Iterator[Taken]:
    """What becomes of each file, and of each in a ZIP. One that is refused stops no other."""
    for file in files:
        if zips.is_one(file):
            yield from _unpacked(file, by=by)
        else:
            yield _taken(file, by=by)


def _unpacked(file: File, *, by: User) -> Iterator[Taken]:
    try:
        for inside in zips.files_in(file):
            yield _taken(inside, by=by)
    except intake.Refused as refusal:
        yield None, str(refusal)


def _taken(file: File, *, by: User) -> Taken:
    try:
        return intake.receive(file, by=by), ""
    except (intake.Refused, ValidationError) as refusal:
        return None, sentence_of(refusal)
