"""Which pictures readers may be shown at a moment ``t``, by which files, and what stands in for the others.

The readers' half, as ``reading`` is: it knows no draft and saves nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.models import AuthorListing, PictureUse, Rendition, Takedown

from . import depends, stamps
from .questions import Question
from .values import File, OnShow, Picture

MOST_NOTED = 200  # pictures of a page, that are noted one by one
FILE_SIZE = 400  # bytes of memory that the facts of a file take, roughly
# What a portrait or a stand-in is shown by, as its row says now.
PORTRAYED = ("uid", "caption", "alt_text", "credit", "width", "height", "file", "keep_whole", "tint")
_FILE = ("name", "crop", "format", "width", "height", "byte_size")


def on_show(pictures: Iterable[Picture | None], t: datetime) -> OnShow:
    """The files of all pictures of a page, and what stands in for those that may not be shown at ``t``.

    One query, or none where no file can be; two more where a picture has no file to show. A picture that is taken down
    has none, also on a page as it was before that.
    """
    uids = {picture.uid for picture in pictures if picture and not picture.awaiting}
    files = _remembered_files(uids, t) if len(uids) <= MOST_NOTED else _files(uids, t)
    instead = _instead(uids - files.keys(), t)
    _note_pictures(uids | {picture.uid for picture in instead.values() if picture})
    return OnShow(files | _files({picture.uid for picture in instead.values() if picture}, t), instead)


def broad_cuts(uids: Collection[str], t: datetime) -> dict[str, list[File]]:
    """The JPEGs of the broad cuts of these pictures that may be shown at ``t``, by uid, smallest first. One query."""
    _note_pictures(uids)
    return _files(uids, t, crop="wide", format="jpg")


def _note_pictures(uids: Collection[str]) -> None:
    """A page with very many stands on all there are, rather than on a list as long as itself."""
    depends.on(*(f"picture:{uid}" for uid in uids) if len(uids) <= MOST_NOTED else (stamps.PICTURES,))


@Question
def _renditions(pictures: Sequence[UUID], t: datetime, now: datetime, **only: str) -> QuerySet:
    down = Takedown.objects.filter(image_id=OuterRef("image_id"))
    shown = Rendition.objects.filter(~Exists(down.at(t)), ~Exists(down.at(now)), image__uid__in=pictures, **only)
    return shown.order_by("width", "pk").values_list(*_FILE, "image__uid")


def _files(uids: Collection[str], t: datetime, **only: str) -> dict[str, list[File]]:
    found: dict[str, list[File]] = {}
    if uids:
        for *facts, uid in _renditions(sorted(map(UUID, uids)), t, timezone.now(), **only):
            found.setdefault(str(uid), []).append(File(*facts))
    return found


def _remembered_files(uids: Set[str], t: datetime) -> dict[str, list[File]]:
    """As ``_files``; those of each picture are remembered for other pages that show it."""
    known = {uid: files for uid in uids if (files := depends.recalled(f"picture:{uid}"))}
    read = _files(uids - known.keys(), t)
    for uid, files in read.items():
        name = f"picture:{uid}"
        depends.remember(name, files, name, size=FILE_SIZE * len(files))
    return known | read


@Question
def _taken_down(pictures: Sequence[UUID], t: datetime) -> QuerySet:
    also_down = Takedown.objects.at(t).filter(image_id=OuterRef("fallback_id"))
    down = Takedown.objects.at(t).filter(image__uid__in=pictures).order_by("live_from")
    return down.values_list("image__uid", Exists(also_down), *(F(f"fallback__{name}") for name in PORTRAYED))


def _instead(uids: Collection[str], t: datetime) -> dict[str, Picture | None]:
    """What readers see of those pictures that may not be shown at ``t``: its fallback while that may be, or nothing."""
    if not uids:
        return {}
    found: dict[str, Picture | None] = {}
    for uid, is_down, *facts in _taken_down(sorted(map(UUID, uids)), t):
        row = dict(zip(PORTRAYED, facts, strict=True))
        found[str(uid)] = None if is_down else portrayed(row)
        if row["uid"]:
            depends.on(f"picture:{row['uid']}")
    return found


@Question
def _public_file(name: str, t: datetime) -> QuerySet:
    shown = PictureUse.objects.at(t).filter(image_id=OuterRef("image_id"), publication__parked_at=None)
    portrait = AuthorListing.objects.at(t).filter(author__picture_id=OuterRef("image_id"), publication__parked_at=None)
    down = Takedown.objects.at(t).filter(image_id=OuterRef("image_id"))
    ends = Takedown.objects.filter(image_id=OuterRef("image_id"), live_from__gt=t).order_by("live_from")
    stands_in = Takedown.objects.at(t).filter(fallback_id=OuterRef("image_id"), image__in=_in_use(t))
    public = Exists(shown) | Exists(portrait) | Exists(stands_in)
    rows = Rendition.objects.filter(public, ~Exists(down), name=name)
    return rows.values_list(*_FILE, "image__uid", Subquery(ends.values("live_from")[:1]))


def public_file(name: str, t: datetime) -> tuple[File, str, datetime | None] | None:
    """The public file called ``name`` while a public story shows its picture, or a public author has it as portrait.

    And while it is not taken down; with the picture's uid, and the moment from which that is already known, or None.
    """
    row = _public_file(name, t).first()
    return (File(*row[: len(_FILE)]), str(row[-2]), row[-1]) if row else None


def _in_use(t: datetime) -> QuerySet:
    """The keys of the pictures that something public shows, or would show if it might."""
    return PictureUse.objects.at(t).filter(publication__parked_at=None).values("image_id")


def portrayed(row: Mapping[str, Any]) -> Picture | None:
    """A picture from the columns PORTRAYED, as they are now; nothing without its file."""
    if not row["file"]:
        return None
    credit = f"Picture: {row['credit']}" if row["credit"] else ""
    same = {name: row[name] for name in ("caption", "width", "height", "tint")}
    return Picture(str(row["uid"]), alt=row["alt_text"], credit=credit, whole=row["keep_whole"], **same)
