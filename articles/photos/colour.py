"""From any colours to those of the web: opaque 8-bit sRGB, or grey where a picture was only grey. Changes no file."""

from io import BytesIO
from typing import cast

from PIL import Image, ImageCms

PAPER = "white"  # what shows through transparent pictures: on a dark page black lines would otherwise vanish
LEVELS_PER_16_BITS = 256


def opaque(picture: Image.Image) -> Image.Image:
    """The picture with 8 bits a channel, without palette and without transparency, still in its own colours."""
    if picture.mode.startswith(("I", "F")):
        return _eight_bits(picture)
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA") or picture.has_transparency_data:
        return _on_paper(picture.convert("RGBA")) if picture.has_transparency_data else picture.convert("RGB")
    return picture


def srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """An opaque picture as sRGB, by its own colour profile where it has a sound one."""
    if profile or picture.mode == "LAB":
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile)) if profile else ImageCms.createProfile("LAB")
            way = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), picture.mode, "RGB")
            return way.apply(picture)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken or foreign profile: the plain conversion is the best guess left
    return picture if picture.mode == "L" else picture.convert("RGB")


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen bits keep their brightness; wider scales have no agreed white, so their brightest pixel becomes it."""
    is_16_bit = picture.mode.startswith("I;16")
    wide = picture.convert("I") if is_16_bit else picture
    brightest = cast(tuple[float, float], wide.getextrema())[1]
    factor = 1 / LEVELS_PER_16_BITS if is_16_bit else 255 / max(brightest, 1e-9)
    return wide.point(lambda level: level * factor).convert("L")


def _on_paper(picture: Image.Image) -> Image.Image:
    paper = Image.new("RGB", picture.size, PAPER)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
