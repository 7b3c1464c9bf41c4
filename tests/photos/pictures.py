"""Picture files as the world sends them, made for the test that needs them."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageCms, ImageDraw

RED, GREEN, BLUE, YELLOW = (200, 30, 30), (30, 160, 30), (30, 30, 200), (220, 200, 30)
GPS = {1: "N", 2: (35.0, 28.0, 4.5), 3: "E", 4: (44.0, 20.0, 30.5), 29: "2020:03:21"}
SERIAL, OWNER, SECRET = "SN-4711-0815", "Jane Q. Owner", "do-not-tell-anybody"
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Kirkuk" photoshop:Country="Iraq"
 photoshop:DateCreated="2020-03-20T09:15:00+03:00" aux:SerialNumber="SN-4711-0815">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">200320-A-AB123-1001</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="de">Fahrzeuge</rdf:li>
<rdf:li xml:lang="x-default">Vehicles leave K1.</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>Spc. Ann Example</rdf:li><rdf:li>Sgt. Bo Example</rdf:li></rdf:Seq></dc:creator>
<photoshop:Headline>Vehicles leave the base</photoshop:Headline>
<photoshop:Credit>U.S. Army photo</photoshop:Credit>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def quarters(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Red above left, green above right, blue below left, yellow below right."""
    picture = Image.new("RGB", (width, height), RED)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((width // 2, 0, width, height // 2), GREEN)
    draw.rectangle((0, height // 2, width // 2, height), BLUE)
    draw.rectangle((width // 2, height // 2, width, height), YELLOW)
    return picture.convert(mode)


def stripes(width: int, height: int) -> Image.Image:
    """A dark picture with one bright upright stripe, 3 per cent wide, at 80 per cent of its width."""
    picture = Image.new("RGB", (width, height), (20, 20, 20))
    ImageDraw.Draw(picture).rectangle((width * 0.785, 0, width * 0.815, height), (250, 250, 250))
    return picture


def as_bytes(picture: Image.Image, format: str = "JPEG", **options: Any) -> bytes:
    file = BytesIO()
    if format == "HEIF":  # the product only reads them; who writes them for the tests is under the GPL
        pillow_heif.from_pillow(picture).save(file, quality=90, **options)
    else:
        picture.save(file, format, **options)
    return file.getvalue()


def upload(content: bytes, name: str = "picture.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    return as_bytes(quarters(width, height), **options)


def turned(orientation: int, format: str = "JPEG") -> bytes:
    """Stored so that it must be turned by ``orientation`` to stand as ``quarters()`` does."""
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose, the other way round
    picture = quarters().transpose(Image.Transpose(back[orientation])) if orientation > 1 else quarters()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return as_bytes(picture, format, exif=exif)


def telltale(format: str = "JPEG", **options: Any) -> bytes:
    """A picture that says more than it should: place, serial number, owner, notes, a comment."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Telltale", "Model X"
    exif[ExifTags.Base.Artist], exif[ExifTags.Base.Copyright] = "Céline Durand".encode(), "© Céline Durand".encode()
    exif[ExifTags.Base.ImageDescription] = "Vehicles on a road"
    exif._ifds[ExifTags.IFD.GPSInfo] = dict(GPS)
    exif._ifds[ExifTags.IFD.Exif] = {
        ExifTags.Base.DateTimeOriginal: "2020:03:21 10:11:12",
        ExifTags.Base.BodySerialNumber: SERIAL,
        ExifTags.Base.CameraOwnerName: OWNER,
        ExifTags.Base.UserComment: SECRET.encode(),
    }
    if format == "JPEG":
        options = {"comment": SECRET, "xmp": XMP.encode()} | options
    return as_bytes(quarters(1280, 960), format, exif=exif, **options)


def with_iim(records: dict[tuple[int, int], bytes | list[bytes]], content: bytes | None = None) -> bytes:
    """A JPEG with an IPTC-IIM block in its Photoshop segment."""
    block = b"".join(
        struct.pack(">BBBH", 0x1C, record, dataset, len(value)) + value
        for (record, dataset), values in records.items()
        for value in (values if isinstance(values, list) else [values])
    )
    resource = (
        b"8BIM" + struct.pack(">H", 0x0404) + b"\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    )
    return with_segment(0xED, b"Photoshop 3.0\0" + resource, content)


def with_segment(marker: int, data: bytes, content: bytes | None = None) -> bytes:
    content = content or jpeg(64, 48)
    return content[:2] + struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data + content[2:]


def png_of_size(width: int, height: int, note: bytes = b"") -> bytes:
    """A PNG that says how large it is and holds nothing but a packed note: a bomb when the size is, or the note."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(note)) if note else b""
    return b"\x89PNG\r\n\x1a\n" + header + text + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def red_is_green() -> bytes:
    """A colour profile in which red and green have changed places."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = struct.unpack(">I", profile[128:132])[0]
    at = {bytes(profile[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(tags)}
    red, green = (profile[at[name] + 4 : at[name] + 12] for name in (b"rXYZ", b"gXYZ"))
    profile[at[b"rXYZ"] + 4 : at[b"rXYZ"] + 12], profile[at[b"gXYZ"] + 4 : at[b"gXYZ"] + 12] = green, red
    return bytes(profile)


def is_like(pixel: tuple[int, ...], colour: tuple[int, ...], *, off: int = 40) -> bool:
    return all(abs(a - b) <= off for a, b in zip(pixel, colour, strict=True))
