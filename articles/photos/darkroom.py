"""Opens strangers' picture files and makes ours from them, in a process of its own with little to lose.

Run as ``python -m articles.photos.darkroom``: one job as JSON on standard input, one answer on standard output. It
knows neither Django nor the settings, and takes its limits from the job. articles.photos.hatch is the other side.
"""

import contextlib
import hashlib
import json
import os
import re
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import pi_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageFile

from articles.photos import colour, metadata
from articles.photos import notice as notices
from articles.photos.notice import Notice

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "HEIF")
ENCODERS: dict[str, dict[str, Any]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8, "max_threads": 1},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 80, "progressive": True, "optimize": True},
}
OVERSAMPLING = 2  # working copies are this much larger than the largest file made from them
HASH_SIDE = 8
PREVIEW_SIDE = 512  # enough of a picture to compare it by
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = frozenset({5, 6, 7, 8})
# What people send besides pictures for the web: the first bytes, where they stand, and what it is called.
OTHERS = (
    (0, rb"(?:\xef\xbb\xbf)?\s*<(?:svg|.{1,900}<svg)", "SVG"),
    (0, rb"%PDF", "PDF"),
    (0, rb"%!PS|\xc5\xd0\xd3\xc6", "EPS"),
    (0, rb"8BPS", "Photoshop"),
    (0, rb"BM", "BMP"),
    (0, rb"\x00\x00\x00\x0cjP|\xff\x4f\xff\x51", "JPEG 2000"),
    (0, rb"\xff\x0a|\x00\x00\x00\x0cJXL", "JPEG XL"),
    (0, rb"II\*\x00.{4}CR|FUJIFILMCCD-RAW|IIRO|IIU\x00", "camera raw"),
    (0, rb"PK\x03\x04", "ZIP"),
    (4, rb"ftyp(?!avi[fs]|mif1|msf1|hei[cxm]|heis)|moov|mdat", "video"),
)
OURS = re.compile(rb"\xff\xd8|\x89PNG|RIFF.{4}WEBP|.{4}ftyp|II\*\x00|MM\x00\*|GIF8", re.DOTALL)
HEAD = 1024  # bytes of a file that OTHERS are looked for in
TIFF_SUBFILE_TYPE = 254
REDUCIBLE = frozenset({"L", "RGB", "RGBA", "LA", "CMYK"})


class Refused(Exception):
    """This file is not taken: ``reason`` is a word of hatch.SENTENCES, ``values`` what the sentence names."""

    def __init__(self, reason: str, **values: Any):
        self.reason, self.values = reason, values
        super().__init__(reason)


def verify(path: str, *, pixels: int) -> dict[str, Any]:
    """Decode the whole file and say what it is. ``pixels``: the most that it may have."""
    with _opened(path, pixels) as picture:
        format, (width, height) = picture.format, picture.size
        picture.draft(None, (PREVIEW_SIDE, PREVIEW_SIDE))
        picture.load()
        turn = _turn(picture)
        preview = _turned(colour.srgb(colour.opaque(_smaller(picture, PREVIEW_SIDE)), None), turn)
        facts, carried = metadata.read(picture), metadata.carried(picture)
    if turn in SIDEWAYS:
        width, height = height, width
    return {
        "format": "JPEG" if format == "MPO" else format,  # a phone's JPEG with a second picture behind the first
        "width": width,
        "height": height,
        "sha256": _sha256(path),
        "perceptual_hash": difference_hash(preview),
        "tint": tint(preview),
        "facts": facts,
        "carried": carried,
    }


def develop(path: str, *, pixels: int, into: str, prints: list[dict[str, Any]], notice: dict[str, str]) -> list[int]:
    """Make files of ``path`` in the folder ``into``; the answer is their sizes in bytes.

    Each print has file, format, width, height and box: the part to show, in pixels of the upright picture.
    """
    said = Notice.of(**notice)
    scale = min(1.0, OVERSAMPLING * max(p["width"] / (p["box"][2] - p["box"][0]) for p in prints))
    with _opened(path, pixels) as picture:
        working, scale = _working_copy(picture, scale)
    return [_printed(working, scale, p, Path(into), said) for p in prints]


def difference_hash(picture: Image.Image) -> str:
    """64 bits (hex): is each of 8 x 8 patches darker than the one to its right? Alike pictures differ in few bits."""
    grey = picture.convert("L").resize((HASH_SIDE + 1, HASH_SIDE), Image.Resampling.BOX)
    levels = grey.tobytes()
    rows = [levels[start : start + HASH_SIDE + 1] for start in range(0, len(levels), HASH_SIDE + 1)]
    bits = "".join("1" if left < right else "0" for row in rows for left, right in pairwise(row))
    return f"{int(bits, 2):016x}"


