"""What a link preview shows of a story: its headline on its picture, with the credit, drawn once and kept."""

import logging
import textwrap
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from articles.live import reading, showing
from articles.live.values import Card, File

from . import pictures, share
from .answers import readers_page
from .media import later

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

PURPOSE = "articles.front.cards"
MAKING = 1  # raise it when the same story makes another picture
WIDTH, HEIGHT = share.SIZE
MARGIN, LINE, MOST_LINES = 56, 62, 4
DARK, LIGHT, SOFT, KICKER = "#12181b", "#ffffff", "#c9cfd2", "#e3a06b"
A_DAY = "public, max-age=86400"

log = logging.getLogger(__name__)


def path(publication_id: int) -> str:
    """Where the picture of a version stands: another version has another, so nobody keeps an old headline."""
    return f"/card/{publication_id}.jpg"


@readers_page
def story_card(request: HttpRequest, number: int, *, t) -> HttpResponse:
    """The picture for link previews of the story, while that version is public."""
    found = reading.cards([number], t) if number < 2**63 else []
    if not found:
        raise Http404(str(number))
    show = showing.on_show([found[0].cover], t)
    card = show.card(found[0])
    file = pictures.share_picture(card.cover, show.files)
    try:
        drawn = _kept(card, file)
    except OSError as fault:
        log.error("The picture for link previews of publication %s cannot be read or kept: %s", card.id, fault)
        return later()
    return HttpResponse(drawn, content_type="image/jpeg", headers={"Cache-Control": A_DAY})


def _kept(card: Card, file: File | None) -> bytes:
    """The picture from where it was put when it was first asked for; else drawn now and put there."""
    said = f"{MAKING} {card.id} {card.headline} {card.kicker} {card.language} {file.name if file else ''}"
    digest = salted_hmac(PURPOSE, said + settings.SITE_NAME, algorithm="sha256").hexdigest()[:40]
    name, store = f"cards/{digest[:2]}/{digest[2:]}.jpg", storages["public"]
    try:
        with store.open(name) as kept:
            return kept.read()
    except FileNotFoundError:
        drawn = draw(card, _opened(file))
        store.save(name, ContentFile(drawn))
        return drawn


def _opened(file: File | None) -> bytes | None:
    if file is None:
        return None
    try:
        with storages["public"].open(file.name) as opened:
            return opened.read()
    except FileNotFoundError:
        log.error("The public file %s is gone. Make it again with the picture's renditions.", file.name)
        return None


def draw(card: Card, picture: bytes | None) -> bytes:
    """A JPEG of share.SIZE: the headline on a dark foot below ``picture``, or alone; credit and outlet beneath.

    A headline that our typefaces cannot draw is left out: the preview's own text says it.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", share.SIZE, DARK)
    lines = _lines(card.headline) if share.can_draw(card.headline) else []
    foot = 2 * MARGIN + LINE * len(lines) + 48
    if picture:
        _lay(image, picture, height=HEIGHT - foot, whole=bool(card.cover and card.cover.whole))
    drawing = ImageDraw.Draw(image)
    top = HEIGHT - foot + MARGIN if picture else max(MARGIN + 40, (HEIGHT - foot) // 2)
    _write(drawing, card, lines, top)
    written = BytesIO()
    image.save(written, "JPEG", quality=84, optimize=True, progressive=True)
    return written.getvalue()


def _lay(image: "Image", picture: bytes, *, height: int, whole: bool) -> None:
    """Put ``picture`` above the foot: cut to the space, or where it must not be cut, whole within it."""
    from PIL import Image, ImageOps

    with Image.open(BytesIO(picture), formats=["JPEG"]) as opened:
        fit = partial(ImageOps.pad, color=DARK) if whole else partial(ImageOps.fit, centering=(0.5, 0.35))
        image.paste(fit(opened.convert("RGB"), (WIDTH, height)), (0, 0))


def _write(drawing: "ImageDraw", card: Card, lines: list[str], top: int) -> None:
    about = card.label or card.kicker or card.section.name
    if share.can_draw(about):
        drawing.text((MARGIN, top), about, KICKER, font=_face("b612-latin-700-normal", 26), anchor="ls")
    for number, line in enumerate(lines, start=1):
        face = _face("newsreader-latin-600-normal", 54)
        drawing.text((MARGIN, top + LINE * number - 4), line, LIGHT, font=face, anchor="ls")
    face = _face("b612-latin-400-normal", 22)
    foot = HEIGHT - MARGIN // 2
    share.needle(drawing, MARGIN, foot - 26, 0.95, LIGHT)
    drawing.text(
        (MARGIN + 32, foot), settings.SITE_NAME, SOFT, font=_face("newsreader-latin-600-normal", 30), anchor="ls"
    )
    credit = card.cover.credit if card.cover else ""
    if credit and share.can_draw(credit):
        drawing.text(
            (WIDTH - MARGIN, foot), textwrap.shorten(credit, 70, placeholder=" …"), SOFT, font=face, anchor="rs"
        )


def _lines(headline: str) -> list[str]:
    """The headline in lines that fit, at most MOST_LINES; the last one ends with an ellipsis where it is longer."""
    face, lines = _face("newsreader-latin-600-normal", 54), [""]
    for word in headline.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= WIDTH - 2 * MARGIN or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]


def _face(name: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(finders.find(f"front/fonts/{name}.woff2")), size)
