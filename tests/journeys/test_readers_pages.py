"""Readers' pages as they are served: nothing that axe finds, no script, no cookie, nobody else is asked."""

import gzip

import pytest

from .people import faults

# One house for all of them: it takes a while to build.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("house")]

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


def test_a_page_brings_no_script_no_cookie_and_asks_nobody_else(browser, house):
    context = browser.new_context(base_url=house.url)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.on("console", lambda said: complaints.append(said.text))
    for path in (path for path, status in PAGES.items() if status == 200):
        page.goto(path, wait_until="networkidle")

    assert context.cookies() == []
    assert complaints == []
    assert not {kind for kind, _url in asked} & {"script", "xhr", "fetch", "websocket", "eventsource", "ping"}
    assert all(url.startswith(house.url) for _kind, url in asked)
    context.close()


def test_the_story_is_small(browser, house):
    """The figures promised: HTML at most 8 KB and CSS at most 12 KB, compressed, and no script."""
    context = browser.new_context(base_url=house.url)
    page = context.new_page()
    sheets = []
    page.on("response", lambda got: sheets.append(got) if got.request.resource_type == "stylesheet" else None)
    html = page.goto(STORY).body()

    assert len(gzip.compress(html)) <= 8 * 1024
    assert [len(gzip.compress(sheet.body())) <= 12 * 1024 for sheet in sheets] == [True]
    assert b"<script" not in html.replace(b'<script type="application/ld+json">', b"")
    context.close()
