"""What a picture file says about itself (XMP, IPTC-IIM, EXIF), and the short notice in the files made from it.

The files come from anybody: whatever is broken in them is left out, and nothing raises.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from xml.sax.saxutils import escape

from defusedxml import ElementTree
from PIL import ExifTags, ImageFile, IptcImagePlugin

SOURCES = ("XMP", "IPTC", "EXIF")  # the most trusted first
LONGEST = 10_000  # characters of one fact
LARGEST_XMP = 4 * 1024 * 1024  # bytes
VIRIN = re.compile(r"(?<![\w-])[0-9]{6}-[A-Z]-(?:[A-Z]{2}[0-9]{3}|[0-9]{4}[A-Z])-[0-9]{3,4}(?![\w-])")
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

# Field: where it stands in XMP and in IPTC-IIM. Of several dates the first is taken; parts of a place are joined.
XMP_FIELDS = {
    "title": (DC + "title",),
    "headline": (PHOTOSHOP + "Headline",),
    "caption": (DC + "description",),
    "alt_text": (CORE + "AltTextAccessibility",),
    "photographer": (DC + "creator",),
    "credit": (PHOTOSHOP + "Credit",),
    "copyright": (DC + "rights",),
    "restrictions": (PHOTOSHOP + "Instructions",),
    "reference": (PHOTOSHOP + "TransmissionReference",),
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
    "copyright": ((2, 116),),
    "restrictions": ((2, 40),),
    "reference": ((2, 103),),
    "taken_on": ((2, 55),),
    "place": ((2, 92), (2, 90), (2, 95), (2, 101)),
}
IIM_CHARSET, UTF_8 = (1, 90), b"\x1b%G"

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


def virin(text: str) -> str:
    """The first VIRIN in a text ("200505-A-FJ190-1046": a US military picture's number), or nothing."""
    number = VIRIN.search(text.upper())
    return number[0] if number else ""


def day(text: str) -> str:
    """The day at the start of a stamp of any of the three kinds as an ISO day; nothing when there is no such day."""
    stamp = DAY.match(text.strip())
    try:
        return date(*map(int, stamp.groups())).isoformat() if stamp else ""
    except ValueError:
        return ""


def notice(*, creator: str, credit: str, rights: str) -> bytes:
    """The XMP packet of a public file: whose picture it is, and nothing else. Empty when there is nothing to say."""
    parts = [
        f"<dc:creator><rdf:Seq><rdf:li>{_xml(creator)}</rdf:li></rdf:Seq></dc:creator>" if creator else "",
        f"<photoshop:Credit>{_xml(credit)}</photoshop:Credit>" if credit else "",
        f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{_xml(rights)}</rdf:li></rdf:Alt></dc:rights>'
        if rights
        else "",
    ]
    if not any(parts):
        return b""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF[1:-1]}"><rdf:Description rdf:about=""'
        f' xmlns:dc="{DC[1:-1]}" xmlns:photoshop="{PHOTOSHOP[1:-1]}">{"".join(parts)}'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


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
    facts["virin"] = virin(" ".join(facts.get(field, "") for field in ("reference", "title", "headline")))
    facts.pop("reference", None)
    return ((field, value) for field, value in facts.items() if value.upper() not in FILLERS)


def _text(value: str) -> str:
    kept = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in value[:LONGEST])
    return unicodedata.normalize("NFC", kept).strip()


def _xmp(picture: ImageFile.ImageFile) -> Facts:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else packet
    if not packet or len(packet) > LARGEST_XMP:
        return {}
    stated: dict[str, str] = {}
    for description in ElementTree.fromstring(packet.strip(b"\0 \r\n\t"), forbid_dtd=True).iter(RDF + "Description"):
        stated |= description.attrib
        stated |= {element.tag: _xmp_value(element) for element in description}
    return _gathered(XMP_FIELDS, stated, first_only=("taken_on",))


def _xmp_value(element) -> str:
    """The text of an element; of translations the default one, of a list all."""
    items = list(element.iter(RDF + "li"))
    default = [item for item in items if item.get(LANGUAGE) == "x-default"]
    return ", ".join(item.text or "" for item in default[:1] or items) if items else element.text or ""


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
    """EXIF says ASCII and cameras and desks write UTF-8; Pillow has read it as Latin-1. GPS is never looked at."""
    exif = picture.getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
    tags = {
        "caption": exif.get(ExifTags.Base.ImageDescription, ""),
        "photographer": exif.get(ExifTags.Base.Artist, ""),
        "copyright": exif.get(ExifTags.Base.Copyright, ""),
        "taken_on": taken,
    }
    texts = {field: value for field, value in tags.items() if isinstance(value, str)}
    return {field: _decoded(value.encode("latin-1", "replace")) for field, value in texts.items()}


def _xml(text: str) -> str:
    return escape("".join(c for c in text if c.isprintable()))
