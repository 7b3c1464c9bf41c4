"""What the scan shows to a security reviewer, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.scan import scan

SHOWN = [
    ("The camp lies at 38SMB4567812345.", "MGRS position", "38SMB4567812345"),
    ("The camp lies at 38S MB 45678 12345.", "MGRS position", "38S MB 45678 12345"),
    ("Grid 30UXC 123 456 was hit.", "MGRS position", "30UXC 123 456"),
    ("At 33.3128, 44.3615 they stopped.", "latitude and longitude", "33.3128, 44.3615"),
    ("At 33.3128° N, 44.3615° E they stopped.", "latitude and longitude", "33.3128° N, 44.3615° E"),
    ("At 33°18′46″N they stopped.", "latitude and longitude", "33°18′46″N"),
    ("Position 3318N04421E was given.", "latitude and longitude", "3318N04421E"),
    ("Her service number 25123456 was read out.", "service number", "service number 25123456"),
    ("Private 30123456 Smith", "service number", "30123456"),
    ("Number 123-45-6789 was seen.", "service number", "123-45-6789"),
    ("Ring +44 7700 900123 for the camp.", "phone number", "+44 7700 900123"),
    ("Ring (020) 7946 0018.", "phone number", "020) 7946 0018"),
    ("Write to john.smith@mod.example.", "e-mail address", "john.smith@mod.example"),
    ("The aircraft, call sign Ascot 4512, turned.", "call sign", "call sign Ascot 4512"),
    ("ASCOT 4512 turned back.", "call sign", "ASCOT 4512"),
    ("The battalion will deploy on 3 June to Estonia.", "dated movement", None),
    ("HMS Example sails tomorrow.", "dated movement", None),
    ("They return next week.", "dated movement", None),
]
LEFT_ALONE = [
    "The base was handed over.",
    "It cost $1.1 million, up 3.5 per cent on 2019.",
    "Some 7,500 soldiers of 35 nations took part.",
    "The F-35 and the A400M flew past.",
    "He joined in 1998 and served for 22 years.",
    "The budget rose from 12.5 to 13.25 billion.",
]


@pytest.mark.parametrize(("text", "kind", "words"), SHOWN)
def test_it_is_shown(text, kind, words):
    hits = scan(text)

    assert [hit.kind for hit in hits] == [kind]
    assert hits[0].words == (words or text.rstrip("."))
    assert text[hits[0].start : hits[0].end].strip() == hits[0].words


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_it_is_left_alone(text):
    assert scan(text) == []


@given(st.text(max_size=400))
def test_whatever_it_finds_stands_in_the_text_in_order(text):
    hits = scan(text)

    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    assert all(text[hit.start : hit.end].strip() == hit.words for hit in hits)


@given(zone=st.integers(1, 60), band=st.sampled_from("CDEFGHJKLMNPQRSTUVWX"), digits=st.integers(2, 5), data=st.data())
def test_every_grid_reference_is_found(zone, band, digits, data):
    number = st.integers(10 ** (digits - 1), 10**digits - 1)
    east, north = data.draw(number), data.draw(number)

    assert [hit.kind for hit in scan(f"It was seen at {zone}{band} AB {east} {north} by us.")] == ["MGRS position"]


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "1 " * 25_000, "a@" * 20_000, "A" * 50_000, "move " * 10_000, "°'" * 20_000]
)
def test_no_text_makes_it_search_for_ever(text):
    assert len(scan(text)) <= len(text)
