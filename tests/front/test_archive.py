"""All stories by year, month and day."""

from datetime import timedelta

import pytest

from .conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(tell):
    for day in ("2020-03-29", "2020-03-01", "2020-12-31", "2024-02-29"):
        tell(headline=f"Of {day}", dated_on=day)
    tell(headline="Of today")


def shown(reader, path):
    answer = reader.get(path)
    assert answer.status_code == 200, path
    data = answer.context_data
    return (
        [story.headline for _day, cards in data["groups"] for story in cards],
        [part.path for part in data["parts"]],
    )


def test_a_period_shows_its_stories_newest_first_and_the_parts_that_have_some(reader, archive):
    assert shown(reader, "/archive/") == (
        ["Of today", "Of 2024-02-29", "Of 2020-12-31", "Of 2020-03-29", "Of 2020-03-01"],
        ["/archive/2026/", "/archive/2024/", "/archive/2020/"],
    )
    assert shown(reader, "/archive/2020/") == (
        ["Of 2020-12-31", "Of 2020-03-29", "Of 2020-03-01"],
        ["/archive/2020/03/", "/archive/2020/12/"],
    )
    assert shown(reader, "/archive/2020/03/") == (
        ["Of 2020-03-29", "Of 2020-03-01"],
        ["/archive/2020/03/01/", "/archive/2020/03/29/"],
    )
    assert shown(reader, "/archive/2024/02/29/") == (["Of 2024-02-29"], [])


def test_a_period_leads_to_those_beside_it_that_have_stories(reader, archive):
    page = reader.get("/archive/2020/12/").content.decode()
    assert 'href="/archive/2020/03/" rel="prev"' in page
    assert 'href="/archive/2024/02/" rel="next"' in page


@pytest.mark.parametrize("path", ["2021", "2020/04", "2020/03/02", "2023/02/29", "2020/13", "0", "9999", "2020/00/01"])
def test_a_period_without_stories_is_no_page(reader, archive, path):
    assert reader.get(f"/archive/{path}/").status_code == 404


def test_a_day_ends_at_midnight_of_the_outlets_zone(reader, tell, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    tell(headline="Late", at=NOON.replace(hour=16))
    assert shown(reader, "/archive/2026/11/03/")[0] == ["Late"]


def test_what_is_not_public_yet_opens_no_period(reader, tell, clock):
    tell(at=NOON)
    clock.move_to(NOON - timedelta(seconds=1))
    assert reader.get("/archive/2026/").status_code == 404
    assert reader.get("/archive/").status_code == 200


def test_an_empty_site_has_an_archive(reader):
    assert "Nothing has been published yet." in reader.get("/archive/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/archive/2026/13/", "/archive/2026/2147483648/", "/archive/9999999999999/1/1/"])
def test_what_no_calendar_can_count_is_no_page(reader, path):
    assert reader.get(path).status_code == 404
