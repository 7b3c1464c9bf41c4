"""What another site shows on our page: nothing of it before the reader's click, and then its own frame alone."""

import re

import pytest

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
FRAME = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
POST = "https://x.com/someone/status/1234567890"
FORM = '<div data-embed="{}" data-url="{}" data-title="{}"></div>'
UNKNOWN = "https://frames.example/evil"


@pytest.fixture
def page_with(tell):
    def page_with(*blocks: str) -> str:
        return tell(body="<p>Before.</p>" + "".join(blocks)).address.path

    return page_with


@pytest.mark.django_db
def test_a_film_waits_in_a_frame_of_our_own_and_can_be_opened_at_its_site(reader, page_with):
    page = reader.get(page_with(FORM.format("youtube", FILM, "The &lt;hand&quot;over"))).content.decode()
    (frame,) = re.findall(r"<iframe[^>]*>", page)
    assert 'title="YouTube: The &lt;hand&quot;over"' in frame
    assert 'sandbox="allow-scripts allow-same-origin"' in frame
    assert " src=" not in frame
    assert "&lt;a href=&quot;https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ&quot;" in frame
    assert f'<a href="{FILM}" rel="nofollow noopener noreferrer">The &lt;hand&quot;over (on YouTube)</a>' in page


@pytest.mark.django_db
def test_a_post_whose_site_needs_a_script_is_a_card_with_a_link(reader, page_with):
    page = reader.get(page_with(FORM.format("x", POST, "What the minister said"))).content.decode()
    assert "<iframe" not in page
    assert f'<b>X</b> <a href="{POST}" rel="nofollow noopener noreferrer">What the minister said</a>' in page


@pytest.mark.django_db
def test_an_address_that_is_no_providers_is_not_framed_even_if_it_came_into_the_record(reader, page_with):
    from articles.live import composed
    from articles.models import Publication

    path = page_with(FORM.format("youtube", FILM, ""))
    forged = f'<p>Before.</p>\n<div data-embed="youtube" data-url="{UNKNOWN}"></div>'
    forged_row = Publication.objects.get()
    forged_row.body_html = forged
    Publication.objects.update(body_html=forged, composed_digest=composed.of(forged_row))
    page = reader.get(path).content.decode()
    assert "<iframe" not in page
    assert "frames.example" not in page


# --- In a browser ---

browsers = pytest.mark.browser


@pytest.fixture
def visit(browser, live_server, page_with):
    """Opens a story with these blocks; whatever the browser asks of other sites is written down and answered by us."""
    contexts = []

    def visit(*blocks: str):
        context = browser.new_context()
        contexts.append(context)
        page = context.new_page()
        asked, refused = [], []

        def elsewhere(route):
            asked.append((route.request.url, route.request.headers.get("referer", "")))
            route.fulfill(content_type="text/html", body="<title>Theirs</title><p>The film</p>")

        context.route(lambda url: not url.startswith(live_server.url), elsewhere)
        # Chromium's hint that a script of ours could leave the sandbox: our policy lets no script of ours run at all.
        page.on("console", lambda said: None if "escape its sandboxing" in said.text else refused.append(said.text))
        page.goto(f"{live_server.url}{page_with(*blocks)}", wait_until="networkidle")
        return page, asked, refused

    yield visit
    for context in contexts:
        context.close()


@browsers
@pytest.mark.django_db(transaction=True)
def test_nothing_is_asked_before_the_click_and_then_the_frame_alone(visit, live_server):
    page, asked, refused = visit(FORM.format("youtube", FILM, "The handover"))
    held = page.frame_locator("iframe")
    assert held.get_by_text("The handover").is_visible()
    assert held.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(17, 25, 29)"
    assert (asked, refused) == ([], [])

    held.get_by_text("Load the video").click()
    held.get_by_text("The film").wait_for()
    assert asked == [(FRAME, f"{live_server.url}/")]
    assert page.url.startswith(live_server.url)
    assert refused == []


@browsers
@pytest.mark.django_db(transaction=True)
def test_the_keyboard_alone_loads_the_film(visit):
    page, asked, _refused = visit(FORM.format("vimeo", "https://vimeo.com/76979871", ""))
    page.locator("iframe").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.frame_locator("iframe").get_by_text("The film").wait_for()
    assert [address for address, _referer in asked] == ["https://player.vimeo.com/video/76979871?dnt=1"]


@browsers
@pytest.mark.django_db(transaction=True)
def test_a_frame_of_a_site_that_is_not_in_the_table_is_refused(visit):
    page, asked, refused = visit(FORM.format("youtube", FILM, ""))
    link = page.frame_locator("iframe").locator("a")
    link.evaluate(f"link => link.href = '{UNKNOWN}'")
    link.click()
    page.wait_for_timeout(500)
    assert asked == []
    assert any("frame-src" in sentence for sentence in refused)
