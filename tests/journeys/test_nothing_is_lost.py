"""The worst evening: somebody writes while the server falls and every session with it. Not a letter may be lost.

The server stays down for OUTAGE seconds; NEWSROOM_OUTAGE=60 is the length that the house promises to survive.
"""

import os
import time

import pytest
from playwright.sync_api import Page

from tests.admin.browsing import enters

pytestmark = pytest.mark.browser

OUTAGE = float(os.environ.get("NEWSROOM_OUTAGE", "6"))
SENTENCE = "Convoys left the base before dawn, a spokesman said on Sunday. "
LENGTH = 2000
_BODY = (
    "from articles.models import Article; from articles import body;"
    " print(body.plain_text(Article.objects.get(headline={!r}).body))"
)


@pytest.fixture
def desk(browser, house):
    """Opens the reporter's browser; each of its pages is logged in."""
    context = browser.new_context(base_url=house.url)
    page = context.new_page()
    page.set_default_timeout(90_000)
    page.goto("/admin/")
    _log_in(page, house)
    yield context
    context.close()


def _log_in(where, house) -> None:
    where.get_by_label("Username").fill("reporter")
    where.get_by_label("Password").fill(house.passwords["reporter"])
    where.get_by_role("button", name="Log in").click()


def _begin_a_story(desk, headline: str) -> Page:
    page = desk.pages[0]
    page.goto("/admin/articles/article/add/")
    page.locator(".ProseMirror").wait_for()
    page.locator("textarea[name=headline]").fill(headline)
    enters(page.locator(".ProseMirror"))
    page.keyboard.type("It begins here. ")
    _wait_until_saved(page)
    return page


def _wait_until_saved(page: Page) -> None:
    page.wait_for_function("() => document.querySelector('#writing-state').textContent.includes('Saved')")


def _typed_through(house, page: Page) -> str:
    """Type LENGTH letters; a tenth of them in, the server falls and all sessions end. What was typed."""
    text = (SENTENCE * (LENGTH // len(SENTENCE) + 1))[:LENGTH].rstrip()
    page.keyboard.type(text[: LENGTH // 10], delay=5)
    house.falls()
    fell_at = time.monotonic()
    house.says("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    page.keyboard.type(text[LENGTH // 10 :], delay=5)
    page.wait_for_function(
        "() => document.querySelector('#writing-state').textContent.includes('kept on this computer')"
    )
    # The journal is written once the fingers rest for a moment.
    time.sleep(max(2, OUTAGE - (time.monotonic() - fell_at)))
    return f"It begins here. {text}"


def test_two_thousand_letters_survive_a_fallen_server_and_a_lost_session(desk, house):
    headline = "Typed in the dark"
    page = _begin_a_story(desk, headline)
    typed = _typed_through(house, page)

    house.stands()
    _log_in(page.frame_locator("dialog.session iframe"), house)
    page.locator("dialog.session").wait_for(state="hidden")
    _wait_until_saved(page)

    assert house.says(_BODY.format(headline)) == typed


def test_with_the_tab_closed_the_journal_offers_the_text_back(desk, house):
    headline = "Closed in the dark"
    page = _begin_a_story(desk, headline)
    address = page.url
    typed = _typed_through(house, page)
    page.close()

    house.stands()
    page = desk.new_page()
    page.set_default_timeout(90_000)
    page.goto(address)
    _log_in(page, house)
    page.locator(".ProseMirror").wait_for()
    page.get_by_role("button", name="See what it is").click()
    page.get_by_role("button", name="Put it into the form").click()
    _wait_until_saved(page)

    assert house.says(_BODY.format(headline)) == typed
