"""The numbers of the armed forces' pictures."""

from datetime import date

import pytest

from articles.photos import references
from articles.photos.references import Reference


@pytest.mark.parametrize(
    ("text", "number", "service", "day"),
    [
        ("200505-A-FJ190-1046", "200505-A-FJ190-1046", "US Army", date(2020, 5, 5)),
        ("See 030904-a-2140d-006.jpg", "030904-A-2140D-006", "US Army", date(2003, 9, 4)),
        ("060515_M_ZZ999_001.jpg", "060515-M-ZZ999-001", "US Marine Corps", date(2006, 5, 15)),
        ("990515-N-1234B-001", "990515-N-1234B-001", "US Navy", date(1999, 5, 15)),
        ("241001-P-JD123-1001", "241001-P-JD123-1001", "", date(2024, 10, 1)),
        ("201305-F-JD123-1001", "201305-F-JD123-1001", "US Air Force", None),
    ],
)
def test_a_virin_says_service_and_day(text, number, service, day):
    assert references.find(text) == Reference(number, service, day, is_virin=True)


@pytest.mark.parametrize(
    ("text", "number", "day"),
    [
        ("DDC-20200324-87-094", "DDC-20200324-87-094", date(2020, 3, 24)),
        ("x SCA-Official-20191001-815-0412.jpg", "SCA-Official-20191001-815-0412", date(2019, 10, 1)),
    ],
)
def test_a_british_number_says_its_day(text, number, day):
    assert references.find(text) == Reference(number, "Ministry of Defence", day)


@pytest.mark.parametrize(
    "text",
    ["", "1200505-A-FJ190-1046", "200505-A-FJ190-10467", "CRICKET_England_Moeen_111162", "IMG-20200324-WA0001"],
)
def test_what_is_no_number_is_none(text):
    assert references.find(text) is None
