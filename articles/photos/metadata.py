"""What a picture file says about itself: XMP, IPTC-IIM, EXIF (the IPTC Photo Metadata Standard's fields).

The files come from anybody: whatever is broken in them is left out, and nothing raises.
"""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

from defusedxml import ElementTree
from PIL import ExifTags, ImageFile, IptcImagePlugin

from . import references

SOURCES = ("XMP", "IPTC", "EXIF")  # the most trusted first
LONGEST = 10_000  # characters of one fact
LARGEST_XMP = 4 * 1024 * 1024  # bytes
DAY = re.compile(r"([0-9]{4})[-:]?([0-9]{2})[-:]?([0-9]{2})(?![0-9])")
# What cameras and programs write where nobody has written anything.
FILLERS = frozenset(
    {"", "-", "X-DEFAULT", "OLYMPUS DIGITAL CAMERA", "SONY DSC", "SAMSUNG", "DIGITAL CAMERA", "DEFAULT", "DCIM"}
)

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
DC = "{http://purl.org/dc/elements/1.1/}"
PHOTOSHOP = "{http://ns.adobe.com/photoshop/1.0/}"
CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
EXTENSION = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
EXIF = "{http://ns.adobe.com/exif/1.0/}"
RIGHTS = "{http://ns.adobe.com/xap/1.0/rights/}"
PLUS = "{http://ns.useplus.org/ldf/xmp/1.0/}"

# Field: where it stands in XMP and in IPTC-IIM. Of several dates the first is taken; parts of a place are joined.
XMP_FIELDS = {
    "title": (DC + "title",),
    "headline": (PHOTOSHOP + "Headline",),
    "caption": (DC + "description",),
    "alt_text": (CORE + "AltTextAccessibility",),
    "extended_description": (CORE + "ExtDescrAccessibility",),
    "photographer": (DC + "creator",),
    "credit": (PHOTOSHOP + "Credit",),
    "supplied_by": (PHOTOSHOP + "Source",),
    "copyright_notice": (DC + "rights",),
    "usage_terms": (RIGHTS + "UsageTerms",),
    "web_statement": (RIGHTS + "WebStatement",),
    "licensor": (PLUS + "Licensor",),
    "data_mining": (PLUS + "DataMining",),
    "restrictions": (PHOTOSHOP + "Instructions",),
    "job_id": (PHOTOSHOP + "TransmissionReference",),
    "keywords": (DC + "subject",),
    "digital_source_type": (EXTENSION + "DigitalSourceType",),
    "taken_on": (PHOTOSHOP + "DateCreated", EXIF + "DateTimeOriginal"),
    "place": (CORE + "Location", PHOTOSHOP + "City", PHOTOSHOP + "State", PHOTOSHOP + "Country"),
}
IIM_FIELDS = {
    "title": ((2, 5),),
    "headline": ((2, 105),),
    "caption": ((2, 120),),
    "photographer": ((2, 80),),
    "credit": ((2, 110),),
    "supplied_by": ((2, 115),),
    "copyright_notice": ((2, 116),),
    "restrictions": ((2, 40),),
    "job_id": ((2, 103),),
    "keywords": ((2, 25),),
    "taken_on": ((2, 55),),
    "place": ((2, 92), (2, 90), (2, 95), (2, 101)),
}
IIM_CHARSET, UTF_8 = (1, 90), b"\x1b%G"

MAIL = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")

Facts = dict[str, str]


def read(picture: ImageFile.ImageFile) -> dict[str, list[dict[str, str]]]:
    """Each field that the file states: [{value, source}], the most trusted source first. Days are ISO days."""
    found: dict[str, list[dict[str, str]]] = {}
    for source, facts_in in zip(SOURCES, (_xmp, _iim, _exif), strict=True):
        for field, value in _tidied(_unharmed(facts_in, picture)):
            values = found.setdefault(field, [])
            if not any(_says(fact["value"], value) for fact in values):
                values.append({"value": value, "source": source})
    return found


def day(text: str) -> str:
    """The day at the start of a stamp of any of the three kinds as an ISO day; nothing when there is no such day."""
    stamp = DAY.match(text.strip())
    try:
        return date(*map(int, stamp.groups())).isoformat() if stamp else ""
    except ValueError:
        return ""


