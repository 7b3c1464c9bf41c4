"""The story's editor in a real browser: nothing is lost on the way, and every word of ours can be written."""

# ruff: noqa: E501  pasted text comes in long lines

import re
from dataclasses import replace

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from articles import body
from articles import manuscript as manuscripts
from articles.desk import drafts
from articles.models import Article
from articles.photos import intake

from .browsing import inside, text_of, writing

__all__ = ["inside", "writing"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHOLE_VOCABULARY = """\
<h2>A heading</h2>
<p>Plain, <strong>bold</strong>, <em>slanted</em>, <strong><em>both</em></strong> and\u00a0tied; 3 &lt; 4 &amp; “so on”.</p>
<h3>A subheading</h3>
<p>A <a href="https://example.org/?a=1&amp;b=2">link with <strong>weight</strong></a>, <a href="/middle-east/">one of ours</a>, <a href="mailto:desk@example.org">a letter</a>.<br>A new line.</p>
<ul><li>One</li><li>Two<ul><li>Two and a half</li></ul></li></ul>
<ol><li>First</li><li>Second<br>in two lines</li></ol>
<blockquote><p>Said one.</p><p>Said <em>two</em>.</p></blockquote>
<figure data-image="UID" data-layout="wide" data-caption="Our “own” caption &amp; more" data-alt="Ours"></figure>
<hr>
<div data-kind="gallery"><figure data-image="UID"></figure><figure data-image="UID" data-caption="It&#x27;s"></figure></div>
<aside data-kind="facts"><h3>Key <em>facts</em></h3><p>One.</p><ul><li>Two</li></ul></aside>
<aside data-kind="facts"><p>Without a title.</p></aside>
<aside data-kind="quote" data-by="General “Q”"><p>We <strong>left</strong>.</p></aside>
<aside data-kind="quote"><p>Nobody’s.</p></aside>
<aside data-kind="timeline"><h3>Days</h3><dl><dt>1 March</dt><dd>They <a href="/x/">came</a>.</dd><dt>2 March</dt><dd>They left.</dd></dl></aside>
<table><caption>Losses, <em>so far</em></caption><tr><th>A</th><th>B</th></tr><tr><td>1<br>2</td><td></td></tr></table>
<table><tr><td>One</td><td>Two</td></tr></table>
<div data-embed="youtube" data-url="https://www.youtube.com/watch?v=abcdefghijk" data-title="Our own words"></div>
<div data-related="STORY UID"></div>
<p>Ours: <a data-article="STORY">the <em>base</em></a>.</p>
<figure data-image="UID"></figure>
<p>The end.</p>"""


def stored(story) -> Article:
    return Article.objects.get(pk=story.pk)


@pytest.fixture
def picture(picture_editor):
    return intake.expect("Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg", by=picture_editor, alt_text="A convoy.")


@pytest.fixture
def rich(story, editor, picture):
    """A story that uses every word of the vocabulary."""
    text = WHOLE_VOCABULARY.replace("UID", str(picture.uid)).replace("STORY", str(story.uid))
    assert body.clean(text) == text
    return drafts.save(story, replace(manuscripts.of(story), body=text), seen=1, by=editor)


def test_the_source_story_opened_and_saved_makes_no_version(inside, editor):
    call_command("import_stories", "seeds/", verbosity=0)
    story = Article.objects.get()
    version, text = story.version, story.body

    said = inside(editor).opens_story(story).saves()

    assert f"No word was changed: version {version} stands." in said
    assert (stored(story).version, stored(story).body) == (version, text)


def test_the_source_story_touched_and_put_back_is_byte_for_byte_the_same(inside, editor):
    """Here the editor has written all of the text anew."""
    call_command("import_stories", "seeds/", verbosity=0)
    story = Article.objects.get()

    here = inside(editor).opens_story(story)
    touch_and_put_back(here)

    assert "No word was changed" in here.saves()
    assert stored(story).body == story.body


def test_every_word_of_the_vocabulary_passes_through_the_editor(inside, editor, rich):
    here = inside(editor).opens_story(rich)
    touch_and_put_back(here)

    assert "No word was changed" in here.saves()
    assert stored(rich).body == rich.body
    assert here.complaints == []


def touch_and_put_back(here) -> None:
    """The textarea is written at rest: first with the letter, then without it."""
    written = here.page.locator("textarea[name=body]")
    here.page.locator(".ProseMirror > p").first.click()
    here.page.keyboard.type("✓")
    expect(written).to_have_value(re.compile("✓"))
    here.page.keyboard.press("Backspace")
    expect(written).not_to_have_value(re.compile("✓"))


def test_plain_text_written_without_a_script_is_still_paragraphs_with_one(inside, editor, story):
    here = inside(editor).opens_story(story)
    here.page.evaluate("document.querySelector('textarea[name=body]').value = 'One.\\n\\nTwo\\nand a half.'")
    here.page.locator("[name=slug]").fill("no address!")
    here.page.get_by_role("button", name="Save", exact=True).click()
    here.page.locator(".errornote").wait_for()

    here.page.locator("[name=slug]").fill("")
    here.saves()

    assert stored(story).body == "<p>One.</p>\n<p>Two<br>and a half.</p>"


def test_text_is_written_and_formatted_with_the_keyboard_alone(inside, editor, story):
    here = inside(editor).opens_story(story)
    keyboard = here.page.keyboard
    here.page.get_by_role("textbox", name="Story", exact=True).focus()
    keyboard.press("ControlOrMeta+a")
    keyboard.type("Plain and ")
    keyboard.press("ControlOrMeta+b")
    keyboard.type("bold")
    keyboard.press("ControlOrMeta+b")
    keyboard.press("Enter")
    keyboard.type("A link")
    for _letter in "link":
        keyboard.press("Shift+ArrowLeft")
    keyboard.press("ControlOrMeta+k")
    here.page.locator("#story-link[open]").wait_for()
    keyboard.type("example.org")
    keyboard.press("Enter")
    here.page.locator(".ProseMirror a").wait_for()

    here.saves()

    assert (
        stored(story).body == '<p>Plain and <strong>bold</strong></p>\n<p>A <a href="https://example.org">link</a></p>'
    )


MADE_BY_BUTTONS = {
    "Heading": "<h2>Words</h2>",
    "Subheading": "<h3>Words</h3>",
    "List": "<ul><li>Words</li></ul>",
    "Numbers": "<ol><li>Words</li></ol>",
    "Quote": "<blockquote><p>Words</p></blockquote>",
    "Bold": "<p><strong>Words</strong></p>",
    "Italic": "<p><em>Words</em></p>",
}


def test_each_button_does_what_it_says_and_shows_it(writing):
    page, _here = writing("<p>Words</p>")
    for name, made in MADE_BY_BUTTONS.items():
        page.locator(".ProseMirror").focus()
        page.keyboard.press("ControlOrMeta+a")
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert text_of(page) == made
        page.evaluate("editor.commands.setContent('<p>Words</p>')")


def test_undo_takes_back_and_redo_does_again(inside, editor, story):
    here = inside(editor).opens_story(story)
    here.page.locator(".ProseMirror").focus()
    here.page.keyboard.press("ControlOrMeta+a")
    # In one go: a pause between two letters would begin another step of undoing.
    here.page.keyboard.insert_text("All gone.")
    undo, redo = (here.page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))

    undo.click()
    assert "Three hundred people" in here.page.locator(".ProseMirror").inner_text()
    redo.click()
    assert here.page.locator(".ProseMirror").inner_text().strip() == "All gone."


