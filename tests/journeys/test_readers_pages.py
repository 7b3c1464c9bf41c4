"""Readers' pages as they are served: nothing that axe finds, no script, no cookie, nobody else is asked."""

import gzip

import pytest

from .conftest import House, free_port
from .people import faults

pytestmark = pytest.mark.browser

STORY = "/middle-east/us-led-forces-pull-out-of-third-iraqi-base-this-month/"
PAGES = {
    "/": 200,
    STORY: 200,
    "/middle-east/": 200,
    "/topic/iraq/": 200,
    "/author/news-desk/": 200,
    "/latest/": 200,
    "/corrections/": 200,
    "/archive/": 200,
    "/archive/2020/03/29/": 200,
    "/search/": 200,
    "/search/?q=base": 200,
    "/nothing/here/": 404,
}
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_nothing_sticks_out(browser, house, scheme, size):
    # The pages' own policy would refuse axe, which is a script.
    context = browser.new_context(base_url=house.url, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True)
    page = context.new_page()
    found = {}
    for path, status in PAGES.items():
        assert page.goto(path).status == status, path
        found[path] = faults(page)
    context.close()

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_a_page_needs_no_script_sets_no_cookie_and_asks_nobody_else(browser, house):
    context = browser.new_context(base_url=house.url)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.on("console", lambda said: complaints.append(said.text))
    for path in (path for path, status in PAGES.items() if status == 200):
        page.goto(path, wait_until="networkidle")

    assert context.cookies() == []
    assert complaints == []
    assert not {kind for kind, _url in asked} & {"xhr", "fetch", "websocket", "eventsource", "ping"}
    assert {url.rpartition("/")[2][:6] for kind, url in asked if kind == "script"} == {"share."}
    assert all(url.startswith(house.url) for _kind, url in asked)
    context.close()


def test_the_story_is_small(browser, house):
    """The figures promised: HTML at most 8 KB and CSS at most 12 KB, compressed, and one script of less than 1 KB."""
    context = browser.new_context(base_url=house.url)
    page = context.new_page()
    sheets, scripts = [], []
    kept = {"stylesheet": sheets, "script": scripts}
    page.on("response", lambda got: kept.get(got.request.resource_type, []).append(got))
    html = page.goto(STORY).body()

    assert len(gzip.compress(html)) <= 8 * 1024
    assert [len(gzip.compress(sheet.body())) <= 12 * 1024 for sheet in sheets] == [True]
    assert [len(script.body()) < 1024 for script in scripts] == [True]
    context.close()


@pytest.fixture
def in_arabic(house):
    """The same newsroom, served to readers of Arabic in Baghdad."""
    port = free_port()
    own = {
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LANGUAGE_CODE": "ar",
        "TIME_ZONE": "Asia/Baghdad",
    }
    served = House(port, house.env | own, {})
    served.stands()
    yield served
    served.falls()


@pytest.mark.parametrize("size", SIZES)
def test_right_to_left_pages_fit_and_axe_finds_nothing(browser, in_arabic, size):
    context = browser.new_context(base_url=in_arabic.url, viewport=SIZES[size], bypass_csp=True)
    page = context.new_page()
    found = {}
    for path in PAGES:
        page.goto(path)
        assert page.locator("html").get_attribute("dir") == "rtl", path
        found[path] = faults(page)
    page.goto(STORY)
    words = page.locator("h1")
    assert (words.get_attribute("lang"), words.get_attribute("dir")) == ("en-GB", "ltr")
    assert "مارس" in page.locator("time").first.inner_text()  # the month as the site's language has it
    context.close()

    assert {path: faults for path, faults in found.items() if faults} == {}