def carried(picture: ImageFile.ImageFile) -> list[str]:
    """What the file carries that must not get out, by the keys of CARRIED, in alphabetical order."""
    return sorted(kind for kind, carries in CARRIED.items() if _is_there(carries, picture))


def _says(longer: str, value: str) -> bool:
    """Whether the value is the same words, or their beginning: IPTC-IIM cuts them off (a credit at 32 bytes)."""
    return " ".join(longer.split()).startswith(" ".join(value.split()))


def _unharmed(facts_in: Callable[[ImageFile.ImageFile], Facts], picture: ImageFile.ImageFile) -> Facts:
    """What one reader finds. The bytes are a stranger's and the readers raise errors of every kind: all are caught."""
    try:
        return facts_in(picture)
    except Exception:
        return {}


def _tidied(facts: Facts) -> Iterator[tuple[str, str]]:
    """The facts without empty ones, without control characters, with days as days and a VIRIN wherever it was put."""
    facts = {field: _text(value) for field, value in facts.items()}
    facts["taken_on"] = day(facts.get("taken_on", ""))
    number = references.find(" ".join(facts.get(field, "") for field in ("job_id", "title", "headline")))
    facts["virin"] = number.number if number and number.is_virin else ""
    for field in ("digital_source_type", "data_mining"):
        facts[field] = facts.get(field, "").rstrip("/").rpartition("/")[2]  # vocabularies are addresses
    return ((field, value) for field, value in facts.items() if value.upper() not in FILLERS)


def _text(value: str) -> str:
    kept = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in value[:LONGEST])
    return unicodedata.normalize("NFC", kept).strip()


def _packet(picture: ImageFile.ImageFile) -> bytes:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    return packet.strip(b"\0 \r\n\t") if len(packet) <= LARGEST_XMP else b""


def _xmp(picture: ImageFile.ImageFile) -> Facts:
    packet = _packet(picture)
    return _gathered(XMP_FIELDS, _stated(packet), first_only=("taken_on",)) if packet else {}


