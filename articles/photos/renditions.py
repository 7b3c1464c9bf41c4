"""The public files of pictures: made from private originals, named by what is in them, recorded as Rendition rows.

The only writer of Rendition. It deletes no public file: a page or a reader's browser may still ask for it.
"""

import contextlib
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles.live import stamps
from articles.models import Image, Rendition

from . import hatch, recipes

PURPOSE = "articles.photos.renditions"
MAKING = 2  # raise it when the same recipe makes other bytes: names promise that their bytes never change
NAME_LENGTH = 40  # hexadecimal digits, 160 bits
AT_ONCE = 8  # questions to the place of public files

Wanted = dict[str, recipes.Recipe]  # by public name


class Failed(Exception):
    """The public files of a picture cannot be made; the message says which picture, why, and what to do."""


def ensure(images: Iterable[Image], *, places: Collection[str] = ()) -> None:
    """Make what is missing of these pictures' public files. A picture without a file needs none. Raises Failed.

    ``places``: where they will stand besides where they stand now. Takes seconds: never call it inside a transaction.
    Two at once make the same files under the same names.
    """
    with_files = [image for image in images if not image.is_awaiting_file]
    rows = {row.name: row for row in Rendition.objects.filter(image__in=with_files)}
    for image in with_files:
        wanted = wanted_of(image, places=places)
        there = _there(image, [name for name in wanted if name in rows])
        missing = {name: recipe for name, recipe in wanted.items() if name not in there}
        if missing:
            _record(image, missing, _made(image, missing), places)
        elif any(row.image_id == image.pk and row.name not in wanted for row in rows.values()):
            _record(image, {}, {}, places)


def enqueue(image: Image) -> None:
    """Have the public files made in the background. The order is a row of the transaction around this, and stands or
    falls with it.
    """
    from . import tasks

    tasks.make.enqueue(str(image.uid))


def wanted_of(image: Image, *, places: Collection[str] = ()) -> Wanted:
    """The files this picture should have, by public name. Another crop or another credit makes another name.

    A crop is wanted once the picture has been placed where it is used, and from then on.
    """
    made = set(image.renditions.order_by().values_list("crop", flat=True).distinct())
    recipes_ = recipes.for_picture(
        image.width,
        image.height,
        focus=(image.focal_x, image.focal_y),
        keep_whole=image.keep_whole,
        own=image.own_crops,
        crops=made | recipes.made_for({*places, *places_of(image)}),
    )
    return {_public_name(image, recipe): recipe for recipe in recipes_}


def places_of(image: Image) -> set[str]:
    """Where it stands in working copies: recipes.COVER, BODY and PORTRAIT."""
    positions = set(image.placements.order_by().values_list("position", flat=True))
    stands = {recipes.COVER: 0 in positions, recipes.BODY: bool(positions - {0})}
    stands[recipes.PORTRAIT] = image.portrait_of.exists()
    return {place for place, is_there in stands.items() if is_there}


def _public_name(image: Image, recipe: recipes.Recipe) -> str:
    """A name that tells strangers nothing and cannot be guessed from the original: “ab/cdef….avif”."""
    content = json.dumps([MAKING, image.sha256, recipe.name, recipe.box, _notice(image)], ensure_ascii=False)
    digest = salted_hmac(PURPOSE, content, algorithm="sha256").hexdigest()[:NAME_LENGTH]
    return f"{digest[:2]}/{digest[2:]}.{recipe.format}"


def _notice(image: Image) -> dict[str, str]:
    """What the file itself says of its rights. Notes of the desk stay at the desk."""
    year = str(image.credit_year or "")
    owner = image.holder or image.agency
    rights = ", ".join(filter(None, (owner, year))) if owner else ""
    return {
        "creator": image.photographer,
        "credit": image.credit,
        "rights": image.copyright_notice or rights,
        "terms": image.usage_terms,
        "web_statement": image.web_statement,
        "alt_text": "" if image.is_decorative else image.alt_text,
        "source_type": image.digital_source_type,
        "data_mining": image.data_mining,
        "licensor": image.licensor,
    }


def _made(image: Image, missing: Wanted) -> dict[str, int]:
    """Make the files and put them into the public folder; their sizes in bytes by name."""
    with _sentences(image), TemporaryDirectory(prefix="darkroom-") as folder:
        original = Path(folder) / "original"
        _fetch(image, original)
        prints = [_print(number, recipe) for number, recipe in enumerate(missing.values())]
        sizes = hatch.develop(original, name=image.title, into=Path(folder), prints=prints, notice=_notice(image))
        for name, order in zip(missing, prints, strict=True):
            _put(name, Path(folder) / order["file"])
    return dict(zip(missing, sizes, strict=True))


@contextlib.contextmanager
def _sentences(image: Image) -> Iterator[None]:
    """The darkroom's refusals and the faults of folder or store, as what is said of ``image``."""
    try:
        yield
    except hatch.Refused as refused:
        said = _("The public files of “%(name)s” could not be made. %(why)s")
        raise Failed(said % {"name": image.title, "why": refused}) from refused
    except OSError as fault:
        raise Failed(str(hatch.Refused("no_room", name=image.title, why=fault.strerror))) from fault


def _fetch(image: Image, path: Path) -> None:
    try:
        with image.file.storage.open(str(image.file)) as original, path.open("wb") as copy:
            shutil.copyfileobj(original, copy)
    except FileNotFoundError as gone:
        said = _("The original of “%(name)s” is not in the picture folder: ask your operator.")
        raise Failed(said % {"name": image.title}) from gone


def _print(number: int, recipe: recipes.Recipe) -> dict:
    size = {"width": recipe.width, "height": recipe.height}
    return {"file": f"{number}.{recipe.format}", "format": recipe.format, "box": recipe.box, **size}


def _put(name: str, path: Path) -> None:
    """Into the public folder, whole or not at all: its storage sees to that. What is there already is the same."""
    if not _is_there(name):
        with path.open("rb") as file:
            storages["public"].save(name, File(file))


def _is_there(name: str) -> bool:
    return storages["public"].exists(name)


def _there(image: Image, names: Sequence[str]) -> set[str]:
    """Those of ``names`` whose files are there. A store elsewhere is asked for several at once: somebody may wait."""
    with _sentences(image), ThreadPoolExecutor(AT_ONCE) as asking:
        return {name for name, is_there in zip(names, asking.map(_is_there, names), strict=True) if is_there}


@transaction.atomic
def _record(image: Image, made: Wanted, sizes: dict[str, int], places: Collection[str]) -> None:
    """Write down what is there, unless the picture has changed meanwhile, and strike out what is no longer wanted."""
    now = Image.objects.select_for_update().get(pk=image.pk)
    wanted = wanted_of(now, places=places)
    Rendition.objects.bulk_create(
        [_row(now, name, recipe, sizes[name]) for name, recipe in made.items() if name in wanted],
        update_conflicts=True,
        unique_fields=["image", "recipe"],
        update_fields=["name", "crop", "format", "width", "height", "byte_size", "made_at"],
    )
    Rendition.objects.filter(image=now).exclude(recipe__in=[recipe.name for recipe in wanted.values()]).delete()
    if now.uses.exists() or now.portrait_of.exists() or now.stands_in_for.exists():
        stamps.bump({f"picture:{now.uid}"})


def _row(image: Image, name: str, recipe: recipes.Recipe, byte_size: int) -> Rendition:
    return Rendition(
        image=image,
        recipe=recipe.name,
        name=name,
        crop=recipe.crop,
        format=recipe.format,
        width=recipe.width,
        height=recipe.height,
        byte_size=byte_size,
    )
