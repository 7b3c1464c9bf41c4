"""The one table of public picture sizes, and what of it one picture gets: at most 24 files. Pure arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass

FORMATS = ("avif", "jpg")  # browsers that read WebP but not AVIF take the JPEG; a third format would be 12 more files

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Crop:
    """A shape of picture: its ratio of width to height (None: as taken), and the widths that pages ask for (pixels)."""

    name: str
    ratio: float | None
    widths: tuple[int, ...]


CROPS = (
    Crop("natural", None, (320, 480, 800, 1200, 1600)),
    Crop("wide", 16 / 9, (480, 800, 1200, 1600)),
    Crop("card", 3 / 2, (320, 480, 800)),
)


@dataclass(frozen=True)
class Recipe:
    """One public file to make: the part ``box`` (in pixels of the upright picture) at this size and in this format."""

    crop: str
    format: str
    width: int
    height: int
    box: Box

    @property
    def name(self) -> str:
        """What a page asks for: “natural-800.avif”."""
        return f"{self.crop}-{self.width}.{self.format}"


def for_picture(
    width: int, height: int, *, focus: tuple[int, int] = (50, 50), keep_whole: bool = False
) -> tuple[Recipe, ...]:
    """What to make of an upright picture. ``focus``: per cent from the left and the top. Nothing is ever enlarged."""
    return tuple(
        Recipe(crop.name, format, made, max(1, round(made * _height(box) / _width(box))), box)
        for crop in CROPS
        if crop.ratio is None or not keep_whole
        for box in [box_of(crop.ratio, width, height, focus=focus)]
        for made in _widths(crop, int(_width(box)))
        for format in FORMATS
    )


def box_of(ratio: float | None, width: int, height: int, *, focus: tuple[int, int]) -> Box:
    """The largest part of that ratio, as near the focus as the edges allow."""
    wanted = ratio or width / height
    w, h = (height * wanted, height) if width > height * wanted else (width, width / wanted)
    left = max(0, min(width * focus[0] / 100 - w / 2, width - w))
    top = max(0, min(height * focus[1] / 100 - h / 2, height - h))
    return (left, top, left + w, top + h)


def _widths(crop: Crop, available: int) -> Iterator[int]:
    """The widths that there are pixels for; a picture smaller than all of them keeps its own."""
    yield from [width for width in crop.widths if width <= available] or [max(1, available)]


def _width(box: Box) -> float:
    return box[2] - box[0]


def _height(box: Box) -> float:
    return box[3] - box[1]
