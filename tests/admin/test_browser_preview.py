"""The preview in a real browser: beside the text, on its sizes, in its light, and for somebody outside."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from articles import manuscript as manuscripts
from articles.desk import drafts, previews

from .browsing import inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "the convoy leaves at dawn"
# Playwright's own colour scheme would overrule what a frame's element asks for.
AS_THE_SYSTEM = {"color_scheme": "no-preference"}
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture
def writing(inside, reporter, story):
    """The story's form with the pane open beside it."""

    def open_pane(**options):
        here = inside(reporter, viewport=WIDE, **AS_THE_SYSTEM | options).opens_story(story)
        here.page.get_by_role("button", name="Beside the text").click()
        expect(inner(here).get_by_text("PREVIEW of")).to_be_visible()
        return here

    return open_pane


def inner(here):
    return here.page.frame_locator("#preview-pane iframe")


def inside_it(here, question: str, where: str = "#preview-pane iframe"):
    """What a script of ours, outside the frame, sees in it: ``question`` is about ``win`` and ``doc``."""
    return here.page.locator(where).evaluate(
        f"frame => {{ const win = frame.contentWindow, doc = frame.contentDocument; return {question}; }}"
    )


def words_of(story, **words):
    return replace(manuscripts.of(story), **words)


def test_what_is_typed_is_drawn_beside_it_before_it_is_saved(writing, story):
    here = writing()

    here.page.locator("[name=headline]").fill("Base abandoned")
    expect(inner(here).get_by_role("heading", level=1)).to_have_text("Base abandoned")
    here.page.locator(".ProseMirror").press_sequentially("Nobody is left. ")
    expect(inner(here).get_by_text("Nobody is left.")).to_be_visible()

    story.refresh_from_db()
    assert (story.headline, story.version) == ("Base handed over", 1)
    assert here.complaints == []


def test_it_is_drawn_again_when_the_story_was_saved_by_itself(writing):
    """Words of a colleague that were merged in come without a key being pressed."""
    here = writing()
    expect(here.page.locator("[data-when]")).to_contain_text("As it was typed at")

    here.page.evaluate(
        "document.querySelector('[name=headline]').value = 'Merged in';"
        " document.dispatchEvent(new CustomEvent('story:saved'))"
    )

    expect(inner(here).get_by_role("heading", level=1)).to_have_text("Merged in")


def test_nothing_flickers_and_the_place_is_kept(writing, story, reporter):
    drafts.save(story, words_of(story, body="\n".join(f"<p>Line {n}.</p>" for n in range(90))), seen=1, by=reporter)
    here = writing()
    expect(here.page.locator("[data-when]")).to_contain_text("As it was typed at")
    inside_it(here, "(win.scrollTo(0, 1200), doc.querySelector('.story__body p:nth-of-type(40)').mark = 'the same')")

    here.page.locator("[name=standfirst]").fill("The fourth base in a month.")
    expect(inner(here).get_by_text("The fourth base in a month.")).to_be_attached()

    assert inside_it(here, "win.scrollY") == 1200
    assert inside_it(here, "doc.querySelector('.story__body p:nth-of-type(40)').mark") == "the same"


def test_a_link_in_it_leads_nowhere(writing):
    here = writing()

    inner(here).get_by_role("link", name="Home", exact=True).click()
    here.page.wait_for_timeout(300)

    expect(inner(here).get_by_text("PREVIEW of")).to_be_visible()
    assert here.complaints == []


def test_phone_desktop_light_dark_and_paper_are_what_such_readers_get(writing):
    here = writing()
    seen = {}
    for size, scheme in [("Phone", "Light"), ("Phone", "Dark"), ("Desktop", "Dark"), ("Desktop", "Light")]:
        choose(here, size)
        choose(here, scheme)
        seen[size, scheme] = inside_it(
            here,
            "[win.innerWidth, win.matchMedia('(prefers-color-scheme: dark)').matches,"
            " win.getComputedStyle(doc.body).backgroundColor]",
        )

    assert [width for width, _dark, _ground in seen.values()] == [390, 390, 1280, 1280]
    assert [dark for _width, dark, _ground in seen.values()] == [False, True, True, False]
    assert seen["Phone", "Light"][2] == seen["Desktop", "Light"][2] != seen["Desktop", "Dark"][2]

    choose(here, "Print")
    expect(inner(here).locator(".foot")).to_be_hidden()
    expect(inner(here).locator(".print-only")).to_be_visible()
    assert inside_it(here, "win.getComputedStyle(doc.body).backgroundColor") == "rgb(255, 255, 255)"
    choose(here, "Phone")
    expect(inner(here).locator(".foot")).to_be_visible()
    assert here.complaints == []


def choose(here, name: str) -> None:
    here.page.locator("#preview-pane label", has_text=name).click()


