"""What stands where a picture's file is awaited: contour lines of no real place, plainly marked, never a photograph."""

from functools import lru_cache
from html import escape
from itertools import pairwise
from math import cos, hypot, pi, sin

from django.utils.translation import gettext as _

# One sheet for both colour schemes, in the middle of the scale: readable on paper and not glaring in the dark.
GROUND, LINE, GRID, MARK, INK = "#b9b09c", "#6f6450", "#d3ccbc", "#faf9f5", "#15191c"
FONTS = "B612, Arial, Helvetica, sans-serif"

RINGS, POINTS = 15, 20
_HEAVY = ' stroke-width="{:.1f}" stroke-opacity=".75"'


@lru_cache(maxsize=32)
def drawing(width: int, height: int) -> str:
    """An SVG of ``width`` x ``height`` that says that the picture is awaited. The same numbers give the same bytes."""
    box = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {box} role="img"'
        f' aria-label="{escape(_("Picture awaiting file"))}"><rect {box} fill="{GROUND}"/>'
        f"{_contours(width, height)}{_grid(width, height)}{_mark(width, height)}</svg>"
    )


def _grid(width: int, height: int) -> str:
    """The grid of a map sheet: four squares along the longer side."""
    step = max(width, height) / 4
    across = "".join(f"M{x:.0f} 0V{height}" for x in _steps(step, width))
    down = "".join(f"M0 {y:.0f}H{width}" for y in _steps(step, height))
    return f'<path d="{across}{down}" stroke="{GRID}" stroke-width="{width / 800:.1f}" fill="none"/>'


def _steps(step: float, length: int) -> list[float]:
    return [step / 2 + number * step for number in range(int(length / step) + 1) if step / 2 + number * step < length]


def _contours(width: int, height: int) -> str:
    """Rings round one summit, lighter towards it; every fifth is heavy, as on a map."""
    reach, stroke = hypot(width, height) * 0.66, width / 640
    rings = "".join(
        f'<path d="{_ring(width * 0.64, height * 0.42, reach * (number / RINGS) ** 1.15, number)}"'
        f"{_HEAVY.format(stroke * 2) if number % 5 == 0 else ''}/>"
        for number in range(RINGS, 0, -1)
    )
    pen = f'stroke="{LINE}" stroke-opacity=".5" stroke-width="{stroke:.1f}"'
    return f'<g {pen} fill="{GRID}" fill-opacity=".09">{rings}</g>'


def _ring(x: float, y: float, radius: float, number: int) -> str:
    """A closed line round (x, y), bent a little differently from ring to ring so that none crosses the next."""
    points = [_point(x, y, radius, 2 * pi * at / POINTS, number / RINGS) for at in range(POINTS)]
    middles = [((ax + bx) / 2, (ay + by) / 2) for (ax, ay), (bx, by) in pairwise([*points, points[0]])]
    through = zip(points, middles, strict=True)
    curves = "".join(f"Q{px:.0f} {py:.0f} {mx:.0f} {my:.0f}" for (px, py), (mx, my) in through)
    return f"M{middles[-1][0]:.0f} {middles[-1][1]:.0f}{curves}Z"


def _point(x: float, y: float, radius: float, angle: float, height: float) -> tuple[float, float]:
    bend = 0.17 * sin(2 * angle + 1.1 + height) + 0.1 * sin(3 * angle - 0.7 - 2 * height)
    reach = radius * (1 + bend + 0.05 * sin(5 * angle + 4 * height))
    return x + reach * cos(angle) * 1.15, y + reach * sin(angle) * 0.82


def _mark(width: int, height: int) -> str:
    """The words on a label: in a corner of a large picture, across a small one, so that a thumbnail can be read too."""
    words = _("Picture awaiting file")
    small = width < 640
    lines = words.split(" ", 1) if small else [words]
    size = round(width / (11 if small else 30 if width < 1600 else 42))  # the broadest is for desks only
    label_width, label_height = max(map(len, lines)) * size * 0.52 + 1.6 * size, size * (1.25 * len(lines) + 0.9)
    left, top = ((width - label_width) / 2, (height - label_height) / 2) if small else (size * 1.5, size * 1.5)
    label = f'<rect x="{left:.0f}" y="{top:.0f}" width="{label_width:.0f}" height="{label_height:.0f}" fill="{MARK}"/>'
    text = "".join(
        f'<text x="{left + label_width / 2:.0f}" y="{top + size * (1.25 * number + 0.1):.0f}">{escape(line)}</text>'
        for number, line in enumerate(lines, start=1)
    )
    return f'{label}<g font-family="{FONTS}" font-size="{size}" text-anchor="middle" fill="{INK}">{text}</g>'
