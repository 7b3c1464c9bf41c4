"""Strangers' files of every kind, through the real hatch and its child: taken, or refused in time and by a sentence.

Each has to be judged within ten seconds: the child is given two seconds of processor time and eight by the clock, and a
file that is refused for the time it took is a failure.
"""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from articles.photos import hatch

from . import pictures
from .test_darkroom import stand_as_quarters

Maker = Callable[[], bytes]


def frames(format: str, number: int = 12, **options) -> bytes:
    """Many frames, of which the first stands as quarters() does and all others are black."""
    first, *others = (pictures.quarters(320, 240), *(Image.new("RGB", (320, 240)) for _ in range(number - 1)))
    return pictures.as_bytes(first, format, save_all=True, append_images=others, **options)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG with one more chunk behind its header."""
    png = pictures.as_bytes(pictures.quarters(320, 240), "PNG")
    return png[:33] + chunk(kind, content) + png[33:]


def tiff(tags: list[tuple[int, int, int, int]], *, next_at: int = 0) -> bytes:
    """A bare TIFF: (tag, type, count, value) each, and where the next directory lies."""
    entries = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", next_at)


def big_endian() -> bytes:
    """An uncompressed TIFF as the other half of all machines wrote it."""
    pixels = pictures.quarters(320, 240).tobytes()
    size, depths, data = (320, 240), 8 + 2 + 9 * 12 + 4, 8 + 2 + 9 * 12 + 4 + 6
    short, long = 3, 4
    tags = [(256, short, 1, size[0] << 16), (257, short, 1, size[1] << 16), (258, short, 3, depths)]
    tags += [(259, short, 1, 1 << 16), (262, short, 1, 2 << 16), (273, long, 1, data), (277, short, 1, 3 << 16)]
    tags += [(278, short, 1, size[1] << 16), (279, long, 1, len(pixels))]
    entries = b"".join(struct.pack(">HHII", *tag) for tag in tags)
    return b"MM\0*" + struct.pack(">IH", 8, len(tags)) + entries + struct.pack(">IHHH", 0, 8, 8, 8) + pixels


def tiff_of_size(width: int, height: int) -> bytes:
    return tiff(
        [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    )


def jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose frame header (SOF0) says another size."""
    content = bytearray(pictures.jpeg(320, 240))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(content)


def boxed_of_size(format: str, width: int, height: int) -> bytes:
    """An AVIF or HEIC whose image spatial extents (ispe) say another size."""
    content = bytearray(pictures.as_bytes(pictures.quarters(320, 240), format))
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", width, height)
    return bytes(content)


def gif_of_size(width: int, height: int) -> bytes:
    content = bytearray(pictures.as_bytes(pictures.quarters(320, 240), "GIF"))
    content[6:10] = struct.pack("<HH", width, height)
    return bytes(content)


