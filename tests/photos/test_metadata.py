"""What picture files say of themselves, however badly they say it."""

import contextlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, UnidentifiedImageError

from articles.photos import metadata

from . import pictures


def facts_in(content: bytes) -> dict[str, list[dict[str, str]]]:
    with Image.open(BytesIO(content)) as picture:
        picture.load()
        return metadata.read(picture)


def first(content: bytes) -> dict[str, str]:
    return {field: found[0]["value"] for field, found in facts_in(content).items()}


def test_xmp_is_read_with_its_source():
    found = facts_in(pictures.jpeg(64, 48, xmp=pictures.XMP.encode()))
    assert found == {
        field: [{"value": value, "source": "XMP"}]
        for field, value in {
            "title": "200320-A-AB123-1001",
            "headline": "Vehicles leave the base",
            "caption": "Vehicles leave K1.",
            "photographer": "Spc. Ann Example, Sgt. Bo Example",
            "credit": "U.S. Army photo",
            "taken_on": "2020-03-20",
            "place": "Kirkuk, Iraq",
            "virin": "200320-A-AB123-1001",
        }.items()
    }


def test_iptc_is_read_in_utf_8_and_in_what_western_desks_wrote_before_it():
    records = {
        (2, 120): "Ausfahrt für Fahrzeuge",
        (2, 80): "Jörg Groß",
        (2, 90): "Köln",
        (2, 101): "Germany",
        (2, 55): "20200321",
    }
    expected = {
        "caption": "Ausfahrt für Fahrzeuge",
        "photographer": "Jörg Groß",
        "place": "Köln, Germany",
        "taken_on": "2020-03-21",
    }
    assert first(pictures.with_iim({(1, 90): b"\x1b%G"} | {k: v.encode() for k, v in records.items()})) == expected
    assert first(pictures.with_iim({k: v.encode("cp1252") for k, v in records.items()})) == expected


def test_a_broken_letter_in_iptc_costs_that_letter_only():
    assert first(pictures.with_iim({(1, 90): b"\x1b%G", (2, 110): b"Reu\xffters"})) == {"credit": "Reu\ufffdters"}


def test_several_photographers_of_one_iptc_field_are_all_named():
    assert first(pictures.with_iim({(2, 80): [b"Ann", b"Bo"]})) == {"photographer": "Ann, Bo"}


def test_exif_is_read_with_its_letters_mended_and_its_place_left_alone():
    found = first(pictures.telltale(xmp=b""))
    assert found == {
        "caption": "Vehicles on a road",
        "photographer": "Céline Durand",
        "copyright_notice": "© Céline Durand",
        "taken_on": "2020-03-21",
    }


def test_sources_that_differ_all_stay_and_the_most_trusted_comes_first():
    content = pictures.with_iim(
        {(2, 110): b"U.S. Army ph", (2, 120): b"Another caption", (2, 55): b"20200320"}, pictures.telltale()
    )
    found = facts_in(content)
    assert [fact["source"] for fact in found["caption"]] == ["XMP", "IPTC", "EXIF"]
    assert [fact["value"] for fact in found["taken_on"]] == ["2020-03-20", "2020-03-21"]
    assert found["credit"] == [{"value": "U.S. Army photo", "source": "XMP"}], "IPTC had cut it off"


@pytest.mark.parametrize("filler", ["OLYMPUS DIGITAL CAMERA", "  ", "-", "samsung"])
def test_what_a_camera_writes_by_itself_is_no_caption(filler):
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = filler
    assert first(pictures.jpeg(64, 48, exif=exif)) == {}


def test_png_webp_avif_and_tiff_are_read_too():
    for format in ("PNG", "WEBP", "AVIF"):
        assert first(pictures.telltale(format))["taken_on"] == "2020-03-21", format
    assert first(pictures.telltale("TIFF"))["caption"] == "Vehicles on a road"
    for format in ("WEBP", "AVIF"):
        content = pictures.as_bytes(pictures.quarters(), format, xmp=pictures.XMP.encode())
        assert first(content)["headline"] == "Vehicles leave the base", format


@pytest.mark.parametrize(
    "packet",
    [
        b"<x:xmpmeta",
        b"\xff\xfe\x00not xml",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>" * 5000,
        b"<a xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description><rdf:li/></rdf:Description></a>",
    ],
)
def test_broken_or_hostile_xmp_says_nothing_and_harms_nothing(packet):
    assert first(pictures.jpeg(64, 48, xmp=packet)) == {}