def test_no_link_is_made_of_a_missing_space(inside, editor, story):
    here = inside(editor).opens_story(story)
    here.page.locator(".ProseMirror p").last.click()
    here.page.keyboard.press("End")
    here.page.keyboard.type("So it goes.My own end. ")
    here.saves()

    assert stored(story).body.endswith("<p>Three hundred people departed.So it goes.My own end.</p>")


def test_tab_always_leaves_the_editor(inside, editor, story):
    drafts.save(story, replace(manuscripts.of(story), body="<ul><li>One</li><li>Two</li></ul>"), seen=1, by=editor)
    here = inside(editor).opens_story(story)
    here.page.locator(".ProseMirror li").nth(1).click()

    here.page.keyboard.press("Tab")

    assert not here.page.evaluate("document.activeElement.classList.contains('ProseMirror')")


def test_a_picture_is_placed_moved_worded_and_taken_out(inside, editor, story, picture):
    here = inside(editor).opens_story(story)
    page = here.page
    page.locator(".ProseMirror p").first.click()
    page.keyboard.press("End")
    page.get_by_role("button", name="Picture…").click()
    page.get_by_label("Find by caption, credit, place or file name").fill("convoy")
    page.get_by_role("button", name="Convoy leaves base").click()
    card = page.locator(".placed", has_text="Picture: Royal Navy")
    card.get_by_role("button", name="Own words…").click()
    page.locator("#picture-words [name=caption]").fill("A convoy,  as seen here.")
    page.get_by_role("button", name="Keep these words").click()
    card.get_by_text("A convoy, as seen here.").wait_for()

    here.saves()
    figure = f'<figure data-image="{picture.uid}" data-caption="A convoy, as seen here."></figure>'
    first, second = manuscripts.of(story).body.split("\n")
    assert stored(story).body.split("\n") == [first, figure, second]

    here.page.locator(".ProseMirror").wait_for()
    card.get_by_role("button", name="Down").click()
    here.saves()
    assert stored(story).body.split("\n") == [first, second, figure]

    here.page.locator(".ProseMirror").wait_for()
    card.get_by_role("button", name="Take out").click()
    here.saves()
    assert stored(story).body.split("\n") == [first, second]
    assert here.complaints == []


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
<!--StartFragment--><h1>Title of the paper</h1>
<p class=MsoNormal style='mso-margin-top-alt:auto'>The <b>convoy</b> left<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18pt'><span style='font-family:Symbol'>·<span style='font:7pt "Times New Roman"'>&nbsp;&nbsp; </span></span>One<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18pt'><span>·<span>&nbsp;&nbsp; </span></span>Two</p>
<table><tr><td>Left</td><td>Right</td></tr></table><!--EndFragment--></body></html>"""
DOCS = """<b style="font-weight:normal" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span
 style="font-weight:700">Bold</span><span style="font-style:italic"> slanted</span><span style="font-weight:400"> plain
