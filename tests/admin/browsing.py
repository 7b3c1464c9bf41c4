"""A real browser inside the newsroom: logged in without the door, with an ear for everything that a policy refuses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page

from articles import manuscript as manuscripts
from articles.desk import drafts


@dataclass
class Inside:
    """A page of a logged-in browser, and the complaints that it has heard so far."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def opens(self, path: str) -> "Inside":
        self.page.goto(f"{self.url}{path}")
        return self

    def opens_story(self, story) -> "Inside":
        """The story's form, with the editor ready."""
        self.opens(f"/admin/articles/article/{story.pk}/change/")
        self.page.locator(".ProseMirror").wait_for()
        return self

    def saves(self) -> str:
        """What the newsroom says after Save, and not what it said before."""
        self.page.evaluate("document.querySelector('.messagelist')?.remove()")
        self.page.get_by_role("button", name="Save", exact=True).click()
        return self.page.locator(".messagelist").inner_text()


@pytest.fixture
def inside(browser, live_server, at) -> Iterator[Callable[..., Inside]]:
    """Opens a browser as ``user``: ``inside(editor, color_scheme="dark")``; without one it is a stranger's."""
    contexts = []

    def enter(user=None, **options) -> Inside:
        context = browser.new_context(**options)
        contexts.append(context)
        if user:
            value = at(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        here = Inside(page, live_server.url)
        page.on(
            "console", lambda said: here.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda fault: here.complaints.append(str(fault)))
        page.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => console.error('refused', event.violatedDirective, event.blockedURI))"
        )
        return here

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture
def writing(inside, editor, story) -> Callable[..., tuple[Page, Any]]:
    """A story opened by the editor with this text in it: its page, and what the browser complains of is heard."""

    def write(text: str = "", **options) -> tuple[Page, Any]:
        opened = story
        if text:
            opened = drafts.save(story, replace(manuscripts.of(story), body=text), seen=story.version, by=editor)
        here = inside(editor, **options)
        here.page.add_init_script(
            "document.addEventListener('story-editor:ready', (event) => (window.editor = event.detail.editor))"
        )
        here.opens_story(opened)
        here.page.locator(".tools").wait_for()
        return here.page, here

    return write


def text_of(page: Page) -> str:
    """The story's text as it stands in the editor now."""
    return page.evaluate("editor.newsroom.body()")


def enters(place: Locator) -> None:
    """Click into the story's text, and wait as long as nobody but a script would press a key.

    20 ms after it came in focus the editor sets its own selection again (prosemirror-view, `handlers.focus`): a key
    that a loaded browser hears before that does its work and loses it.
    """
    place.click()
    settles(place.page)


def settles(page: Page) -> None:
    """The editor that is in focus has set its own selection."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 21))")
