"""The one table of public picture sizes, and what of it one picture gets: at most 24 files. Pure arithmetic."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

# AVIF for today's browsers, JPEG for all others, feeds and partners; WebP for those between, where there are widths to
# choose from: one alone would send a phone what a desk needs.
BOTH, ALL = ("avif", "jpg"), ("avif", "webp", "jpg")

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Crop:
    """A shape of picture: its ratio of width to height (None: as taken), its files as {width in pixels: formats}.

    ``places`` are where it is used (see renditions.places_of): it is made when a picture is first placed there.
    """

    name: str
    ratio: float | None
    files: Mapping[int, tuple[str, ...]]
    places: frozenset[str] = frozenset()


COVER, BODY, PORTRAIT = "cover", "body", "portrait"
CROPS = (
    Crop("natural", None, {480: BOTH, 800: ALL, 1200: BOTH, 1600: ALL}),
    Crop("wide", 16 / 9, {800: BOTH, 1200: BOTH, 1600: BOTH}, frozenset({COVER})),
    Crop("card", 3 / 2, {480: BOTH, 800: BOTH}, frozenset({COVER, BODY})),
    Crop("classic", 4 / 3, {1200: ("jpg",)}, frozenset({COVER})),  # what search engines ask for beside 16:9
    Crop("square", 1, {320: BOTH}, frozenset({PORTRAIT})),
)
EVERY_CROP = frozenset(crop.name for crop in CROPS)
SHAPES = {crop.name: crop.ratio for crop in CROPS if crop.ratio}
WHOLE = 1000  # own crops are in thousandths of the upright picture's width and height


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
    width: int,
    height: int,
    *,
    focus: tuple[int, int] = (50, 50),
    keep_whole: bool = False,
    own: Mapping[str, Sequence[int]] | None = None,
    crops: Collection[str] = EVERY_CROP,
) -> tuple[Recipe, ...]:
    """What to make of an upright picture, in these ``crops`` and as taken. Nothing is ever enlarged.

    ``focus``: per cent from the left and the top. ``own``: {shape: (left, top, right, bottom)} in thousandths, for the
    shapes that somebody cut by hand.
    """
    return tuple(
        Recipe(crop.name, format, made, max(1, round(made * _height(box) / _width(box))), box)
        for crop in CROPS
        if crop.ratio is None or (crop.name in crops and not keep_whole)
        for box in [_own_box(crop, own or {}, width, height) or box_of(crop.ratio, width, height, focus=focus)]
        for made, formats in _sizes(crop, int(_width(box)))
        for format in formats
    )


def made_for(places: Collection[str]) -> set[str]:
    """The names of the crops that are used in these places."""
    return {crop.name for crop in CROPS if crop.places & set(places)}


def box_of(ratio: float | None, width: int, height: int, *, focus: tuple[int, int]) -> Box:
    """The largest part of that ratio, as near the focus as the edges allow."""
    wanted = ratio or width / height
    w, h = (height * wanted, height) if width > height * wanted else (width, width / wanted)
    left = max(0, min(width * focus[0] / 100 - w / 2, width - w))
    top = max(0, min(height * focus[1] / 100 - h / 2, height - h))
    return (left, top, left + w, top + h)


def fits(shape: str, edges: Sequence[int], width: int, height: int) -> bool:
    """Whether these edges (thousandths) lie inside a picture of that size and make that shape, to 2 in 100."""
    if shape not in SHAPES or len(edges) != 4 or not all(isinstance(e, int) and 0 <= e <= WHOLE for e in edges):
        return False
    left, top, right, bottom = edges
    if right - left < 1 or bottom - top < 1:
        return False
    return abs((right - left) * width / ((bottom - top) * height) / SHAPES[shape] - 1) < 0.02


def edges(shape: str, cut: tuple[int, int, int], width: int, height: int) -> list[int]:
    """The edges (thousandths) of a part of that shape; ``cut``: left, top, and how broad it is."""
    left, top, across = cut
    down = across * width / SHAPES[shape] / max(height, 1)
    return [left, top, left + across, top + round(down)]


def _own_box(crop: Crop, own: Mapping[str, Sequence[int]], width: int, height: int) -> Box | None:
    if crop.name not in own or not fits(crop.name, own[crop.name], width, height):
        return None
    left, top, right, bottom = own[crop.name]
    return (left * width / WHOLE, top * height / WHOLE, right * width / WHOLE, bottom * height / WHOLE)


def _sizes(crop: Crop, available: int) -> list[tuple[int, tuple[str, ...]]]:
    """The widths that there are pixels for; a picture smaller than all of them keeps its own."""
    narrowest = next(iter(crop.files.values()))
    return [each for each in crop.files.items() if each[0] <= available] or [(max(1, available), narrowest)]


def _width(box: Box) -> float:
    return box[2] - box[0]


def _height(box: Box) -> float:
    return box[3] - box[1]
