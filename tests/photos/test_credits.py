"""Credit lines: never changed, and read as far as they can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.photos import credits
from articles.photos.credits import Credit


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("US DEPARTMENT OF DEFENSE", "US Department of Defense"),
        ("MOD", "MOD"),
        ("CROWN COPYRIGHT/MOD", "Crown Copyright/MOD"),
        ("ROYAL NAVY", "Royal Navy"),
        ("THE PARACHUTE REGIMENT", "The Parachute Regiment"),
        ("PO PHOT JANE O'NEILL", "PO Phot Jane O'Neill"),
        ("ST JOHN'S", "St John's"),
        ("LPHOT DEE LEE", "LPhot Dee Lee"),
        ("U.S. ARMY", "U.S. Army"),
        ("NATO AND THE RAF", "NATO and the RAF"),
        ("40CDO RM", "40CDO RM"),
        ("Royal Navy", "Royal Navy"),
        ("mod", "mod"),
        ("", ""),
    ],
)
def test_a_holder_in_capitals_is_printed_as_newspapers_print_it(given_, expected):
    assert credits.printed(given_) == expected


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("(Picture: US Department of Defense)", {"holder": "US Department of Defense"}),
        ("(Picture: Royal Navy).", {"holder": "Royal Navy"}),
        ("Picture: MOD", {"holder": "MOD"}),
        ("Cover image: MOD", {"holder": "MOD"}),
        ("Crown Copyright/MOD 2020", {"holder": "Crown Copyright/MOD", "year": 2020}),
        ("© Crown copyright/MOD 2017", {"holder": "Crown copyright/MOD", "year": 2017}),
        ("© 2019 Jane Doe", {"holder": "Jane Doe", "year": 2019}),
        ("(c) Northing", {"holder": "Northing"}),
        ("UK MOD © Crown copyright 2024", {"holder": "UK MOD © Crown copyright", "year": 2024}),
        ("PO Phot Jane Doe / Royal Navy", {"photographer": "PO Phot Jane Doe", "holder": "Royal Navy"}),
        ("Photo credit: PO Phot Jane Doe", {"photographer": "PO Phot Jane Doe"}),
        ("Photo by: Crown Copyright", {"holder": "Crown Copyright"}),
        ("Photo by Jane Doe", {"photographer": "Jane Doe"}),
        (
            "[Picture: Corporal Jo Roe, Crown copyright]",
            {"photographer": "Corporal Jo Roe", "holder": "Crown copyright"},
        ),
        ("Credit: Jo Roe/PA Wire.", {"photographer": "Jo Roe", "agency": "PA"}),
        ("Jo Roe/AFP via Getty Images", {"photographer": "Jo Roe", "agency": "AFP via Getty Images"}),
        ("REUTERS", {"agency": "Reuters"}),
        ("BBC/PA", {"agency": "BBC/PA"}),
        ("(USAF photo)", {"holder": "US Air Force"}),
        ("Jo Roe / Alamy Stock Photo", {"photographer": "Jo Roe", "agency": "Alamy"}),
        ("EPA/STRINGER", {"agency": "EPA"}),
        ("Pool/Jo Roe - Pool/CNP/Shutterstock", {"photographer": "Jo Roe", "agency": "CNP/Shutterstock"}),
        ("PA Archive/Press Association Ima", {"agency": "PA"}),
        (
            "(U.S. Navy photo by Mass Communication Specialist 2nd Class Jo Roe/Released)",
            {"photographer": "Mass Communication Specialist 2nd Class Jo Roe", "holder": "U.S. Navy"},
        ),
        (
            "(U.S. Army photo by Staff Sgt. Jo Roe) (Released)",
            {"photographer": "Staff Sgt. Jo Roe", "holder": "U.S. Army"},
        ),
        (
            "© Crown Copyright 2014 Photographer: L(Phot) Jo Roe",
            {"photographer": "L(Phot) Jo Roe", "holder": "Crown Copyright", "year": 2014},
        ),
        (
            "By Jo Roe (D36 HMS Defender) [CC BY 2.0], via Wikimedia Commons",
            {"photographer": "Jo Roe", "holder": "Wikimedia Commons", "licence": "CC BY 2.0"},
        ),
        ("MOD, Open Government Licence v3.0", {"holder": "MOD", "licence": "Open Government Licence v3.0"}),
        ("NASA, public domain", {"holder": "NASA", "licence": "public domain"}),
        ("", {}),
    ],
)
def test_a_credit_line_is_taken_apart(line, parts):
    assert credits.split(line) == Credit(line, **parts)


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        (
            "Sailors aboard. (U.S. Navy photo by Mass Communication Specialist 2nd Class Jo Roe/Released)",
            "U.S. Navy photo by Mass Communication Specialist 2nd Class Jo Roe",
        ),
        ("A tank. (U.S. Army photo by Staff Sgt. Jo Roe) (Released)", "U.S. Army photo by Staff Sgt. Jo Roe"),
        ("A jet. (U.S. Air Force photo/Senior Airman Jo Roe)", "U.S. Air Force photo/Senior Airman Jo Roe"),
        ("A boat. (U.S. Marine Corps photo by Cpl. Jo Roe/ Not Released)", "U.S. Marine Corps photo by Cpl. Jo Roe"),
        ("(Courtesy photo)", "Courtesy photo"),
        ("A tank (Challenger 2) drives.", ""),
        ("A soldier with a photo of home (left)", ""),
        ("", ""),
    ],
)
def test_the_credit_in_brackets_behind_a_caption_is_found(caption, credit):
    assert credits.in_caption(caption) == credit


def test_a_line_too_long_for_a_credit_is_kept_and_not_read():
    line = "Picture: " + "x" * 1000
    assert credits.split(line) == Credit(line)


PIECES = st.sampled_from(
    [
        *"()[]/.,;:© \n",
        "Picture:",
        "photo by",
        "Photographer:",
        "Crown",
        "Jane Doe",
        "2020",
        "(c)",
        "Released",
        "CC BY 2.0",
    ]
)


@given(st.one_of(st.text(max_size=600), st.lists(PIECES, max_size=40).map("".join)))
def test_no_line_is_too_strange_and_none_is_lost(line):
    assert credits.split(line).line == line


@given(st.text(max_size=100))
def test_printing_changes_capitals_only_and_only_once(holder):
    printed = credits.printed(holder)
    if holder.isascii():
        assert printed.casefold() == holder.casefold()
    assert credits.printed(printed) == printed or printed.isupper()
