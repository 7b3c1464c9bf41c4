"""Two people in one story, a lost network, a closed tab, in a real browser: every word of everybody is kept."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.sessions.models import Session

from articles import body
from articles import manuscript as manuscripts
from articles.desk import drafts
from articles.models import Article, Revision

from .browsing import Inside, enters, inside

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST, SECOND = "<p>Coalition forces have left the base.</p>", "<p>Three hundred people departed.</p>"


def types_into(here: Inside, paragraph: int, text: str) -> None:
    """At the end of that paragraph of the story."""
    enters(here.page.locator(".ProseMirror p").nth(paragraph))
    here.page.keyboard.press("End")
    here.page.keyboard.type(text)


def state_says(here: Inside, text: str) -> None:
    here.page.wait_for_function("text => document.getElementById('writing-state').textContent.includes(text)", arg=text)


def is_saved(here: Inside) -> None:
    state_says(here, "Saved ")


def body_of(story) -> str:
    return manuscripts.of(Article.objects.get(pk=story.pk)).body


def text_in(here: Inside) -> str:
    return here.page.locator(".ProseMirror").inner_text()


def top_of_the_text(here: Inside) -> float:
    return here.page.evaluate("document.querySelector('.ProseMirror').getBoundingClientRect().top")


def presses(here: Inside, name: str) -> None:
    here.page.get_by_role("button", name=name, exact=True).click()


def test_what_is_typed_saves_itself_and_the_plain_save_goes_on_from_it(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    types_into(here, 0, " At dawn.")
    is_saved(here)

    assert body_of(story) == f"<p>Coalition forces have left the base. At dawn.</p>\n{SECOND}"
    assert Article.objects.get().version == 2
    here.page.locator("[name=headline]").fill("Base given back")
    assert "Saved as version" in here.saves()
    assert Revision.objects.filter(tab__gt="").count() == 1
    assert here.complaints == []


def test_the_form_is_not_sent_before_older_words_have_come_in(inside, reporter, story):
    """They would come in after it, and put back what stood there before."""
    here = inside(reporter).opens_story(story)
    under_way, sent = [], []
    here.page.route("**/autosave/", lambda route: under_way.append(route))
    here.page.on("request", lambda request: sent.append(request.url) if request.is_navigation_request() else None)
    types_into(here, 0, " At dawn.")
    while not under_way:
        here.page.wait_for_timeout(50)
    types_into(here, 0, " By road.")

    presses(here, "Save")
    here.page.wait_for_timeout(1000)
    assert sent == []
    under_way.pop().continue_()
    here.page.locator(".messagelist").wait_for()

    assert body_of(story) == f"<p>Coalition forces have left the base. At dawn. By road.</p>\n{SECOND}"


def test_two_who_write_different_paragraphs_both_end_with_both(inside, reporter, subeditor, story):
    rosa, sam = inside(reporter).opens_story(story), inside(subeditor).opens_story(story)
    types_into(rosa, 0, " At dawn.")
    is_saved(rosa)
    place = top_of_the_text(rosa)
    types_into(sam, 1, " By road.")
    is_saved(sam)

    both = "<p>Coalition forces have left the base. At dawn.</p>\n<p>Three hundred people departed. By road.</p>"
    for here in (rosa, sam):
        for text in ("At dawn.", "By road."):
            here.page.locator(".ProseMirror", has_text=text).wait_for(timeout=20_000)
    assert body_of(story) == both
    rosa.page.get_by_role("region", name="What came in").get_by_text("changed: 1 paragraph.").wait_for()
    assert top_of_the_text(rosa) == place
    assert rosa.complaints == sam.complaints == []


def test_two_who_write_one_paragraph_choose_and_the_loser_is_in_the_history(inside, reporter, subeditor, story):
    rosa, sam = inside(reporter).opens_story(story), inside(subeditor).opens_story(story)
    types_into(sam, 0, " By Sam.")
    is_saved(sam)
    types_into(rosa, 0, " By Rosa.")

    dialog = rosa.page.get_by_role("dialog", name="Which words shall stand?")
    dialog.wait_for()
    state_says(rosa, "Kept beside the story")
    assert "Sam" in dialog.inner_text()
    assert "Rosa" in dialog.inner_text()
    presses(rosa, "Put together")
    dialog.get_by_role("alert").wait_for()
    dialog.get_by_label("Theirs", exact=True).check()
    presses(rosa, "Put together")
    dialog.wait_for(state="detached")

    assert "By Sam." in text_in(rosa)
    assert "By Rosa." not in text_in(rosa)
    aside = Revision.objects.asides().get()
    assert "By Rosa." in aside.manuscript["body"]
    assert aside.label.name.startswith("Rosa Diaz’s text over version 1")
    assert rosa.complaints == []


def test_who_is_here_is_seen_and_whoever_is_taken_over_is_told_and_loses_nothing(inside, reporter, editor, story):
    rosa = inside(reporter).opens_story(story)
    edith = inside(editor).opens_story(story)
    types_into(rosa, 0, " At dawn.")
    edith.page.get_by_text("Rosa Diaz").first.wait_for(timeout=12_000)

    presses(edith, "Take over…")
    edith.page.get_by_role("button", name="Take over", exact=True).click()

    bar = rosa.page.get_by_role("region", name="Taken over")
    bar.get_by_text("Edith Okoro took over at").wait_for(timeout=12_000)
    assert rosa.page.locator(".ProseMirror").get_attribute("contenteditable") == "false"
    assert rosa.page.locator("[name=headline]").get_attribute("readonly") is not None
    bar.get_by_role("button", name="Write again").click()
    rosa.page.locator(".ProseMirror[contenteditable=true]").wait_for()
    types_into(rosa, 1, " By road.")
    is_saved(rosa)
    assert "At dawn." in body_of(story)
    assert [said for said in rosa.complaints if "409" not in said] == edith.complaints == []


def test_what_is_typed_without_a_network_is_sent_once_it_is_back(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    here.page.context.set_offline(True)
    types_into(here, 0, " At dawn.")
    state_says(here, "Offline: kept on this computer")
    types_into(here, 1, " By road.")

    here.page.context.set_offline(False)
    is_saved(here)

    assert "At dawn." in body_of(story)
    assert "By road." in body_of(story)


def test_a_tab_closed_without_a_network_leaves_its_words_to_the_next(inside, reporter, subeditor, story):
    here = inside(reporter).opens_story(story)
    here.page.context.set_offline(True)
    types_into(here, 0, " At dawn.")
    state_says(here, "kept on this computer")
    drafts.save(story, with_(story, kicker="Iraq"), seen=1, by=subeditor)
    context = here.page.context
    here.page.close()
    context.set_offline(False)

    again = Inside(context.new_page(), here.url)
    again.opens_story(story)
    presses(again, "See what it is")
    dialog = again.page.get_by_role("dialog")
    assert "At dawn." in dialog.inner_text()
    presses(again, "Put it into the form")
    dialog.wait_for(state="detached")

    assert "At dawn." in text_in(again)
    assert "At dawn." in body_of(story)
    assert again.page.locator("[name=kicker]").input_value() == "Iraq"
    again.page.reload()
    again.page.locator(".ProseMirror").wait_for()
    assert not again.page.get_by_role("button", name="See what it is").is_visible()


KEEPS_AND_LIVES = """async (entry) => {
  const opened = await new Promise((done) => {
    const asked = indexedDB.open("newsroom", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("journal", { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
  });
  await new Promise((done) => {
    const writing = opened.transaction("journal", "readwrite");
    writing.objectStore("journal").put(entry);
    writing.oncomplete = done;
  });
  await new Promise((held) => {
    navigator.locks.request(`journal ${entry.sender}`, () => new Promise(() => held()));
  });
}"""


def test_words_of_a_tab_that_is_closed_later_are_offered_in_the_one_that_stays(inside, reporter, story):
    """The other tab is a page that keeps words and its lock as a story's does, and saves nothing when it goes."""
    leaving = inside(reporter).opens("/admin/notices/")
    uid, sender = str(story.uid), "11111111-1111-4111-8111-111111111111"
    kept = {"key": f"{reporter.pk}/{uid}/{sender}", "user": reporter.pk, "uid": uid, "sender": sender, "isNew": False}
    kept |= {"seen": 1, "at": "2026-11-29T09:00:00.000Z", "changed": {"body": "<p>They left at dawn.</p>"}}
    leaving.page.evaluate(KEEPS_AND_LIVES, kept)
    staying = Inside(leaving.page.context.new_page(), leaving.url).opens_story(story)
    staying.page.wait_for_function(
        "async (name) => (await navigator.locks.query()).pending.some((lock) => lock.name === name)",
        arg=f"journal {sender}",
    )
    assert not staying.page.get_by_role("button", name="See what it is").is_visible()
    leaving.page.close()

    presses(staying, "See what it is")
    assert "They left at dawn." in staying.page.get_by_role("dialog").inner_text()


def test_two_tabs_of_one_person_are_put_together_too(inside, reporter, story):
    one = inside(reporter).opens_story(story)
    two = Inside(one.page.context.new_page(), one.url).opens_story(story)
    types_into(one, 0, " At dawn.")
    is_saved(one)
    types_into(two, 1, " By road.")
    is_saved(two)

    assert "At dawn." in body_of(story)
    assert "By road." in body_of(story)


def test_a_new_story_is_begun_once_and_the_page_becomes_its_form(inside, reporter, section):
    here = inside(reporter).opens("/admin/articles/article/add/")
    here.page.locator(".ProseMirror").wait_for()
    here.page.locator("[name=headline]").fill("Convoy leaves")
    is_saved(here)
    here.page.get_by_role("heading", name="Versions").wait_for()
    here.page.get_by_role("button", name="Beside the text").wait_for()
    assert here.page.get_by_role("heading", level=1).inner_text() == "Write"
    enters(here.page.locator(".ProseMirror"))
    here.page.keyboard.type("At dawn.")
    here.page.wait_for_function("() => document.getElementById('writing-state').textContent.startsWith('Saved')")
    here.page.wait_for_timeout(2500)
    is_saved(here)

    story = Article.objects.get()
    assert here.page.url.endswith(f"/admin/articles/article/{story.pk}/change/")
    assert (story.headline, body.plain_text(story.body).strip()) == ("Convoy leaves", "At dawn.")
    here.page.locator("[name=standfirst]").fill("By road.")
    assert "Saved as version" in here.saves()
    assert Article.objects.count() == 1
    assert here.complaints == []


def test_somebody_demoted_while_typing_is_told_and_keeps_the_text(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    reporter.groups.clear()
    types_into(here, 0, " At dawn.")

    here.page.get_by_role("button", name="Copy the text").wait_for()

    state_says(here, "Not saved")
    assert "At dawn." in text_in(here)
    assert "At dawn." not in body_of(story)


def test_logging_out_sends_the_last_words_first_and_leaves_nothing_on_the_computer(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    types_into(here, 0, " At dawn.")

    presses(here, "Log out")
    here.page.wait_for_url("**/logout/")

    assert "At dawn." in body_of(story)
    kept = """() => new Promise((resolve) => {
      const asked = indexedDB.open("newsroom", 1);
      asked.onsuccess = () => {
        const all = asked.result.transaction("journal").objectStore("journal").getAll();
        all.onsuccess = () => resolve(all.result.length);
      };
    })"""
    assert here.page.evaluate(kept) == 0


def test_nobody_is_offered_the_words_of_another_account(inside, reporter, editor, story, at):
    here = inside(reporter).opens_story(story)
    here.page.context.set_offline(True)
    types_into(here, 0, " At dawn.")
    state_says(here, "kept on this computer")
    context = here.page.context
    Session.objects.all().delete()  # what the closed page may still send is nobody's
    here.page.close()
    context.set_offline(False)
    session = at(editor).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": here.url}])

    again = Inside(context.new_page(), here.url).opens_story(story)
    types_into(again, 1, " By road.")
    is_saved(again)

    assert not again.page.get_by_role("button", name="See what it is").is_visible()
    assert "At dawn." not in body_of(story)


def test_a_new_story_that_was_never_saved_is_offered_on_the_page_for_a_new_one(inside, reporter):
    here = inside(reporter).opens("/admin/articles/article/add/")
    here.page.locator(".ProseMirror").wait_for()
    here.page.context.set_offline(True)
    here.page.locator("[name=headline]").fill("Convoy leaves")
    state_says(here, "kept on this computer")
    context = here.page.context
    here.page.close()
    context.set_offline(False)

    again = Inside(context.new_page(), here.url).opens("/admin/articles/article/add/")
    presses(again, "See what it is")
    assert "Convoy leaves" in again.page.get_by_role("dialog").inner_text()
    presses(again, "Put it into the form")
    again.page.wait_for_url("**/change/")

    assert again.page.locator("[name=headline]").input_value() == "Convoy leaves"
    assert Article.objects.get().headline == "Convoy leaves"


def test_a_browser_that_keeps_nothing_says_so_and_saves_all_the_same(inside, reporter, story):
    here = inside(reporter)
    here.page.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error('none'); } })")
    here.opens_story(story)
    state_says(here, "This browser keeps nothing on this computer")

    types_into(here, 0, " At dawn.")
    is_saved(here)

    assert "At dawn." in body_of(story)


def test_with_the_keyboard_alone_a_clash_is_settled(inside, reporter, subeditor, story):
    here = inside(reporter).opens_story(story)
    drafts.save(story, with_(story, body=f"<p>By the sub.</p>\n{SECOND}"), seen=1, by=subeditor)
    types_into(here, 0, " By Rosa.")
    here.page.get_by_role("dialog", name="Which words shall stand?").wait_for()

    for key in ("Tab", "Space", "ArrowRight", "ArrowRight", "Tab", "Enter"):
        here.page.keyboard.press(key)
    here.page.get_by_role("dialog").wait_for(state="detached")

    assert body_of(story).startswith("<p>By the sub.</p>\n<p>Coalition forces have left the base. By Rosa.</p>")
    assert here.page.evaluate("document.activeElement.closest('.ProseMirror') !== null")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_bars_and_dialogs_are_right_for_everybody(inside, reporter, subeditor, story, scheme, width):
    here = inside(reporter, color_scheme=scheme, viewport={"width": width, "height": 900}).opens_story(story)
    drafts.save(story, with_(story, body=f"<p>By the sub.</p>\n{SECOND}"), seen=1, by=subeditor)
    types_into(here, 0, " By Rosa.")
    dialog = here.page.get_by_role("dialog", name="Which words shall stand?")
    dialog.wait_for()

    faults = Axe().run(here.page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []
    assert here.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    here.page.keyboard.press("Escape")
    here.page.get_by_role("region", name="To be put together").wait_for()
    faults = Axe().run(here.page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []
    assert here.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def with_(story, **words):
    return replace(manuscripts.of(Article.objects.get(pk=story.pk)), **words)
