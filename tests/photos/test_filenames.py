"""What a file name says, and what it does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.photos import filenames, references

TODAY = date(2026, 11, 22)
COVER = "US Forces prepare K1 Air Base transfer to Iraqi military 160320 CREDIT US DEPARTMENT OF DEFENSE.jpg"
INLINE = "Military vehicles out of K1 Air Base in Iraq ahead of drawdown 210320 CREDIT US DEPARTMENT OF DEFENSE"


def read(name: str) -> filenames.Filename:
    return filenames.read(name, today=TODAY)


def test_the_name_of_the_source_storys_cover_says_what_when_and_whose():
    assert read(COVER) == filenames.Filename(
        description="US Forces prepare K1 Air Base transfer to Iraqi military",
        taken_on=date(2020, 3, 16),
        credit="US DEPARTMENT OF DEFENSE",
        extension=".jpg",
    )


def test_a_name_needs_no_extension():
    name = read(INLINE)
    assert (name.taken_on, name.credit, name.extension) == (date(2020, 3, 21), "US DEPARTMENT OF DEFENSE", "")


@pytest.mark.parametrize(
    ("name", "day", "credit"),
    [
        ("Parade 13122024 CREDIT BFBS.jpg", date(2024, 12, 13), "BFBS"),
        ("parade 210320 credit mod.JPEG", date(2020, 3, 21), "mod"),
        ("Parade_210320_CREDIT_ROYAL_NAVY.jpg", date(2020, 3, 21), "ROYAL NAVY"),
        ("Ranges in Iraq 230111 CREDIT US DOD", date(2011, 1, 23), "US DOD"),
        ("Landing 060644 CREDIT IWM.tif", date(1944, 6, 6), "IWM"),
        ("Parade 210320 CREDIT MOD (2).jpg", date(2020, 3, 21), "MOD"),
        ("Parade 210320 CREDIT MOD.", date(2020, 3, 21), "MOD"),
        ("Parade 210320 CREDIT U.S. ARMY", date(2020, 3, 21), "U.S. ARMY"),
        ("Parade 210320 CREDIT CROWN COPYRIGHT/MOD.jpg", date(2020, 3, 21), "CROWN COPYRIGHT/MOD"),
        ("Old 010119 CREDIT AP 210320 CREDIT MOD.jpg", date(2020, 3, 21), "MOD"),
        ("Parade\u00a0210320  CREDIT\tMOD.jpg", date(2020, 3, 21), "MOD"),
        ("Parade 231126 CREDIT MOD.jpg", date(2026, 11, 23), "MOD"),
    ],
)
def test_day_and_credit_are_read_in_each_way_they_are_written(name, day, credit):
    said = read(name)
    assert (said.taken_on, said.credit, said.problems) == (day, credit, ())


@pytest.mark.parametrize(
    "description",
    [
        "Park & Ride, Scarborough",
        "Army/Navy match",
        "COVID19 test 2 of 3",
        "Typhoon FGR4, RAF Akrotiri 2020",
        "Ünïcode 東京",
    ],
)
def test_a_description_keeps_its_slashes_commas_ampersands_and_digits(description):
    assert read(f"{description} 260420 CREDIT MOD.jpg").description == description


@pytest.mark.parametrize(
    "path", ["/home/jane/{}", "C:\\fakepath\\{}", "C:/Users/jane/{}", "./march/{}", "~/{}", "..\\{}", "file:///tmp/{}"]
)
def test_folders_are_no_part_of_a_name(path):
    assert read(path.format(COVER)) == read(COVER)


@pytest.mark.parametrize("digits", ["310220", "000020", "320120", "20200321", "01011800", "01012099"])
def test_a_day_that_cannot_be_stays_in_the_description_and_is_reported(digits):
    said = read(f"Parade {digits} CREDIT MOD.jpg")
    assert (said.description, said.taken_on, said.credit) == (f"Parade {digits}", None, "MOD")
    assert said.problems[0].startswith(f"“{digits}” in the file name is not a day")


@pytest.mark.parametrize(
    "name",
    [
        "British Army boxing coach Ben Stewart",
        "CRICKET_England_Moeen_111162.JPG",
        "HMS Queen Elizabeth in Gibraltar - 2018 (28386226189).jpg",
        "IMG_1234.jpg",
        "Parade 210320.jpg",
        "Parade 210320 CREDITED MOD.jpg",
        "Parade 210320CREDIT MOD.jpg",
        "Parade 2103201 CREDITMOD.jpg",
        "Parade ٢١٠٣٢٠ CREDITS MOD.jpg",
    ],
)
def test_a_name_outside_the_convention_invents_no_day_and_no_credit(name):
    said = read(name)
    assert (said.taken_on, said.credit, said.problems) == (None, "", ())
    assert said.description == name.rpartition(".")[0] if "." in name else name


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("200505-A-FJ190-1046.JPG", date(2020, 5, 5)),
        ("030904-A-2140D-006", date(2003, 9, 4)),
        ("DDC-20200324-87-094", date(2020, 3, 24)),
        ("201305-A-FJ190-1046.JPG", None),
    ],
)
def test_the_number_of_a_forces_picture_has_its_day_in_it(name, day):
    said = read(name)
    assert (said.taken_on, said.credit, said.problems) == (day, "", ())


def test_a_bracket_as_captions_have_it_is_a_credit():
    said = read("RAF Typhoons at Akrotiri (file photo) (Picture: MOD).jpg")
    assert (said.description, said.credit, said.taken_on) == ("RAF Typhoons at Akrotiri (file photo)", "MOD", None)


@pytest.mark.parametrize("name", ["Parade CREDIT MOD.jpg", "Parade 210320 CREDIT.jpg", "Parade_CREDIT_MOD.jpg"])
def test_half_a_convention_is_no_fact_but_is_reported(name):
    said = read(name)
    assert (said.taken_on, said.credit) == (None, "")
    assert "CREDIT" in said.problems[0]


def test_a_name_of_nothing_but_day_and_credit_has_no_description():
    assert read("210320 CREDIT MOD.jpg").description == ""


def test_controls_and_marks_that_turn_the_writing_round_are_dropped():
    assert read("Par\u202eade\x00 210320 CREDIT M\ud800OD.jpg") == filenames.Filename(
        "Parade", date(2020, 3, 21), "MOD", (), ".jpg"
    )


@given(st.text(max_size=300))
def test_no_name_is_too_strange_to_read(name):
    said = filenames.read(name)
    assert said.taken_on is None or said.credit or references.find(name)


@given(st.from_regex(r"\A[A-Za-z0-9&,/ ]{1,40}[a-z]\Z"), st.dates(date(1950, 1, 1), date(2026, 1, 1)))
def test_every_name_by_the_convention_is_read_back(description, day):
    description = " ".join(description.split())
    said = filenames.read(f"{description} {day:%d%m%Y} CREDIT ROYAL NAVY.jpg", today=TODAY)
    if not description.startswith("/") and not filenames.ROOTED.match(description):
        assert (said.description, said.taken_on, said.credit) == (description, day, "ROYAL NAVY")


def test_a_very_long_name_is_read_quickly():
    assert read("_ 210320 " * 20_000).credit == ""
