"""Which files of a picture a place on a page offers to the browser; a placeholder where there are none. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from articles.live.values import File, Picture

WIDE, NEWS, SQUARE = (16, 9), (3, 2), (1, 1)
FROM_TABLET = "(width >= 48rem)"


@dataclass(frozen=True)
class Slot:
    """A place for pictures. ``shape`` is None for the picture's own; ``wide`` is another shape from tablets on.

    ``sizes`` and ``wide_sizes`` tell the browser how broad the picture is shown; ``fallback`` is the width in pixels of
    the JPEG for browsers that know no srcset; the placeholders are (width, height) in pixels.
    """

    sizes: str
    shape: tuple[int, int] | None = NEWS
    wide: tuple[int, int] | None = None
    wide_sizes: str = ""
    fallback: int = 480
    placeholder: tuple[int, int] = (480, 320)
    wide_placeholder: tuple[int, int] = (1600, 900)


def _lead(wide_sizes: str) -> Slot:
    """The picture that a page begins with. On phones it is as broad as the screen, but the browser is told two thirds
    of that: a screen with three pixels a point gets two, as many as an eye sees, a fifth of a second sooner.
    """
    return Slot("66vw", NEWS, WIDE, wide_sizes, fallback=800, placeholder=(1200, 800))


# What readers are told of a picture, by the keys of Image.labels.
LABELS = {
    "handout": _("Handout"),
    "file": _("File picture"),
    "ai-made": _("Made with AI"),
    "ai-changed": _("Changed with AI"),
    "unverified": _("Not verified"),
    "place": _("Place verified, date not"),
    "date": _("Date verified, place not"),
    "fully": _("Verified"),
}
NEWSCODE = "http://cv.iptc.org/newscodes/digitalsourcetype/"

SLOTS = {
    "story": _lead("(width >= 84rem) 65rem, (width >= 68rem) calc(100vw - 19rem), 100vw"),
    "home": _lead("(width >= 84rem) 57rem, (width >= 66rem) calc(100vw - 27rem), 100vw"),
    "alone": _lead("(width >= 84rem) 80rem, 100vw"),
    "body": Slot("(width >= 68rem) 44rem, 100vw", shape=None, fallback=800, placeholder=(1200, 800)),
    "wide": Slot("(width >= 60rem) 54rem, 100vw", shape=None, fallback=1200, placeholder=(1200, 800)),
    "full": Slot("(width >= 84rem) 65rem, 100vw", shape=None, fallback=1200, placeholder=(1200, 800)),
    "beside": Slot("(width >= 44rem) 19rem, 100vw", shape=None),
    "gallery": Slot("(width >= 44rem) 22rem, 100vw", fallback=800, placeholder=(1200, 800)),
    "card": Slot("(width >= 40rem) 18rem, 30vw"),
    "list": Slot("(width >= 40rem) 15rem, 30vw"),
    "first": Slot("(width >= 40rem) 15rem, 100vw"),
    "side": Slot("(width >= 68rem) 18rem, (width >= 40rem) 15rem, 30vw"),
    "strip": Slot("(width >= 50rem) 50vw, 100vw", fallback=800),
    "portrait": Slot("9rem", shape=SQUARE, fallback=320, placeholder=(320, 320)),
}

PLACEHOLDERS = {size for slot in SLOTS.values() for size in (slot.placeholder, slot.wide_placeholder)}


@dataclass(frozen=True)
class Source:
    """One ``<source>`` of a picture."""

    srcset: str
    sizes: str = ""
    type: str = ""
    media: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class Drawn:
    """All that a ``<picture>`` says."""

    src: str
    width: int
    height: int
    srcset: str = ""
    sizes: str = ""
    sources: list[Source] = field(default_factory=list)


def drawn(picture: Picture, files: Sequence[File], slot: Slot) -> Drawn:
    """What to write for ``picture`` in ``slot``; without ``files`` it is the placeholder."""
    if picture.awaiting or not files:
        return _placeholder(slot)
    shape = None if picture.whole else slot.shape
    chosen = of_shape(files, shape)
    shown = _fallback(chosen, slot.fallback)
    sources = _sources(chosen, slot.sizes)
    if slot.wide and not picture.whole:
        sources = [*_sources(of_shape(files, slot.wide), slot.wide_sizes, FROM_TABLET, with_jpeg=True), *sources]
    return Drawn(address(shown.name), shown.width, shown.height, _srcset(chosen, "jpg"), slot.sizes, sources)


def address(name: str) -> str:
    """The path of a public file: always through the gate, also where the files lie in a bucket."""
    return f"{settings.MEDIA_URL}{name}"


def of_shape(files: Sequence[File], shape: tuple[int, int] | None) -> list[File]:
    """The files cut to ``shape`` (width, height in any unit), else the uncropped ones."""
    if shape:
        wanted = shape[0] / shape[1]
        cut = [file for file in files if file.crop != "natural" and abs(file.width / file.height / wanted - 1) < 0.02]
        if cut:
            return cut
    return [file for file in files if file.crop == "natural"] or list(files)


def for_feed(picture: Picture, files: Mapping[str, Sequence[File]]) -> File | None:
    """The JPEG that a feed shows: the whole picture, nearest to 1,200 pixels."""
    whole = [] if picture.awaiting else of_shape(files.get(picture.uid, ()), None)
    jpegs = [file for file in whole if file.format == "jpg"]
    return min(jpegs, key=lambda file: abs(file.width - 1200), default=None)


def share_picture(cover: Picture | None, files: Mapping[str, Sequence[File]]) -> File | None:
    """The JPEG for link previews and feeds: the broad cut nearest to 1,200 pixels."""
    if cover is None or cover.awaiting:
        return None
    jpegs = [file for file in of_shape(files.get(cover.uid, ()), WIDE) if file.format == "jpg"]
    return min(jpegs, key=lambda file: abs(file.width - 1200), default=None)


def labels(picture: Picture) -> list[str]:
    """What readers are told of it beside caption and credit: “Handout”, “File picture”, “Made with AI” …"""
    return [str(LABELS[key]) for key in picture.labels if key in LABELS]


def wordings(pictures: Iterable[Picture]) -> list[str]:
    """The sentences that the rights to these pictures oblige us to print, each once."""
    said = (settings.PICTURE_WORDING.get(picture.basis, "") for picture in pictures)
    return list(dict.fromkeys(filter(None, said)))


def credited(credit: str) -> str:
    """The credit without its printed label: “US Department of Defense”."""
    return credit.removeprefix("Picture:").strip()


def placeholder_path(size: tuple[int, int]) -> str:
    return f"/placeholder/{size[0]}x{size[1]}.svg"


def _placeholder(slot: Slot) -> Drawn:
    width, height = slot.placeholder
    sources = []
    if slot.wide:
        wide = slot.wide_placeholder
        sources = [Source(placeholder_path(wide), media=FROM_TABLET, width=wide[0], height=wide[1])]
    return Drawn(placeholder_path(slot.placeholder), width, height, sources=sources)


def _sources(files: list[File], sizes: str, media: str = "", *, with_jpeg: bool = False) -> list[Source]:
    largest = max(files, key=lambda file: file.width)
    formats = {"avif": "image/avif", "webp": "image/webp"} | ({"jpg": "image/jpeg"} if with_jpeg else {})
    return [
        Source(_srcset(files, form), sizes, kind, media, largest.width, largest.height)
        for form, kind in formats.items()
        if any(file.format == form for file in files)
    ]


def _srcset(files: Iterable[File], form: str) -> str:
    return ", ".join(f"{address(file.name)} {file.width}w" for file in files if file.format == form)


def _fallback(files: list[File], width: int) -> File:
    jpegs = [file for file in files if file.format == "jpg"] or files
    return min(jpegs, key=lambda file: (file.width < width, abs(file.width - width)))
