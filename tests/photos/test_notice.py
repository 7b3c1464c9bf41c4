"""What a public file says of itself: three blocks that agree, and nothing by which somebody could be reached."""

import json
import shutil
import subprocess
from io import BytesIO

import pytest
from PIL import Image

from articles.photos import metadata, notice
from articles.photos.notice import Notice

from . import pictures

EXIFTOOL = shutil.which("exiftool") or ""
SAID = Notice.of(
    creator="Jörg Roe +44 7700 900123",
    credit="MOD, desk@example.org",
    rights="© Crown copyright 2020",
    terms="News only",
    web_statement="https://example.org/rights",
    alt_text="A <lorry> & a tank",
    source_type="trainedAlgorithmicMedia",
    data_mining="DMI-PROHIBITED",
    licensor="Picture House (tel. 0044 20 7946 0000)",
)


def test_mail_addresses_and_telephones_are_taken_out_of_every_line():
    assert (SAID.creator, SAID.credit, SAID.licensor) == ("Jörg Roe", "MOD", "Picture House (tel.")
    assert Notice.of(credit="Crown copyright 2020-2021").credit == "Crown copyright 2020-2021"


def test_it_can_be_read_back():
    content = pictures.jpeg(64, 48, xmp=notice.xmp(SAID), exif=notice.exif(SAID))
    with Image.open(BytesIO(notice.with_iim(content, SAID))) as picture:
        picture.load()
        found, carried = metadata.read(picture), metadata.carried(picture)
    assert {field: [fact["value"] for fact in told] for field, told in found.items()} == {
        "photographer": ["Jörg Roe"],
        "credit": ["MOD"],
        "copyright_notice": ["© Crown copyright 2020"],
        "usage_terms": ["News only"],
        "web_statement": ["https://example.org/rights"],
        "alt_text": ["A <lorry> & a tank"],
        "digital_source_type": ["trainedAlgorithmicMedia"],
        "data_mining": ["DMI-PROHIBITED"],
        "licensor": ["Picture House (tel."],
    }
    assert carried == []


def test_who_has_nothing_to_say_adds_nothing():
    content = pictures.jpeg(64, 48)
    assert (notice.xmp(Notice()), notice.exif(Notice())) == (b"", b"")
    assert notice.with_iim(content, Notice()) == content


def test_a_line_too_long_for_the_old_block_is_cut_at_a_letter():
    content = notice.with_iim(pictures.jpeg(64, 48), Notice(credit="é" * 20))
    with Image.open(BytesIO(content)) as picture:
        assert metadata.read(picture)["credit"][0]["value"] == "é" * 16


@pytest.mark.skipif(not EXIFTOOL, reason="exiftool (libimage-exiftool-perl) is not installed")
def test_exiftool_finds_the_same_in_all_three_blocks_and_nothing_else(tmp_path):
    path = tmp_path / "made.jpg"
    content = pictures.jpeg(64, 48, xmp=notice.xmp(SAID), exif=notice.exif(SAID))
    path.write_bytes(notice.with_iim(content, SAID))
    told = subprocess.run(
        [EXIFTOOL, "-json", "-G1", "-struct", "-XMP:all", "-IPTC:all", "-EXIF:all", "-charset", "iptc=utf8", path],
        capture_output=True,
        check=True,
        text=True,
    )
    found = json.loads(told.stdout)[0]
    found.pop("SourceFile")
    for name in ("XMP-dc:Creator", "IPTC:By-line", "IFD0:Artist"):
        assert found.pop(name) in ("Jörg Roe", ["Jörg Roe"]), name
    for name in ("XMP-photoshop:Credit", "IPTC:Credit"):
        assert found.pop(name) == "MOD", name
    for name in ("XMP-dc:Rights", "IPTC:CopyrightNotice", "IFD0:Copyright"):
        assert found.pop(name) == "© Crown copyright 2020", name
    assert found.pop("XMP-plus:DataMining").endswith("DMI-PROHIBITED")
    assert set(found) == {
        "XMP-xmpRights:UsageTerms",
        "XMP-xmpRights:WebStatement",
        "XMP-iptcCore:AltTextAccessibility",
        "XMP-iptcExt:DigitalSourceType",
        "XMP-plus:Licensor",
        "IPTC:CodedCharacterSet",
        "IPTC:ApplicationRecordVersion",
    }
