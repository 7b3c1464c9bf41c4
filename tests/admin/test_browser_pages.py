"""The pages in a real browser: nothing that the policy refuses, nothing that axe finds, nothing that sticks out."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from csp.constants import SELF

from articles import manuscript as manuscripts
from articles.desk import drafts, moves
from articles.photos import intake
from tests.desk.test_undone import job

from .browsing import inside

__all__ = ["inside", "job"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def addresses(story, editor, reporter, picture_editor, published, account):
    """Every kind of page, with something on it."""
    image = intake.expect("Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg", by=picture_editor)
    words = replace(
        manuscripts.of(story), cover=str(image.uid), body=f'{story.body}\n<figure data-image="{image.uid}"></figure>'
    )
    other = drafts.start(words, by=reporter)
    moves.submit(other, seen=1, by=reporter, note="Check the number.")
    published()
    drafts.save(story, replace(words, headline="Base left"), seen=1, by=editor)
    story_url = f"/admin/articles/article/{story.pk}"
    return [
        "/admin/",
        "/admin/articles/article/",
        "/admin/articles/article/?q=base&section=middle-east&state=nonsense",
        "/admin/articles/article/add/",
        f"{story_url}/change/",
        f"{story_url}/move/update/",
        f"{story_url}/move/withdraw/",
        f"{story_url}/history/",
        f"{story_url}/history/2/",
        "/admin/articles/image/",
        "/admin/articles/image/add/",
        f"/admin/articles/image/{image.pk}/change/",
        "/admin/articles/tag/",
        "/admin/articles/tag/add/",
        "/admin/articles/section/add/",
        "/admin/articles/author/add/",
        f"/admin/articles/section/{story.section_id}/address/",
        "/admin/articles/event/",
        "/admin/password_change/",
        "/admin/queue/",
        "/admin/holds/",
        "/admin/notices/",
        "/admin/home-page/",
        "/admin/articles/flatpage/",
        "/admin/articles/flatpage/add/",
        "/admin/articles/houserule/",
        "/admin/articles/houserule/try/",
        f"{story_url}/handling/",
        f"{story_url}/seen/",
        f"{story_url}/address/",
        f"{story_url}/move/schedule/",
        f"/admin/articles/article/bulk/?move=submit&story={other.pk}",
        f"/admin/articles/image/{image.pk}/takedown/",
        f"/admin/articles/image/{image.pk}/replace/",
        f"/admin/articles/image/together/?pk={image.pk}",
        "/admin/articles/image/rights/",
        f"/admin/articles/article/{story.pk}/waive/{image.pk}/",
        "/admin/articles/agencyname/",
        f"/admin/preview/{story.uid}/",
    ]


def settled(here, path: str) -> None:
    here.opens(path)
    if re.search(r"article/(add|\d+/change)/$", path):
        here.page.locator(".ProseMirror").wait_for()
    here.page.wait_for_load_state("networkidle")


def test_no_page_does_what_even_the_strictest_policy_refuses(inside, editor, administrator, job, addresses, settings):
    """Neither a nonce nor a hash is needed: all scripts and styles are files of ours."""
    strictest = {"script-src": [SELF], "style-src": [SELF]}
    settings.NEWSROOM_SECURITY_POLICY = settings.NEWSROOM_SECURITY_POLICY | strictest
    here = inside(editor)
    heard = {}
    for path in addresses:
        settled(here, path)
        heard[path] = list(here.complaints)
        here.complaints.clear()
    stranger = inside().opens("/admin/login/")
    heard["login"] = stranger.complaints
    heard["status"] = inside(administrator).opens("/admin/status/").complaints

    assert {path: complaints for path, complaints in heard.items() if complaints} == {}


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    scheme, size, inside, editor, reporter, administrator, job, addresses, story
):
    options = {"color_scheme": scheme, "viewport": SIZES[size], "bypass_csp": True}
    here, found = inside(editor, **options), {}
    for path in addresses[:-1]:  # the preview is a readers' page, and tested there
        settled(here, path)
        found[path] = faults(here)
    stranger = inside(**options).opens("/admin/login/")
    found["login"] = faults(stranger)
    looking_after = inside(administrator, **options).opens("/admin/status/")
    found["status"] = faults(looking_after)
    reading = inside(reporter, **options).opens(f"/admin/articles/article/{story.pk + 1}/change/")
    found["read"] = faults(reading)

    assert {path: list_ for path, list_ in found.items() if list_} == {}


def faults(here) -> list[str]:
    results = Axe().run(here.page).response
    said = [f"{fault['id']}: {node['html'][:160]}" for fault in results["violations"] for node in fault["nodes"]]
    if here.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("it scrolls sideways")
    return said


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_without_a_script_the_form_itself_asks_what_shall_stand(inside, reporter, editor, story, scheme, width):
    here = inside(reporter, java_script_enabled=False, color_scheme=scheme, viewport={"width": width, "height": 900})
    here.opens(f"/admin/articles/article/{story.pk}/change/")
    here.page.locator("[name=standfirst]").fill("The reporter’s standfirst.")
    drafts.save(story, replace(manuscripts.of(story), standfirst="The editor’s standfirst."), seen=1, by=editor)

    here.page.get_by_role("button", name="Save", exact=True).click()
    here.page.get_by_role("heading", name="Which words shall stand?").wait_for()
    here.page.get_by_label("Mine", exact=True).check()
    here.page.get_by_role("button", name="Put together and save").click()

    assert "Saved as version 3" in here.page.locator(".messagelist").inner_text()
    assert manuscripts.of(type(story).objects.get(pk=story.pk)).standfirst == "The reporter’s standfirst."


def test_the_theme_can_be_switched(inside, editor, story):
    here = inside(editor, color_scheme="light").opens("/admin/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = here.page.evaluate(ground)

    here.page.locator(".theme-toggle").click()
    while here.page.evaluate("document.documentElement.dataset.theme") != "dark":
        here.page.locator(".theme-toggle").click()

    assert here.page.evaluate(ground) != light


def test_the_way_past_the_head_is_the_first_stop(inside, editor, story):
    here = inside(editor).opens("/admin/")

    here.page.keyboard.press("Tab")
    here.page.keyboard.press("Enter")
    here.page.keyboard.press("Tab")

    assert here.page.evaluate("document.activeElement.closest('main') !== null")


def test_the_parts_of_the_status_stand_in_rows(inside, administrator):
    here = inside(administrator, viewport=SIZES["desk"]).opens("/admin/status/")

    tops = here.page.eval_on_selector_all(
        ".status.columns dt", "terms => terms.map((term) => Math.round(term.getBoundingClientRect().top))"
    )

    assert len(set(tops[:3])) == 1
