"""The pictures of a story from outside: expected with what is said of them, supplied when their file lies beside it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from uuid import UUID, uuid5

from django.core.files import File
from django.db.models import Q
from django.utils.translation import gettext as _

from articles import body
from articles.models import Article, Image, User
from articles.photos import facts, intake

from .story import Picture, Story

# A source's id and a picture's name in this space give the picture's uid: the same in every newsroom and the fixture.
PICTURES = UUID("694bcbcf-2fc9-4757-9e40-77618ff93cd4")
WIRE = "wire"  # who says so, in an Image's facts

_SAID = ("caption", "credit", "alt_text", "rights_basis", "rights_note")
_EXTENSIONS = ("", ".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".gif")
_LONGEST_NAME = 240  # bytes; with an extension it still fits every file system


def bring(story: Story, *, folder: Path, by: User) -> dict[str, Image]:
    """A picture of ours for the name of each picture of ``story``. No file is opened for good here: see ``supply``.

    Raises intake.Refused, and ValidationError for facts that do not fit.
    """
    uids = {picture.name: uuid5(PICTURES, f"{story.key}\n{picture.name}") for picture in story.pictures}
    known = {image.uid: image for image in Image.objects.filter(uid__in=uids.values())}
    return {
        picture.name: _brought(picture, uids[picture.name], known.get(uids[picture.name]), folder, by=by)
        for picture in story.pictures
    }


def supply(article: Article, *, folder: Path, by: User) -> Iterator[tuple[Image, intake.Refused | None]]:
    """Give each awaited picture of ``article`` its file where one of its name lies in ``folder``; say if not, why not.

    Files are looked at outside the story's own transaction: that takes seconds, and a bad one spoils nothing else.
    """
    placed = Q(pk=article.cover_id) | Q(uid__in=body.picture_uids(article.body))
    for image in Image.objects.filter(placed, file="").order_by("pk"):
        path = _beside(folder, image.original_name)
        if path:
            yield image, _supplied(image, path, by=by)


def _brought(picture: Picture, uid: UUID, known: Image | None, folder: Path, *, by: User) -> Image:
    said = {field: getattr(picture, field) for field in _SAID if getattr(picture, field)}
    sources = {field: _source(picture, field) for field in said}
    if known:
        return _told(known, said, sources, by=by)
    return _twin(picture, folder) or intake.expect(picture.name, by=by, uid=uid, source=sources, **said)


def _source(picture: Picture, field: str) -> str:
    reason = picture.inferred.get(field)
    return f"{WIRE}; inferred: {reason}" if reason else WIRE


def _told(image: Image, said: dict[str, str], sources: dict[str, str], *, by: User) -> Image:
    """A picture that came before, with what the source says now, but nothing over what the desk says."""
    wires = {field: value for field, value in said.items() if _is_the_wires(image, field)}
    return intake.describe(image, by=by, seen=image.version, source=sources, **wires)


def _is_the_wires(image: Image, field: str) -> bool:
    return field not in image.facts or image.facts[field]["source"].startswith((WIRE, *facts.READ))


def _twin(picture: Picture, folder: Path) -> Image | None:
    """The picture that has this very file already: two stories may share one."""
    path = _beside(folder, picture.name)
    if path is None:
        return None
    with _opened(path) as file:
        return Image.objects.filter(sha256=hashlib.file_digest(file, "sha256").hexdigest()).first()


def _supplied(image: Image, path: Path, *, by: User) -> intake.Refused | None:
    try:
        with _opened(path) as file:
            intake.supply(image, File(file, path.name), by=by)
    except intake.Refused as refused:
        return refused
    return None


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as wrong:
        raise intake.Refused(
            _("“%(name)s” cannot be read: %(why)s.") % {"name": path.name, "why": wrong.strerror}
        ) from wrong


def _beside(folder: Path, name: str) -> Path | None:
    """The file of that name in ``folder`` itself; a name without its extension may have any. A name is never a path."""
    if Path(name).name != name or len(name.encode()) > _LONGEST_NAME:
        return None
    return next((file for end in _EXTENSIONS if (file := folder / f"{name}{end}").is_file()), None)
