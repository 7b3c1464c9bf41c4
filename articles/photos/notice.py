"""What a public file says of itself, and nothing else: whose picture it is, on what terms, and what is in it. Pure.

XMP is the whole of it (IPTC Photo Metadata Standard, PLUS); EXIF and IPTC-IIM repeat who and whose for older programs.
Mail addresses and telephone numbers are taken out of every line.
"""

import re
import struct
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from PIL import ExifTags, Image

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
DATA_MINING = "http://ns.useplus.org/ldf/vocab/"
CONTACT = re.compile(
    r"[\s,;(]*(?:[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?<![\w-])(?:\+|00)[0-9][0-9 ()./-]{6,}[0-9])\)?"
)
# IPTC-IIM 4.2: the dataset, and the most bytes that it holds.
BY_LINE, CREDIT, COPYRIGHT = (80, 32), (110, 32), (116, 128)


@dataclass(frozen=True)
class Notice:
    """The words of a public file; an empty one is left out."""

    creator: str = ""
    credit: str = ""
    rights: str = ""
    terms: str = ""
    web_statement: str = ""
    alt_text: str = ""
    source_type: str = ""
    data_mining: str = ""
    licensor: str = ""

    @classmethod
    def of(cls, **words: str) -> "Notice":
        """The notice without anything by which somebody could be reached."""
        return cls(**{name: _without_contact(text) for name, text in words.items()})


def xmp(notice: Notice) -> bytes:
    """The XMP packet, or nothing where there is nothing to say."""
    parts = [
        _list("dc:creator", "Seq", notice.creator),
        _plain("photoshop:Credit", notice.credit),
        _translated("dc:rights", notice.rights),
        _translated("xmpRights:UsageTerms", notice.terms),
        _plain("xmpRights:WebStatement", notice.web_statement),
        _translated("Iptc4xmpCore:AltTextAccessibility", notice.alt_text),
        _plain("Iptc4xmpExt:DigitalSourceType", _in(SOURCE_TYPES, notice.source_type)),
        _plain("plus:DataMining", _in(DATA_MINING, notice.data_mining)),
        _licensor(notice.licensor),
    ]
    if not any(parts):
        return b""
    spaces = "".join(f' xmlns:{name}="{address}"' for name, address in SPACES.items())
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about=""{spaces}>'
        f"{''.join(parts)}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def exif(notice: Notice) -> bytes:
    """Artist and Copyright as an EXIF block, or nothing."""
    said = {ExifTags.Base.Artist: notice.creator, ExifTags.Base.Copyright: notice.rights}
    block = Image.Exif()
    for tag, text in said.items():
        if text:
            block[tag] = text.encode()
    return block.tobytes() if len(block) else b""


def with_iim(jpeg: bytes, notice: Notice) -> bytes:
    """A finished JPEG with By-line, Credit and Copyright Notice as IPTC-IIM in its Photoshop segment."""
    said = [(BY_LINE, notice.creator), (CREDIT, notice.credit), (COPYRIGHT, notice.rights)]
    records = b"".join(_record(2, number, _cut(text, most)) for (number, most), text in said if text)
    if not records:
        return jpeg
    block = _record(1, 90, b"\x1b%G") + _record(2, 0, b"\0\4") + records
    resource = (
        b"8BIM" + struct.pack(">HH", 0x0404, 0) + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    )
    data = b"Photoshop 3.0\0" + resource
    return _behind_the_heads(jpeg, struct.pack(">BBH", 0xFF, 0xED, len(data) + 2) + data)


def _behind_the_heads(jpeg: bytes, segment: bytes) -> bytes:
    """Put a segment behind the JFIF, EXIF and XMP ones, where readers look for it."""
    at = 2
    while jpeg[at : at + 2] in (b"\xff\xe0", b"\xff\xe1"):
        at += 2 + int(struct.unpack(">H", jpeg[at + 2 : at + 4])[0])
    return jpeg[:at] + segment + jpeg[at:]


def _record(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


def _cut(text: str, most: int) -> bytes:
    """As many whole characters as fit into so many bytes."""
    return text.encode()[:most].decode(errors="ignore").encode()


def _without_contact(text: str) -> str:
    return " ".join(CONTACT.sub(" ", text).split()).strip(" ,;")


def _in(vocabulary: str, term: str) -> str:
    return f"{vocabulary}{term}" if term else ""


def _plain(name: str, text: str) -> str:
    return f"<{name}>{_xml(text)}</{name}>" if text else ""


def _list(name: str, kind: str, text: str) -> str:
    return f"<{name}><rdf:{kind}><rdf:li>{_xml(text)}</rdf:li></rdf:{kind}></{name}>" if text else ""


def _translated(name: str, text: str) -> str:
    if not text:
        return ""
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{_xml(text)}</rdf:li></rdf:Alt></{name}>'


def _licensor(text: str) -> str:
    if not text:
        return ""
    name = f"<plus:LicensorName>{_xml(text)}</plus:LicensorName>"
    return f'<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource">{name}</rdf:li></rdf:Seq></plus:Licensor>'


def _xml(text: Any) -> str:
    return escape("".join(c for c in text if c.isprintable()))