def test_an_xmp_packet_of_absurd_size_is_not_read():
    picture = Image.new("RGB", (1, 1))
    picture.info["xmp"] = pictures.XMP.encode() + b" " * metadata.LARGEST_XMP
    assert metadata.read(picture) == {}


def test_xmp_kept_as_text_is_read():
    picture = Image.new("RGB", (1, 1))
    picture.info["XML:com.adobe.xmp"] = pictures.XMP
    assert metadata.read(picture)["credit"][0]["value"] == "U.S. Army photo"


@given(st.binary(max_size=400))
def test_no_bytes_in_any_block_make_reading_fail(data):
    for marker, start in ((0xE1, b"Exif\0\0"), (0xE1, b"http://ns.adobe.com/xap/1.0/\0"), (0xED, b"Photoshop 3.0\0")):
        content = pictures.with_segment(marker, start + data)
        with contextlib.suppress(UnidentifiedImageError), Image.open(BytesIO(content)) as picture:
            metadata.read(picture)


def test_facts_have_an_end_and_no_control_characters():
    found = first(pictures.with_iim({(2, 120): b"a\x00b\x07" + b"x" * 30_000}))
    assert found["caption"].startswith("a b")
    assert len(found["caption"]) <= metadata.LONGEST


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2020:03:21 10:11:12", "2020-03-21"),
        ("20200321", "2020-03-21"),
        ("2020-03-21T10:11:12Z", "2020-03-21"),
        ("0000:00:00 00:00:00", ""),
        ("2020-02-31", ""),
        ("2020", ""),
        ("", ""),
    ],
)
def test_a_stamp_of_any_kind_gives_a_day_or_nothing(stamp, day):
    assert metadata.day(stamp) == day


RIGHTS = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmpRights:WebStatement="https://example.org/rights">
<plus:Licensor><rdf:Seq><rdf:li rdf:parseType="Resource"><plus:LicensorName>Picture House</plus:LicensorName>
<plus:LicensorURL>https://example.org</plus:LicensorURL><plus:LicensorEmail>desk@example.org</plus:LicensorEmail>
</rdf:li></rdf:Seq></plus:Licensor>
<plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED</plus:DataMining>
<ext:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia</ext:DigitalSourceType>
<core:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A lorry.</rdf:li></rdf:Alt></core:AltTextAccessibility>
<dc:subject><rdf:Bag><rdf:li>Iraq</rdf:li><rdf:li>K1</rdf:li></rdf:Bag></dc:subject>
<ext:Pantry><rdf:Bag><rdf:li><rdf:Description><dc:rights>of another picture</dc:rights></rdf:Description></rdf:li>
</rdf:Bag></ext:Pantry>
</rdf:Description>%s</rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize("end", ["", "<broken \x01", "</rdf:RDF><rdf:RDF"])
def test_rights_alt_text_and_source_are_read_and_of_a_damaged_packet_all_before_the_damage(end):
    assert first(pictures.jpeg(64, 48, xmp=(RIGHTS % end).encode())) == {
        "web_statement": "https://example.org/rights",
        "licensor": "Picture House, https://example.org",
        "data_mining": "DMI-PROHIBITED",
        "digital_source_type": "trainedAlgorithmicMedia",
        "alt_text": "A lorry.",
        "keywords": "Iraq, K1",
    }


def test_what_windows_writes_is_read():
    exif = Image.Exif()
    exif[ExifTags.Base.XPTitle] = "Convoy".encode("utf-16-le") + b"\0\0"
    exif[ExifTags.Base.XPAuthor] = "Jo Roe".encode("utf-16-le")
    assert first(pictures.jpeg(64, 48, exif=exif)) == {"title": "Convoy", "photographer": "Jo Roe"}


def test_what_an_original_carries_that_must_not_get_out_is_told():
    with Image.open(BytesIO(pictures.telltale())) as picture:
        assert metadata.carried(picture) == ["gps", "owner", "serial numbers"]
    with Image.open(BytesIO(pictures.jpeg(64, 48, xmp=(RIGHTS % "").encode()))) as picture:
        assert metadata.carried(picture) == ["contact"]
    with Image.open(BytesIO(pictures.jpeg(64, 48))) as picture:
        assert metadata.carried(picture) == []