</span><a href="https://www.google.com/url?q=https://example.org/a&amp;sa=D" style="text-decoration:none"><span>link</span></a></p></b>"""
PASTED = {
    "Word": (
        WORD,
        [
            "<h2>Title of the paper</h2>",
            "<p>The <strong>convoy</strong> left</p>",
            "<ul><li>One</li><li>Two</li></ul>",
            "<table><tr><td>Left</td><td>Right</td></tr></table>",
        ],
    ),
    "Google Docs": (
        DOCS,
        ['<p><strong>Bold</strong><em> slanted</em> plain <a href="https://example.org/a">link</a></p>'],
    ),
    "a hostile page": (
        '<p onclick="alert(1)">Words<script>alert(1)</script><img src=x onerror=alert(1)> <a href="javascript:alert(1)">here</a></p>',
        ["<p>Words here</p>"],
    ),
}


@pytest.mark.parametrize("source", PASTED)
def test_what_is_pasted_keeps_its_words_and_its_meaning(source, inside, editor, story):
    html, blocks = PASTED[source]
    here = inside(editor).opens_story(story)
    here.page.locator(".ProseMirror").focus()
    here.page.keyboard.press("ControlOrMeta+a")

    here.page.locator(".ProseMirror").evaluate(
        """(editor, html) => {
            const held = new DataTransfer();
            held.setData("text/html", html);
            editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true, cancelable: true }));
        }""",
        html,
    )
    here.saves()

    assert stored(story).body.split("\n") == blocks
    assert here.complaints == []


def test_one_tab_is_one_writing_spell(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    for words in ("One more.", "And another."):
        here.page.locator(".ProseMirror p").first.click()
        here.page.keyboard.press("End")
        here.page.keyboard.type(words)
        here.saves()
        here.page.locator(".ProseMirror").wait_for()

    assert stored(story).version == 3
    assert list(story.revisions.values_list("version", flat=True)) == [3, 1]


def test_the_name_of_a_new_cover_is_read_before_it_is_sent(inside, reporter, story, tmp_path, image_file):
    file = tmp_path / "Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"
    file.write_bytes(image_file("x.jpg").read())
    here = inside(reporter).opens_story(story)
    here.page.locator("summary", has_text="Or upload a new one").click()

    here.page.get_by_label("Upload a new cover picture").set_input_files(file)

    expect(here.page.get_by_label("Its credit")).to_have_value("Royal Navy")
    expect(here.page.get_by_label("Its caption")).to_have_value("Convoy leaves base")


def test_leaving_with_unsaved_words_asks_first(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    asked = []
    here.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    here.page.locator("textarea[name=headline]").click()
    here.page.keyboard.type("More ")

    here.page.get_by_role("link", name="Desk").first.click()
    here.page.wait_for_url("**/admin/")

    assert asked == ["beforeunload"]