def _stated(packet: bytes) -> dict[str, str]:
    """What the packet says of this picture; of a damaged one, all before the damage."""
    stated: dict[str, str] = {}
    above: list[str] = []
    with contextlib.suppress(ElementTree.ParseError):
        for event, element in ElementTree.iterparse(BytesIO(packet), ("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element.tag)
                continue
            above.pop()
            # Descriptions further in are of other pictures, or of parts.
            if above[-1:] == [RDF + "RDF"] and element.tag == RDF + "Description":
                stated |= element.attrib
            elif above[-2:] == [RDF + "RDF", RDF + "Description"]:
                stated[element.tag] = _xmp_value(element)
    return stated


def _xmp_value(element) -> str:
    """The text of an element; of translations the default one, of a list all, of licensors name and page."""
    if element.tag == PLUS + "Licensor":
        return _licensor(element)
    items = list(element.iter(RDF + "li"))
    default = [item for item in items if item.get(LANGUAGE) == "x-default"]
    if items:
        return ", ".join(item.text or "" for item in default[:1] or items)
    return element.get(RDF + "resource") or element.text or ""


def _licensor(element) -> str:
    """Name and page; mail addresses and telephones stay in the original."""
    wanted = (PLUS + "LicensorName", PLUS + "LicensorURL")
    said = [
        text for part in element.iter() for name in wanted for text in (part.get(name), _own_text(part, name)) if text
    ]
    return ", ".join(dict.fromkeys(said))


def _own_text(part, name: str) -> str:
    return (part.text or "").strip() if part.tag == name else ""


def _iim(picture: ImageFile.ImageFile) -> Facts:
    blocks = IptcImagePlugin.getiptcinfo(picture) or {}
    is_utf_8 = blocks.get(IIM_CHARSET) == UTF_8
    stated = {key: _iim_value(value, is_utf_8) for key, value in blocks.items() if key[0] == 2}
    return _gathered(IIM_FIELDS, stated)


def _iim_value(value: bytes | list[bytes], is_utf_8: bool) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(_decoded(part, is_utf_8) for part in values)


def _decoded(value: bytes, is_utf_8: bool = False) -> str:
    """Bytes of a charset that was not always named: UTF-8 where they are that, else what western desks have used."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("utf-8" if is_utf_8 else "cp1252", "replace")


def _gathered(fields: dict, stated: dict, first_only: tuple[str, ...] = ()) -> Facts:
    gathered = {}
    for field, keys in fields.items():
        said = [value for key in keys if (value := stated.get(key, "").strip()).upper() not in FILLERS]
        gathered[field] = ", ".join(said[:1] if field in first_only else said)
    return gathered


def _exif(picture: ImageFile.ImageFile) -> Facts:
    """EXIF says ASCII and cameras and desks write UTF-8; Pillow has read it as Latin-1. Windows writes UTF-16."""
    exif = picture.getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
    tags = {
        "caption": exif.get(ExifTags.Base.ImageDescription, ""),
        "photographer": exif.get(ExifTags.Base.Artist, ""),
        "copyright_notice": exif.get(ExifTags.Base.Copyright, ""),
        "taken_on": taken,
    }
    texts = {field: value for field, value in tags.items() if isinstance(value, str)}
    said = {field: _decoded(value.encode("latin-1", "replace")).strip("\0 ") for field, value in texts.items()}
    return _windows(exif) | {field: value for field, value in said.items() if value.upper() not in FILLERS}


def _windows(exif) -> Facts:
    tags = {
        "title": ExifTags.Base.XPTitle,
        "caption": ExifTags.Base.XPComment,
        "photographer": ExifTags.Base.XPAuthor,
        "keywords": ExifTags.Base.XPKeywords,
    }
    said = {field: exif.get(tag, b"") for field, tag in tags.items()}
    return {field: bytes(value).decode("utf-16-le", "replace").strip("\0 ") for field, value in said.items() if value}


# --- What must not get out ---


def _is_there(carries: Callable[[ImageFile.ImageFile], bool], picture: ImageFile.ImageFile) -> bool:
    """Bytes that cannot be read say nothing; the files that we make have none of it in any case."""
    try:
        return carries(picture)
    except Exception:
        return False


def _tags(picture: ImageFile.ImageFile) -> dict[int, Any]:
    exif = picture.getexif()
    return {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}


def _in_xmp(*names: bytes) -> Callable[[ImageFile.ImageFile], bool]:
    return lambda picture: any(name in _packet(picture) for name in names)


def _has_tag(*tags: int, xmp: tuple[bytes, ...] = ()) -> Callable[[ImageFile.ImageFile], bool]:
    in_xmp = _in_xmp(*xmp)
    return lambda picture: any(_tags(picture).get(tag) for tag in tags) or in_xmp(picture)


def _has_gps(picture: ImageFile.ImageFile) -> bool:
    return bool(picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)) or _in_xmp(b"GPSLatitude")(picture)


def _has_contact(picture: ImageFile.ImageFile) -> bool:
    """A mail address anywhere, or a telephone where the standards keep one."""
    iim = IptcImagePlugin.getiptcinfo(picture) or {}
    values = [part for value in iim.values() for part in (value if isinstance(value, list) else [value])]
    texts = [value.encode("latin-1", "replace") for value in _tags(picture).values() if isinstance(value, str)]
    anywhere = b"\n".join([_packet(picture), *values, *texts])
    return bool(MAIL.search(anywhere)) or _in_xmp(b"CiTelWork", b"LicensorTelephone")(picture)


def _has_thumbnail(picture: ImageFile.ImageFile) -> bool:
    return bool(picture.getexif().get_ifd(ExifTags.IFD.IFD1)) or _in_xmp(b"xapGImg:image", b"xmpGImg:image")(picture)


def _has_content_credentials(picture: ImageFile.ImageFile) -> bool:
    return any(b"c2pa" in data for _name, data in getattr(picture, "applist", []))


CARRIED: dict[str, Callable[[ImageFile.ImageFile], bool]] = {
    "gps": _has_gps,
    "serial numbers": _has_tag(
        ExifTags.Base.BodySerialNumber,
        ExifTags.Base.LensSerialNumber,
        ExifTags.Base.CameraSerialNumber,
        xmp=(b"SerialNumber",),
    ),
    "owner": _has_tag(ExifTags.Base.CameraOwnerName, xmp=(b"OwnerName",)),
    "maker notes": _has_tag(ExifTags.Base.MakerNote),
    "contact": _has_contact,
    "thumbnail": _has_thumbnail,
    "edit history": _in_xmp(b"xmpMM:History", b"photoshop:History"),
    "content credentials": _has_content_credentials,
}
