"""What search engines are told."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from articles.front import sitemaps

from .conftest import NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
SITE = "http://127.0.0.1:8000"


def listed(reader, path, element="url"):
    """{path: lastmod} of a sitemap or index."""
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    rows = ElementTree.fromstring(answer.content).findall(f"s:{element}", NAMESPACE)  # noqa: S314
    found = {
        row.findtext("s:loc", namespaces=NAMESPACE): row.findtext("s:lastmod", namespaces=NAMESPACE) for row in rows
    }
    assert len(found) == len(rows)
    assert all(address.startswith(SITE) for address in found)
    return {address.removeprefix(SITE): changed for address, changed in found.items()}


def test_the_sitemap_names_every_public_page_with_its_last_change(reader, tell, retell, withdraw):
    live = tell(slug="base")
    retell(live, at=NOON + HOUR, headline="Changed")
    withdraw(tell(slug="gone"), at=NOON + 2 * HOUR)
    changed = "2026-11-02T13:00:00+00:00"
    addresses = [
        "/",
        "/latest/",
        "/archive/",
        "/about/",
        "/middle-east/",
        "/topic/iraq/",
        "/author/news-desk/",
        "/middle-east/base/",
    ]
    found = listed(reader, "/sitemap.xml")
    assert found.keys() == set(addresses)
    assert found.pop("/about/") is None
    assert {at[:16] for at in found.values()} == {changed[:16]}
    for address in addresses:
        assert reader.get(address).status_code == 200


def test_a_site_without_stories_still_has_a_sitemap(reader):
    assert listed(reader, "/sitemap.xml") == {"/": None, "/latest/": None, "/archive/": None, "/about/": None}


def test_many_stories_are_divided_by_month_and_none_is_lost(reader, tell, monkeypatch):
    monkeypatch.setattr(sitemaps, "IN_ONE", 2)
    days = ["2020-03-01", "2020-03-31", "2020-12-31", "2021-01-01"]
    for day in days:
        tell(slug=f"of-{day}", dated_on=day)
    index = listed(reader, "/sitemap.xml", "sitemap")
    months = ["/sitemap-2021-01.xml", "/sitemap-2020-12.xml", "/sitemap-2020-03.xml"]
    assert list(index) == ["/sitemap-lists.xml", *months]
    assert index["/sitemap-2020-03.xml"] == "2020-03-31T00:00:00+01:00"
    assert "/topic/iraq/" in listed(reader, "/sitemap-lists.xml")
    stories = [address for month in months for address in listed(reader, month)]
    assert stories == [f"/middle-east/of-{day}/" for day in reversed(days)]


@pytest.mark.parametrize(
    "month", ["2020-04", "2020-13", "2020-00", "0000-01", "0001-01", "9000-01", "9999-12", "99999-12"]
)
def test_a_month_without_stories_has_no_sitemap(reader, tell, month):
    tell(dated_on="2020-03-29")
    assert reader.get(f"/sitemap-{month}.xml").status_code == 404


def test_robots_are_shown_the_sitemap_and_not_the_newsroom(reader, settings):
    answer = reader.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    maps = [f"Sitemap: {SITE}/sitemap.xml", f"Sitemap: {SITE}/news-sitemap.xml"]
    assert answer.content.decode().splitlines() == ["User-agent: *", "Allow: /", "", *maps]
    assert settings.ADMIN_PATH.strip("/") not in answer.content.decode()