def webp_of_size(width: int, height: int) -> bytes:
    """An extended WebP (VP8X) whose canvas says another size."""
    content = bytearray(frames("WEBP", 2))
    at = content.index(b"VP8X") + 12
    content[at : at + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(content)


def packed_bomb() -> bytes:
    """8,000 x 8,000 grey pixels of one colour in some kilobytes of deflate: large, and yet a picture."""
    return pictures.as_bytes(Image.new("L", (8000, 8000), 128), "PNG", optimize=False)


def laughs() -> bytes:
    """XMP with entities that would unfold to a billion words."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    packet = f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x:xmpmeta xmlns:x="adobe:ns:meta/">&l9;</x:xmpmeta>'
    return pictures.jpeg(320, 240, xmp=packet.encode())


def deep() -> bytes:
    """XMP that is nested 20,000 deep."""
    return pictures.jpeg(320, 240, xmp=b"<a>" * 8000 + b"</a>" * 8000)


def of_mode(mode: str, format: str) -> Maker:
    return lambda: pictures.as_bytes(pictures.quarters(320, 240, mode), format)


def noise(format: str) -> bytes:
    return pictures.as_bytes(Image.effect_noise((320, 240), 90).convert("RGB"), format)


def flipped(content: bytes, every: int) -> bytes:
    """Damaged all over, behind its first kilobyte."""
    damaged = bytearray(content)
    for at in range(1024, len(damaged), every):
        damaged[at] ^= 0xFF
    return bytes(damaged)


SOUND: dict[str, Maker] = {
    **{
        f"{format}, {mode}": of_mode(mode, format)
        for format, modes in {
            "JPEG": ("L", "RGB", "CMYK"),
            "PNG": ("1", "L", "LA", "P", "RGB", "RGBA"),
            "WEBP": ("RGB", "RGBA"),
            "AVIF": ("RGB", "RGBA"),
            "TIFF": ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"),
            "GIF": ("L", "P"),
            "HEIF": ("RGB", "RGBA"),
        }.items()
        for mode in modes
    },
    **{f"{format}, animated": (lambda format=format: frames(format)) for format in ("GIF", "WEBP", "PNG", "AVIF")},
    "TIFF of 40 pages": lambda: frames("TIFF", 40),
    "GIF of 2,000 frames": lambda: frames("GIF", 2000),
    **{
        f"TIFF, {how}": (lambda how=how: pictures.as_bytes(pictures.quarters(320, 240), "TIFF", compression=how))
        for how in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg")
    },
    "TIFF, big-endian": big_endian,
    "JPEG, progressive": lambda: pictures.jpeg(320, 240, progressive=True),
    "JPEG, turned": lambda: pictures.turned(6),
    "JPEG that tells": lambda: pictures.telltale(),
    "64 million pixels of one colour": packed_bomb,
    # Behind or inside a picture there may be anything: the public files are made anew from its pixels.
    "JPEG and ZIP": lambda: pictures.jpeg(320, 240) + b"PK\x03\x04" + b"\0" * 60 + b"PK\x05\x06" + b"\0" * 18,
    "JPEG and PDF": lambda: pictures.jpeg(320, 240) + b"%PDF-1.7\n1 0 obj<</OpenAction<</JS(app.alert(1))>>>>endobj",
    "JPEG and a page": lambda: pictures.jpeg(320, 240, comment=b"<script>alert(1)</script>"),
    "PNG and PHP": lambda: with_chunk(b"tEXt", b"Comment\0<?php system($_GET[0]); ?>"),
    "XMP that laughs": laughs,
    "XMP without a ground": deep,
    "EXIF that goes round": lambda: pictures.with_segment(0xE1, b"Exif\0\0" + tiff([(0x8769, 4, 1, 8)], next_at=8)),
    "EXIF that lies": lambda: pictures.with_segment(0xE1, b"Exif\0\0" + tiff([(270, 2, 2**32 - 1, 2**31)])),
    "IIM that lies": lambda: pictures.with_segment(
        0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff\x1c\x02\x78"
    ),
    "a profile that is none": lambda: pictures.jpeg(320, 240, icc_profile=b"\xff" * 60_000),
}
REFUSED: dict[str, tuple[str, Maker]] = {
    **{
        f"{format}, cut off": ("broken", lambda format=format: noise(format)[:-700])
        for format in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "HEIF")
    },
    **{f"{format}, damaged": ("broken", lambda format=format: flipped(noise(format), 5)) for format in ("PNG", "GIF")},
    "JPEG bomb": ("pixels", lambda: jpeg_of_size(65_000, 65_000)),
    "PNG bomb": ("pixels", lambda: pictures.png_of_size(60_000, 60_000)),
    "GIF bomb": ("pixels", lambda: gif_of_size(65_535, 65_535)),
    "WebP bomb": ("pixels", lambda: webp_of_size(16_383, 16_383)),
    "TIFF bomb": ("pixels", lambda: tiff_of_size(200_000, 200_000)),
    "AVIF bomb": ("", lambda: boxed_of_size("AVIF", 60_000, 60_000)),
    "HEIF bomb": ("", lambda: boxed_of_size("HEIF", 60_000, 60_000)),
    "a note of 70 MB in a PNG": ("broken", lambda: pictures.png_of_size(64, 64, b"\0" * 70_000_000)),
    "a TIFF that goes round": ("broken", lambda: tiff([(254, 4, 1, 0)], next_at=8)),
    "a TIFF with a million strips": ("broken", lambda: tiff([(256, 4, 1, 64), (257, 4, 1, 64), (273, 4, 10**6, 8)])),
    "SVG": ("other_kind", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    "SVG called JPEG, behind a comment": ("other_kind", lambda: b"<!-- \xff\xd8\xff -->" + b" " * 500 + b"<svg/>"),
    "a page": ("no_picture", lambda: b"<!doctype html><script>alert(1)</script>"),
    "GIF89a that is a script": ("broken", lambda: b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)//"),
    "a program": ("no_picture", lambda: b"\x7fELF" + b"\0" * 200),
    "a film": ("other_kind", lambda: b"\0\0\0\x18ftypisom" + b"\0" * 200),
    "nothing": ("empty", lambda: b""),
    "one byte": ("no_picture", lambda: b"\xff"),
    "a JPEG's first two bytes": ("broken", lambda: b"\xff\xd8"),
    "BMP": ("other_kind", lambda: pictures.as_bytes(pictures.quarters(64, 48), "BMP")),
    "JPEG 2000": ("other_kind", lambda: pictures.as_bytes(pictures.quarters(64, 48), "JPEG2000")),
    "a ZIP that calls itself a picture": ("other_kind", lambda: b"PK\x03\x04" + pictures.jpeg(64, 48)),
}


@pytest.fixture
def judged(tmp_path, settings):
    """What the hatch says of a file; it has ten seconds."""
    settings.PICTURE_SECONDS = 2

    def judge(content: bytes, name: str) -> tuple[Path, dict]:
        path = tmp_path / "original"
        path.write_bytes(content)
        return path, hatch.verify(path, name=name)

    return judge


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_file_is_taken_and_looks_right(judged, tmp_path, name):
    path, found = judged(SOUND[name](), name)
    assert "carried" in found
    largest = {"file": "made.jpg", "format": "jpg", "width": 160, "height": 120}
    box = [0, 0, found["width"], found["height"]]
    notice = {"creator": "", "credit": "", "rights": ""}
    hatch.develop(path, name=name, into=tmp_path, prints=[largest | {"box": box}], notice=notice)
    made = (tmp_path / "made.jpg").read_bytes()
    with Image.open(BytesIO(made)) as picture:
        assert picture.format == "JPEG"
        grey = len(picture.convert("RGB").filter(ImageFilter.BoxBlur(8)).getcolors(160 * 120)) < 3
        is_grey_mode = picture.mode == "L"
    if not (grey or is_grey_mode or name.endswith((", 1", ", L", ", LA"))):
        assert stand_as_quarters(made)
    for inside in (b"script", b"PK\x03\x04", b"%PDF", b"<?php"):
        assert inside not in made


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_unsound_or_no_picture_is_refused_in_a_sentence(judged, name):
    reason, make = REFUSED[name]
    with pytest.raises(hatch.Refused) as refused:
        judged(make(), f"{name}.jpg")
    assert refused.value.reason != "time"
    if reason:
        assert refused.value.reason == reason
    assert f"“{name}.jpg”" in str(refused.value)