def test_it_is_remembered_until_it_is_closed(writing, story):
    here = writing()
    choose(here, "Dark")
    choose(here, "Desktop")

    here.opens_story(story)
    expect(inner(here).get_by_text("PREVIEW of")).to_be_visible()
    assert inside_it(here, "win.innerWidth") == 1280
    assert inside_it(here, "win.matchMedia('(prefers-color-scheme: dark)').matches")

    here.page.get_by_role("button", name="Close the preview").click()
    here.opens_story(story)
    expect(here.page.locator("#preview-pane")).to_be_hidden()


def test_opening_it_by_itself_takes_nothing_from_the_writer(writing, story):
    here = writing()
    here.opens_story(story)
    expect(inner(here).get_by_text("PREVIEW of")).to_be_visible()

    assert here.page.evaluate("document.activeElement === document.body")


def test_on_a_phone_it_covers_the_text_and_escape_leads_back(inside, reporter, story):
    here = inside(reporter, viewport=PHONE, **AS_THE_SYSTEM).opens_story(story)
    opener = here.page.get_by_role("button", name="Beside the text")
    opener.focus()
    here.page.keyboard.press("Enter")
    expect(inner(here).get_by_text("PREVIEW of")).to_be_visible()
    assert here.page.evaluate("document.querySelector('#preview-pane').matches(':modal')")
    assert inside_it(here, "win.innerWidth") == 390

    here.page.keyboard.press("Escape")

    expect(here.page.locator("#preview-pane")).to_be_hidden()
    expect(opener).to_be_focused()


def test_without_a_connection_it_says_so_and_stays_as_it_was(writing):
    here = writing()
    expect(here.page.locator("[data-when]")).to_contain_text("As it was typed at")
    here.page.route("**/draft/", lambda route: route.abort())

    here.page.locator("[name=headline]").fill("Base abandoned")

    expect(here.page.locator("#preview-pane [role=status]")).to_contain_text("No connection")
    expect(inner(here).get_by_role("heading", level=1)).to_have_text("Base handed over")


def test_what_somebody_pastes_does_not_run_in_it(writing):
    here = writing()

    here.page.locator("[name=headline]").fill('<img src=x onerror="parent.ran = 1"><script>parent.ran = 1</script>')
    expect(inner(here).get_by_role("heading", level=1)).to_contain_text("<script>")

    assert here.page.evaluate("window.ran") is None
    assert here.complaints == []


def test_without_a_script_the_frame_is_as_dark_as_was_asked(inside, reporter, story):
    here = inside(reporter, viewport=WIDE, **AS_THE_SYSTEM)
    seen = []
    for scheme in ("light", "dark"):
        here.opens(f"/admin/articles/article/{story.pk}/preview/?size=desktop&scheme={scheme}")
        here.page.wait_for_load_state("networkidle")
        seen.append(inside_it(here, "win.matchMedia('(prefers-color-scheme: dark)').matches", ".stage iframe"))

    assert seen == [False, True]
    assert here.complaints == []


# --- Somebody outside ---


@pytest.fixture
def locked(story, reporter):
    expires_at = timezone.now() + previews.USUAL
    return previews.make(story, by=reporter, expires_at=expires_at, label="The lawyer", password=PASSWORD)


def test_somebody_outside_says_the_password_and_reads_without_a_cookie(inside, locked):
    here = inside().opens(reverse("preview_link:story", args=[previews.token_of(locked)]))

    here.page.get_by_label("Password").fill("not it")
    here.page.get_by_role("button", name="Read the story").click()
    expect(here.page.get_by_text("That is not the password.")).to_be_visible()
    here.page.get_by_label("Password").fill(PASSWORD)
    here.page.keyboard.press("Enter")

    expect(here.page.get_by_role("heading", name="Base handed over")).to_be_visible()
    expect(here.page.get_by_text("PREVIEW for The lawyer until")).to_be_visible()
    assert here.page.context.cookies() == []
    locked.refresh_from_db()
    assert (locked.views, locked.guesses) == (1, 1)
    assert [said for said in here.complaints if "403" not in said] == []


# --- What axe says ---


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(size, scheme, inside, reporter, story, locked):
    options = {"viewport": size, "color_scheme": scheme, "bypass_csp": True}
    token, here, found = previews.token_of(locked), inside(reporter, **options), {}
    for path in (f"/admin/articles/article/{story.pk}/preview/", f"/preview/{token}/", "/preview/wrong.token/"):
        here.opens(path)
        here.page.wait_for_load_state("networkidle")
        found[path] = faults(here)
    here.opens_story(story).page.get_by_role("button", name="Beside the text").click()
    expect(inner(here).get_by_text("PREVIEW of")).to_be_visible()
    found["pane"] = faults(here)

    assert {path: list_ for path, list_ in found.items() if list_} == {}


def faults(here) -> list[str]:
    results = Axe().run(here.page).response
    said = [f"{fault['id']}: {node['html'][:160]}" for fault in results["violations"] for node in fault["nodes"]]
    if here.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("it scrolls sideways")
    return said
