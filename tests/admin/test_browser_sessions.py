"""The session ends while somebody writes, in a real browser: the same text, in the same tab, in the same name."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session

from articles import manuscript as manuscripts
from articles.models import Article, Publication
from tests.conftest import PASSWORD

from .browsing import Inside, enters, inside

__all__ = ["inside"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.admin.places"),
]

TYPED = "They left at dawn"


def begins_to_write(here: Inside, story) -> None:
    here.opens_story(story)
    here.page.locator("textarea[name=headline]").fill(TYPED)


def presses(here: Inside, name: str) -> None:
    here.page.get_by_role("button", name=name, exact=True).click()


def logs_in_again(here: Inside, user=None) -> None:
    frame = here.page.frame_locator("dialog.session iframe")
    if user:
        frame.get_by_label("Username").fill(user.username)
    frame.get_by_label("Password").fill(PASSWORD)
    frame.get_by_role("button", name="Log in").click()


def headline(story) -> str:
    return manuscripts.of(Article.objects.get(pk=story.pk)).headline


def asks(here: Inside, times: int = 1) -> None:
    """Our scripts ask the newsroom something, all at once; window.answers holds how it went."""
    here.page.evaluate(
        """async (times) => {
          const { send, session } = await import(document.querySelector("script[src*='desk/session']").src);
          window.session = session;
          window.answers = [];
          for (let number = 0; number < times; number += 1) {
            send("/admin/door/open/", { json: () => ({ number }) })
              .then((answer) => answer.json())
              .then(({ got }) => window.answers.push(got.number));
          }
        }""",
        times,
    )


def answers(here: Inside, times: int) -> list[int]:
    here.page.wait_for_function("times => window.answers.length === times", arg=times)
    return sorted(here.page.evaluate("window.answers"))


def faults(here: Inside) -> list[str]:
    results = Axe().run(here.page).response
    return [f"{fault['id']}: {node['html'][:160]}" for fault in results["violations"] for node in fault["nodes"]]


def test_however_many_wait_one_dialog_asks_and_all_go_on_with_the_new_token(inside, reporter, story):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()

    asks(here, times=3)
    logs_in_again(here)

    assert answers(here, 3) == [0, 1, 2]
    assert here.page.locator("dialog.session").count() == 1
    assert not here.page.locator("dialog.session").is_visible()
    assert "Saved as version 2." in here.saves()
    assert headline(story) == TYPED


def test_the_writer_is_back_where_they_were_and_types_on(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    enters(here.page.locator(".ProseMirror p").first)
    here.page.keyboard.press("End")
    here.page.keyboard.type(" They left")
    Session.objects.all().delete()

    asks(here)
    logs_in_again(here)
    assert answers(here, 1) == [0]
    here.page.keyboard.type(" at dawn.")

    assert "left the base. They left at dawn." in here.page.locator(".ProseMirror").inner_text()


def test_the_dialog_can_be_put_off_and_asked_for_again(inside, reporter, story):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()
    asks(here)

    here.page.locator("dialog.session").wait_for()
    here.page.keyboard.press("Escape")
    assert here.page.locator(".session-bar").inner_text().startswith("You are logged out.")
    here.page.keyboard.type("!")
    presses(here, "Log in again")
    logs_in_again(here)

    assert answers(here, 1) == [0]
    assert here.page.locator(".session-bar").count() == 0


def test_while_the_newsroom_does_not_answer_it_is_asked_again(inside, reporter, story):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()
    here.page.route("**/admin/token/", lambda route: route.abort())
    asks(here)
    here.page.locator(".session-bar").wait_for()

    here.page.unroute("**/admin/token/")
    logs_in_again(here)

    assert answers(here, 1) == [0]
    assert here.page.locator(".session-bar").count() == 0


def test_the_token_of_a_login_in_another_tab_is_fetched_without_a_word(inside, reporter, story, live_server):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()
    other = here.page.context.new_page()
    other.goto(f"{live_server.url}/admin/")
    other.get_by_label("Username").fill(reporter.username)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    other.locator("#logout-form").wait_for()

    asks(here)

    assert answers(here, 1) == [0]
    assert "Saved as version 2." in here.saves()


def test_a_text_is_not_sent_in_another_name(inside, reporter, editor, story):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()
    asks(here)

    logs_in_again(here, editor)
    here.page.get_by_role("heading", name="Somebody else is logged in here").wait_for()
    assert "You are now logged in as Edith Okoro. The text in this tab is Rosa Diaz’s" in (
        here.page.locator("dialog.session").inner_text()
    )
    assert TYPED in here.page.get_by_label("The text, to copy").input_value()
    assert "Coalition forces have left the base." in here.page.get_by_label("The text, to copy").input_value()
    presses(here, "Log in as Rosa Diaz")
    logs_in_again(here, reporter)

    assert answers(here, 1) == [0]
    assert "Saved as version 2." in here.saves()
    assert Article.objects.get(pk=story.pk).saved_by == reporter


def test_somebody_else_in_another_tab_is_noticed_when_the_frame_finds_itself_too_old(
    inside, reporter, editor, story, live_server
):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()
    asks(here)
    here.page.frame_locator("dialog.session iframe").get_by_label("Password").wait_for()
    other = here.page.context.new_page()
    other.goto(f"{live_server.url}/admin/")
    other.get_by_label("Username").fill(editor.username)
    other.get_by_label("Password").fill(PASSWORD)
    other.get_by_role("button", name="Log in").click()
    other.locator("#logout-form").wait_for()

    logs_in_again(here)

    here.page.get_by_role("heading", name="Somebody else is logged in here").wait_for()
    assert here.page.evaluate("window.answers") == []


def test_a_save_goes_on_by_itself_once_the_writer_is_back(inside, reporter, story):
    here = inside(reporter)
    begins_to_write(here, story)
    Session.objects.all().delete()

    presses(here, "Save")
    logs_in_again(here)

    assert "Saved as version 2." in here.page.locator(".messagelist").inner_text()


def test_a_publish_pressed_meanwhile_is_meant_only_when_it_is_pressed_again(inside, editor, story):
    here = inside(editor).opens(f"/admin/articles/article/{story.pk}/move/publish/")
    Session.objects.all().delete()

    presses(here, "Publish")
    logs_in_again(here)
    note = here.page.get_by_text("Press “Publish” once more if you still mean it.")
    note.wait_for()
    assert not Publication.objects.exists()
    presses(here, "Publish")

    assert "is public" in here.page.locator(".messagelist").inner_text()
    assert Publication.objects.count() == 1


def test_a_move_from_the_form_is_asked_for_again_too(inside, editor, story):
    here = inside(editor)
    begins_to_write(here, story)
    Session.objects.all().delete()

    presses(here, "Save, then publish…")
    logs_in_again(here)
    here.page.get_by_text("Press “Save, then publish…” once more if you still mean it.").wait_for()

    assert "/move/" not in here.page.url


def test_without_a_network_a_form_is_not_sent_and_nothing_is_lost(inside, reporter, story):
    here = inside(reporter)
    begins_to_write(here, story)
    here.page.context.set_offline(True)

    presses(here, "Save")
    here.page.get_by_text("The newsroom cannot be reached, so nothing was sent.").wait_for()
    here.page.context.set_offline(False)

    assert "Saved as version 2." in here.saves()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (390, "dark")], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing_in_the_dialog_and_the_bar(width, scheme, inside, reporter, editor, story):
    size = {"width": width, "height": 800}
    here = inside(reporter, color_scheme=scheme, viewport=size, bypass_csp=True)
    begins_to_write(here, story)
    Session.objects.all().delete()
    asks(here)
    here.page.frame_locator("dialog.session iframe").get_by_label("Password").wait_for()
    found = faults(here)
    presses(here, "Go on writing, log in later")
    found += faults(here)
    presses(here, "Log in again")
    logs_in_again(here, editor)
    here.page.get_by_role("heading", name="Somebody else is logged in here").wait_for()

    assert found + faults(here) == []
    assert not here.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_without_a_script_too_the_text_comes_back_after_the_login_and_is_saved(inside, reporter, story):
    here = inside(reporter, java_script_enabled=False)
    here.opens(f"/admin/articles/article/{story.pk}/change/")
    here.page.get_by_label("Headline", exact=True).fill(TYPED)
    here.page.get_by_label("Story", exact=True).fill("One.\n\nTwo & <b>three</b>.")
    Session.objects.all().delete()

    presses(here, "Save")
    here.page.get_by_label("Username").fill(reporter.username)
    here.page.get_by_label("Password").fill(PASSWORD)
    presses(here, "Log in")
    here.page.get_by_role("heading", name="Your text is here").wait_for()
    assert headline(story) == "Base handed over"
    presses(here, "Open the form with this text")
    assert here.page.get_by_label("Story", exact=True).input_value() == "One.\n\nTwo & <b>three</b>."
    assert headline(story) == "Base handed over"

    assert "Saved as version 2." in here.saves()
    assert headline(story) == TYPED


@pytest.mark.parametrize(
    ("width", "scheme"), [(1440, "light"), (390, "dark")], ids=["wide and light", "narrow and dark"]
)
def test_axe_finds_nothing_on_the_pages_that_give_the_text_back(width, scheme, inside, reporter, story):
    # Scripts run for axe's sake; ours do not ask first, so that the form meets the ended session.
    here = inside(reporter, color_scheme=scheme, viewport={"width": width, "height": 800}, bypass_csp=True)
    begins_to_write(here, story)
    here.page.locator("form[id=article_form]").evaluate("form => form.setAttribute('data-unguarded', '')")
    Session.objects.all().delete()
    presses(here, "Save")
    here.page.locator("details.sent summary").click()
    found = faults(here)
    here.page.get_by_label("Username").fill(reporter.username)
    here.page.get_by_label("Password").fill(PASSWORD)
    presses(here, "Log in")
    here.page.get_by_role("heading", name="Your text is here").wait_for()
    found += faults(here)
    presses(here, "Open the form with this text")
    here.page.get_by_text("This is the text that you sent before.").wait_for()

    assert found + faults(here) == []
    assert here.page.locator("textarea[name=headline]").input_value() == TYPED
