"""The picture that a link preview shows when a story's own cannot be: the outlet's name, drawn when asked for."""

from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

PATH = "/share-card.png"
SIZE = (1200, 630)

PAPER, INK, QUIET, TICK, ACCENT = "#faf9f5", "#15191c", "#4a5258", "#8b8779", "#87410f"
# Drawn at twice the size, in these pixels, and then halved: slanting edges come out smooth.
WIDTH, HEIGHT = 2 * SIZE[0], 2 * SIZE[1]
MARGIN = 192
ICONS = (180, 192, 512)  # pixels: telephones of one maker, of all others, and their splash screens


@lru_cache(maxsize=4)
def card(name: str, tagline: str) -> bytes:
    """A PNG of SIZE with the outlet's ``name`` and ``tagline``; a text that our typefaces cannot draw is left out."""
    from PIL import Image, ImageDraw  # only this one picture needs Pillow here, and it slows every start

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    needle(draw, MARGIN, 180, 10)
    _line(draw, name, "newsreader-latin-600-normal", 300, 830, INK)
    _line(draw, tagline, "b612-latin-400-normal", 68, 1015, QUIET)
    _scale(draw)
    written = BytesIO()
    image.reduce(2).save(written, "PNG", optimize=True)
    return written.getvalue()


@lru_cache(maxsize=8)
def icon(width: int) -> bytes:
    """A PNG of ``width`` x ``width`` pixels: the outlet's mark, with room for round masks."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (width * 4, width * 4), PAPER)
    scale = width * 4 / 50
    needle(ImageDraw.Draw(image), 15 * scale, 11 * scale, scale)
    written = BytesIO()
    image.reduce(4).save(written, "PNG", optimize=True)
    return written.getvalue()


def _line(draw: "ImageDraw", text: str, face: str, size: int, baseline: int, colour: str) -> None:
    """``text`` at ``size`` pixels, smaller where it would not fit between the margins."""
    from PIL import ImageFont

    if not can_draw(text):
        return
    font = ImageFont.truetype(str(finders.find(f"front/fonts/{face}.woff2")), size)
    fitting = min(1, (WIDTH - 2 * MARGIN) / max(1, font.getlength(text)))
    draw.text((MARGIN, baseline), text, colour, font=font.font_variant(size=int(size * fitting)), anchor="ls")


def can_draw(text: str) -> bool:
    """Whether the Latin files of our typefaces hold every letter of ``text``."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def needle(draw: "ImageDraw", left: float, top: float, scale: float, colour: str = INK) -> None:
    """The outlet's mark, as in favicon.svg: half a compass needle filled, half drawn."""
    at = [(left + x * scale, top + y * scale) for x, y in ((10, 0), (20, 28), (10, 21))]
    draw.polygon(at, fill=colour)
    outline = [(left + x * scale, top + y * scale) for x, y in ((10, 2.6), (1.5, 26.2), (10, 20.2))]
    draw.line(outline, fill=colour, width=max(1, round(1.4 * scale)), joint="curve")


def _scale(draw: "ImageDraw") -> None:
    """The graduated edge of a map sheet along the bottom."""
    for x in range(0, WIDTH, 40):
        length, colour = (60, INK) if x % 200 == 0 else (30, TICK)
        draw.line([(x, HEIGHT - 24 - length), (x, HEIGHT - 24)], fill=colour, width=4)
    draw.rectangle([0, HEIGHT - 24, WIDTH, HEIGHT], fill=ACCENT)
