"""Pictures that come right into the text, in a real browser: chosen, dropped or pasted, described, placed."""

import base64
import re

import pytest
from playwright.sync_api import expect

from articles.models import Image
from articles.photos import intake

from .browsing import enters, inside, text_of, writing

__all__ = ["inside", "writing"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"
GIVE = """([event, where, files]) => {
    const held = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
        held.items.add(new File([bytes], name, { type: "image/jpeg" }));
    }
    const target = document.querySelector(where);
    const { left, bottom } = target.getBoundingClientRect();
    const place = { clientX: left + 1, clientY: bottom - 2, bubbles: true, cancelable: true };
    const given = event === "drop"
        ? new DragEvent("drop", { dataTransfer: held, ...place })
        : new ClipboardEvent("paste", { clipboardData: held, ...place });
    target.dispatchEvent(given);
    return given.defaultPrevented;
}"""


@pytest.fixture
def encoded(image_file):
    return lambda name, colour="olive": [name, base64.b64encode(image_file(name, colour).read()).decode()]


def test_files_are_dropped_into_the_text_described_and_placed_where_they_fell(writing, encoded):
    page, here = writing("<p>One.</p>\n<p>Two.</p>")
    files = [encoded(NAME), encoded("Second.jpg", "navy"), ["notes.jpg", base64.b64encode(b"no picture").decode()]]
    assert page.evaluate(GIVE, ["drop", ".ProseMirror p", files])

    dialog = page.get_by_role("dialog", name="New pictures")
    expect(dialog.get_by_role("button", name="Place as a gallery")).to_be_visible(timeout=30_000)
    expect(dialog).to_contain_text("“notes.jpg” is not a picture")
    first = dialog.locator(".upload").first
    expect(first.get_by_label("Credit")).to_have_value("Royal Navy")
    assert first.locator(".lacks").count() == 2
    first.get_by_label("Text alternative").fill("A row of lorries.")
    first.get_by_label("Why we may use it").select_option("staff")
    dialog.get_by_role("button", name="Place as a gallery").click()

    gallery = page.get_by_role("group", name="Gallery")
    expect(gallery).to_contain_text("A row of lorries.")
    convoy, second = Image.objects.order_by("pk")
    assert (convoy.alt_text, convoy.rights_basis) == ("A row of lorries.", "staff")
    figures = f'<figure data-image="{convoy.uid}"></figure><figure data-image="{second.uid}"></figure>'
    assert text_of(page) == f'<p>One.</p>\n<div data-kind="gallery">{figures}</div>\n<p>Two.</p>'
    for name in ("Convoy leaves base", "Second"):
        page.get_by_role("group", name=f"Picture: {name}").get_by_role("button", name="Take out").click()
    assert text_of(page) == "<p>One.</p>\n<p>Two.</p>"
    assert [said for said in here.complaints if "422" not in said] == []


def test_a_pasted_file_that_is_here_already_is_recognised_and_one_beside_the_text_stays_outside(
    writing, encoded, image_file, picture_editor
):
    picture = intake.receive(image_file(NAME), by=picture_editor)
    page, here = writing("<p>One.</p>")
    page.locator(".ProseMirror p").click()
    assert page.evaluate(GIVE, ["paste", ".ProseMirror", [encoded("Again.jpg")]])

    dialog = page.get_by_role("dialog", name="New pictures")
    expect(dialog).to_contain_text("was here already, as “Convoy leaves base”", timeout=30_000)
    dialog.get_by_role("button", name="Place in the story").click()
    assert text_of(page) == f'<p>One.</p>\n<figure data-image="{picture.uid}"></figure>'

    page.get_by_label("Layout").select_option("beside")
    assert 'data-layout="beside"' in text_of(page)
    enters(page.locator(".ProseMirror p").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.type("typed over nothing")
    assert re.search(r"<figure .*</figure>\n<p>typed over nothing</p>", text_of(page))

    assert page.evaluate(GIVE, ["drop", "#user-tools", [encoded(NAME)]])
    expect(page.locator(".foot [role=status]")).to_have_text("Drop pictures into the text of the story.")
    assert here.complaints == []
