"""The home page arranged in a browser: dragged with the mouse, moved with the keys, and the same without a script."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from articles.desk import drafts, fronts, publishing
from articles.live.layouts import LEAD, MORE, Layout

from .browsing import inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def three(manuscript, reporter, editor) -> list[int]:
    """The numbers of three stories that are live, the newest last."""
    found = []
    for n in range(3):
        story = drafts.start(replace(manuscript, headline=f"Story {n}", slug=f"story-{n}"), by=reporter)
        found.append(publishing.publish(drafts.sealed(story, by=editor), by=editor).article_id)
    return found


def placed(zone: str) -> list[int]:
    return [slot.article for slot in Layout.of(fronts.of(None).content).zone(zone)]


def test_a_story_is_dragged_to_its_place(inside, editor, three):
    here = inside(editor, viewport={"width": 1280, "height": 1600}).opens("/admin/home-page/")
    offered = here.page.get_by_role("region", name="Stories to place")
    lead, more = here.page.locator("[data-zone=lead]"), here.page.locator("[data-zone=more]")

    def drag(story, place) -> None:
        with here.page.expect_navigation():
            story.drag_to(place)

    for n in range(2):
        drag(offered.get_by_role("heading", name=f"Story {n}"), more.get_by_role("heading", level=2))
        expect(more.get_by_role("button", name=f"Take “Story {n}” off")).to_be_visible()
    drag(more.get_by_role("heading", name="Story 0"), lead)
    expect(lead.get_by_role("button", name="Take “Story 0” off")).to_be_visible()

    assert (placed(LEAD), placed(MORE)) == ([three[0]], [three[1]])
    assert here.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without a script"])
def test_a_home_page_is_made_and_launched_with_the_keys_alone(inside, editor, three, scripts):
    here = inside(editor, java_script_enabled=scripts).opens("/admin/home-page/")
    page = here.page

    def press(name: str) -> None:
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")

    for n in (0, 1):
        page.get_by_label(f"Place for “Story {n}”").select_option("more:0")
        press(f"Place “Story {n}”")
    press("Move “Story 1” down")
    if scripts:
        expect(page.get_by_role("button", name="Move “Story 1” down")).to_be_focused()
    press("Launch")

    expect(page.get_by_text("Launched. Readers see it now.")).to_be_visible()
    assert placed(MORE) == [three[0], three[1]]
    assert here.complaints == []