def tint(picture: Image.Image) -> str:
    """The picture's mean colour as one of 27 (hex): red, green and blue in three steps each."""
    red, green, blue = (
        level * 3 // 256 for level in picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    )
    return f"{red * 9 + green * 3 + blue:02x}"


@contextlib.contextmanager
def _opened(path: str, pixels: int) -> Iterator[ImageFile.ImageFile]:
    """A picture of one of FORMATS. Whatever goes wrong with it inside the block is refused in our words."""
    usual, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, pixels
    try:
        _refuse_others(Path(path))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as picture:
                _refuse_raw(picture)
                yield picture
    except (Refused, MemoryError):
        raise
    except OSError as fault:
        raise fault if fault.errno else Refused("broken") from fault
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise Refused("pixels", pixels=int(re.findall("[0-9]+", str(bomb))[0])) from bomb
    except Exception as fault:  # decoders raise whatever the bytes lead them to
        raise Refused("broken") from fault
    finally:
        Image.MAX_IMAGE_PIXELS = usual


def _refuse_others(path: Path) -> None:
    """Refuse by its first bytes what is none of FORMATS."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Refused("empty")
    for offset, start, kind in OTHERS:
        if re.compile(start, re.DOTALL).match(head, offset):
            raise Refused("other_kind", kind=kind)
    if not OURS.match(head):
        raise Refused("no_picture")


def _refuse_raw(picture: Image.Image) -> None:
    """A camera's raw file is a TIFF whose first picture is a thumbnail, and says so."""
    tags = getattr(picture, "tag_v2", {})
    if picture.format == "TIFF" and tags.get(TIFF_SUBFILE_TYPE) == 1:
        raise Refused("other_kind", kind="camera raw")


def _working_copy(picture: ImageFile.ImageFile, scale: float) -> tuple[Image.Image, float]:
    """The picture upright, opaque, sRGB, without metadata, at about ``scale``; and at which scale exactly."""
    width, height = picture.size
    picture.draft(None, (ceil(width * scale), ceil(height * scale)))
    picture.load()
    turn, profile = _turn(picture), picture.info.get("icc_profile")
    smaller = _smaller(picture, ceil(max(width, height) * scale))
    working = _turned(colour.srgb(colour.opaque(smaller), profile), turn)
    working.info = {}  # encoders copy comments and profiles from there
    return working, working.width / (height if turn in SIDEWAYS else width)


def _smaller(picture: Image.Image, side: int) -> Image.Image:
    """Halved, thirded… as long as the longer side stays at least ``side`` pixels; colours that cannot be mixed stay."""
    factor = max(picture.size) // side
    if factor < 2 or picture.mode not in REDUCIBLE or "transparency" in picture.info:
        return picture
    return picture.reduce(factor)


def _turn(picture: Image.Image) -> int:
    """How the picture must be turned, by EXIF; asked after loading, because Pillow turns TIFFs itself."""
    try:
        turn = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # the EXIF block is a stranger's too
        return 1
    return turn if turn in TURNS else 1


def _turned(picture: Image.Image, turn: int) -> Image.Image:
    return picture.transpose(TURNS[turn]) if turn in TURNS else picture


def _printed(working: Image.Image, scale: float, order: dict[str, Any], into: Path, said: Notice) -> int:
    """Make one file; its size in bytes."""
    left, top, right, bottom = (edge * scale for edge in order["box"])
    box = (left, top, min(right, working.width), min(bottom, working.height))
    size = (order["width"], order["height"])
    made = working.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0)
    # Not straight into the file: Pillow takes no notice when a full disk takes only the beginning of a JPEG.
    encoded = BytesIO()
    blocks: dict[str, Any] = {"xmp": notices.xmp(said), "exif": notices.exif(said)}
    made.save(encoded, **ENCODERS[order["format"]] | {name: block for name, block in blocks.items() if block})
    content = encoded.getvalue()
    return (into / order["file"]).write_bytes(notices.with_iim(content, said) if order["format"] == "jpg" else content)


def _sha256(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


JOBS: dict[str, Callable[..., Any]] = {"verify": verify, "develop": develop}


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a job: {"done": …}, or {"refused": reason, "values": {…}}."""
    try:
        return {"done": JOBS[job["job"]](**job["order"])}
    except Refused as refused:
        return {"refused": refused.reason, "values": refused.values}
    except MemoryError:
        return {"refused": "memory", "values": {}}
    except OSError as fault:
        return {"refused": "no_room", "values": {"why": fault.strerror}}


def confine(*, seconds: int, memory: int, file_bytes: int, nice: int) -> None:
    """Let this process use no more: seconds of processor time, bytes of memory, bytes in one file that it writes.

    ``nice`` lets others go first, as the command of that name does.
    """
    os.nice(nice)
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),  # a signal that says why, then the one that cannot be ignored
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_FSIZE: (file_bytes, file_bytes),
        resource.RLIMIT_CORE: (0, 0),
    }
    for what, most in limits.items():
        # macOS keeps no limit on memory; elsewhere a lower limit may stand already.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, most)


def open_heif() -> None:
    """Let Pillow open what phones make (HEIC). Decoding only: the encoders that others bundle are under the GPL."""
    pi_heif.register_heif_opener(thumbnails=False)


def main() -> None:
    """Read the job, put on the limits, do it, answer."""
    job = json.load(sys.stdin)
    confine(**job["limits"])
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    open_heif()
    json.dump(answer(job), sys.stdout)


if __name__ == "__main__":
    main()
