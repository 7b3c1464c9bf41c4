"""History in a real browser: axe in light and dark, a phone, the keyboard alone, no JavaScript."""

from dataclasses import replace

import pytest

from articles import manuscript as manuscripts
from articles.desk import drafts
from articles.manuscript import BylineLine
from articles.models import Author, Revision
from articles.photos import intake

from .browsing import inside
from .test_browser_pages import SIZES, faults

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENTENCE = "At least $1.1 million dollars of equipment were given to the Iraqis as coalition personnel departed."
LONG = "\n".join(f"<p>Paragraph {number}. {SENTENCE}</p>" for number in range(12))
BEFORE = (
    '<h2>What happened</h2>\n<figure data-image="{one}" data-caption="The convoy leaves at dawn."></figure>\n'
    f"{LONG}\n"
    '<aside data-kind="facts"><h3>Key facts</h3><p>Three bases in a month.</p><ul><li>al-Qaim</li></ul></aside>\n'
    "<table><caption>Bases</caption><tr><th>Base</th><th>Day</th></tr>"
    "<tr><td>Qayyarah</td><td>26 March</td></tr></table>\n"
    '<aside data-kind="timeline"><dl><dt>2003</dt><dd>Invasion begins</dd></dl></aside>\n'
    '<p>See <a href="https://example.org/a">this report</a> and that.</p>'
)
CHANGES = {
    "<h2>What happened</h2>": "<h3>What happened</h3>",
    'data-caption="The convoy leaves at dawn."': 'data-layout="wide" data-caption="The convoy leaves at dusk."',
    "Paragraph 5. At least": "Paragraph 5. Perhaps",
    "Three bases": "Four bases",
    "<li>al-Qaim</li>": "<li>al-Qaim Airfield</li><li>K1</li>",
    "<tr><td>Qayyarah</td><td>26": "<tr><td>K1</td><td>29 March</td></tr><tr><td>Qayyarah</td><td>27",
    "Invasion begins": "War begins",
    "example.org/a": "example.org/b",
    "and that": "and <strong>that</strong>",
}


@pytest.fixture
def compared(story, editor, reporter, picture_editor, image_file):
    """The story with two revisions that differ in everything, the first named, and an aside of the reporter's."""
    one = str(intake.receive(image_file("Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"), by=picture_editor).uid)
    two = str(intake.receive(image_file("Gate CREDIT US ARMY.jpg", "navy"), by=picture_editor).uid)
    Author.objects.create(name="Jo Smith", slug="jo-smith")
    words = replace(manuscripts.of(story), body=BEFORE.format(one=one))
    story = drafts.save(story, words, seen=1, by=reporter)
    body = manuscripts.of(story).body
    for old, new in CHANGES.items():
        body = body.replace(old, new)
    body += f'\n<figure data-image="{two}"></figure>\n<div data-related="{story.uid}"></div>'
    bylines = (BylineLine(author="news-desk"), BylineLine(author="jo-smith", role="Pictures by"))
    changed = {"headline": "Base given over", "cover": two, "bylines": bylines, "tags": (), "kind": "analysis"}
    drafts.save(story, replace(words, body=body, slug="given-over", **changed), seen=2, by=editor)
    drafts.name(Revision.objects.get(number=1), "As sent to the lawyers", by=editor)
    drafts.write(story, replace(words, headline="Quite another"), seen=2, by=reporter, tab="one")
    return story


@pytest.mark.parametrize(
    ("size", "scheme"), [("desk", "light"), ("phone", "dark"), ("desk", "dark"), ("phone", "light")]
)
def test_axe_finds_nothing_in_the_history_and_nothing_sticks_out(size, scheme, inside, editor, compared):
    here = inside(editor, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True)
    base = f"/admin/articles/article/{compared.pk}"
    found = {}
    for path in (
        "history/",
        "history/1/",
        "history/2/",
        "compare/?a=1&b=2",
        "compare/?a=2&b=1&show=beside",
        "history/1/restore/",
    ):
        here.opens(f"{base}/{path}")
        found[path] = faults(here) + here.complaints

    assert {path: list_ for path, list_ in found.items() if list_} == {}


def test_two_revisions_are_compared_and_one_restored_by_keyboard_without_javascript(inside, editor, compared):
    here = inside(editor, java_script_enabled=False).opens(f"/admin/articles/article/{compared.pk}/history/")
    page = here.page

    page.get_by_role("button", name="Compare the two").focus()
    page.keyboard.press("Enter")
    page.get_by_text("To the first change").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#change-1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#change-2")
    page.get_by_role("link", name="Restore revision 1…").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Restore revision 1").focus()
    page.keyboard.press("Enter")

    assert "The words of revision 1 are the story’s again" in page.locator(".messagelist").inner_text()
    assert manuscripts.of(type(compared).objects.get(pk=compared.pk)).headline == "Base handed over"
