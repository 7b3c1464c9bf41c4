"""The story's editor in a real browser: nothing is lost on the way, and every word of ours can be written."""

# ruff: noqa: E501  pasted text comes in long lines

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import expect

from articles import body
from articles import manuscript as manuscripts
from articles.admin.editor import KEYS
from articles.desk import drafts
from articles.models import Article
from articles.photos import intake

from .browsing import enters, inside, settles, text_of, writing

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
    enters(here.page.locator(".ProseMirror > p").first)
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


def enters_by_keyboard(page):
    page.get_by_role("textbox", name="Story", exact=True).focus()
    settles(page)


def test_text_is_written_and_formatted_with_the_keyboard_alone(inside, editor, story):
    here = inside(editor).opens_story(story)
    keyboard = here.page.keyboard
    enters_by_keyboard(here.page)
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


def test_a_word_is_explained_with_the_keyboard_alone_and_readers_open_it(inside, editor, story):
    here = inside(editor).opens_story(story)
    keyboard = here.page.keyboard
    enters_by_keyboard(here.page)
    keyboard.press("ControlOrMeta+a")
    keyboard.type("An EOD")
    for _letter in "EOD":
        keyboard.press("Shift+ArrowLeft")
    keyboard.press("ControlOrMeta+Alt+e")
    here.page.locator("#story-gloss[open]").wait_for()
    keyboard.type("Explosive ordnance disposal")
    keyboard.press("Enter")
    here.page.locator(".ProseMirror abbr").wait_for()

    here.saves()

    assert stored(story).body == '<p>An <abbr title="Explosive ordnance disposal">EOD</abbr></p>'
    here.opens(f"/admin/preview/{story.uid}/")
    word, meaning = here.page.get_by_role("button", name="EOD"), here.page.get_by_text("Explosive ordnance disposal")
    expect(meaning).to_be_hidden()
    word.focus()
    keyboard.press("Enter")
    expect(meaning).to_be_visible()
    keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    assert here.complaints == []


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
        enters_by_keyboard(page)
        page.keyboard.press("ControlOrMeta+a")
        button = page.get_by_role("button", name=name, exact=True)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert text_of(page) == made
        page.evaluate("editor.commands.setContent('<p>Words</p>')")


def test_undo_takes_back_and_redo_does_again(inside, editor, story):
    here = inside(editor).opens_story(story)
    enters_by_keyboard(here.page)
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
    enters(here.page.locator(".ProseMirror p").last)
    here.page.keyboard.press("End")
    here.page.keyboard.type("So it goes.My own end. ")
    here.saves()

    assert stored(story).body.endswith("<p>Three hundred people departed.So it goes.My own end.</p>")


BOXES = """\
<ul><li>One</li></ul>
<aside data-kind="facts"><h3>Title</h3><p>Fact</p></aside>
<table><tr><td>Cell</td><td>Other</td></tr></table>
<aside data-kind="timeline"><dl><dt>May</dt><dd>Came</dd></dl></aside>"""


def test_tab_always_leaves_the_editor_and_alt_f10_leads_to_the_buttons_of_a_box(writing):
    page, _here = writing(BOXES)
    is_in_text = "document.activeElement.closest('.ProseMirror') !== null"
    for words in ("One", "Fact", "Cell", "Came"):
        enters(page.locator(".ProseMirror").get_by_text(words, exact=True))
        page.keyboard.press("Tab")
        assert not page.evaluate(is_in_text), words

    enters(page.locator(".ProseMirror").get_by_text("Fact", exact=True))
    page.keyboard.press("End")
    page.wait_for_timeout(100)  # a browser tells of a selection some frames late
    page.keyboard.press("Alt+F10")
    assert page.evaluate("document.activeElement.closest('[data-card]').dataset.card") == "facts"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.keyboard.type("!")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("Tab")
    assert not page.evaluate(is_in_text)
    assert "<p>Fact!</p>" in text_of(page)


def types(page, *keys: str) -> None:
    """Words are typed; a name of a key, such as "Enter" or "Control+Enter", is pressed."""
    for key in keys:
        if key.split("+")[-1] in ("Enter", "Escape", "Backspace", "ArrowUp", "ArrowDown", "Home", "End", "h", "k"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def begins_anew(page, text: str = "<p></p>") -> None:
    page.evaluate("text => editor.chain().setContent(text).setTextSelection(9999).run()", text)
    page.evaluate("() => { editor.view.focus(); }")


MADE_BY_KEYS = {
    "key facts": (
        ["/key", "Enter", "Title", "Enter", "One", "Enter", "Two", "Enter", "Enter", "After"],
        '<aside data-kind="facts"><h3>Title</h3><p>One</p><p>Two</p></aside>\n<p>After</p>',
    ),
    "a timeline": (
        [
            "/time",
            "Enter",
            "Days",
            "Enter",
            "May",
            "Enter",
            "Came",
            "Enter",
            "June",
            "Enter",
            "Left",
            *["Enter"] * 3,
            "On",
        ],
        '<aside data-kind="timeline"><h3>Days</h3><dl><dt>May</dt><dd>Came</dd><dt>June</dt><dd>Left</dd></dl></aside>\n<p>On</p>',
    ),
    "a pull quote": (
        ["/pull", "Enter", "We left", "Enter", "A general", "Enter", "After"],
        '<aside data-kind="quote" data-by="A general"><p>We left</p></aside>\n<p>After</p>',
    ),
    "a table": (
        ["/table", "Enter", "Losses", "Enter", "A", "Enter", "B", "Enter", "C", "Enter", "D", "Control+Enter", "After"],
        "<table><caption>Losses</caption><tr><th>A</th><th></th><th></th></tr><tr><td>B</td><td></td><td></td></tr><tr><td>C</td><td></td><td></td></tr><tr><td>D</td><td></td><td></td></tr></table>\n<p>After</p>",
    ),
    "a separator": (["One", "Enter", "/sep", "Enter", "Two"], "<p>One</p>\n<hr>\n<p>Two</p>"),
    "a box taken back": (["/key", "Enter", "Backspace", "Words"], "<p>Words</p>"),
    "a slash in a line": (["and/or"], "<p>and/or</p>"),
    "a slash that was meant": (["/", "Escape", "tmp", "Enter", "More"], "<p>/tmp</p>\n<p>More</p>"),
    "a slash that nothing fits": (["/zzz", "Enter", "More"], "<p>/zzz</p>\n<p>More</p>"),
    "a block moved": (["One", "Enter", "Two", "Alt+Shift+ArrowUp", "!"], "<p>Two!</p>\n<p>One</p>"),
}


def test_every_box_is_written_with_the_keyboard_alone(writing):
    page, here = writing()
    for made, (keys, text) in MADE_BY_KEYS.items():
        begins_anew(page)
        types(page, *keys)
        assert text_of(page) == text, made
        assert body.clean(text) == text, made
    assert here.complaints == []


def test_the_slash_menu_is_a_combobox_for_as_long_as_it_is_open(writing):
    page, _here = writing()
    begins_anew(page)
    page.keyboard.type("/t")

    editor = page.get_by_role("combobox", name="Story", exact=True)
    expect(editor).to_have_attribute("aria-expanded", "true")
    options = page.get_by_role("listbox", name="What to insert").get_by_role("option")
    expect(options.first).to_contain_text("Timeline")
    page.keyboard.press("ArrowDown")
    active = editor.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".foot [role=status]")).to_have_text(re.compile(r"Table, 2 of \d+"))

    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Story", exact=True)).not_to_have_attribute("aria-expanded", "true")


def test_the_toolbar_is_one_stop_and_its_menu_and_its_help_work_by_keys(writing):
    page, _here = writing("<p>Words</p>")
    focused = "document.activeElement.dataset.do ?? document.activeElement.textContent.trim()"
    page.get_by_role("button", name="Insert").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(focused) == "picture"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused).startswith("Separator")
    page.keyboard.press("Escape")
    assert page.evaluate(focused) == "insert"
    assert page.locator(".tools [tabindex='0']").count() == 1

    enters_by_keyboard(page)
    page.keyboard.press("ControlOrMeta+/")
    shown = page.locator("#story-keys[open] tr").all_inner_texts()
    assert len(shown) == len(KEYS)
    page.keyboard.press("Escape")
    expect(page.locator(".ProseMirror")).to_be_focused()


def test_find_and_replace(writing):
    page, _here = writing("<p>A base, a <strong>Base</strong>, bases.</p><ul><li>base</li></ul>")
    enters(page.locator(".ProseMirror p").first)
    page.keyboard.press("ControlOrMeta+Shift+h")
    page.keyboard.type("base")
    said = page.locator(".find [role=status]")
    expect(said).to_have_text("1 of 4")
    page.keyboard.press("Enter")
    expect(said).to_have_text("2 of 4")
    assert page.locator(".hit.here").inner_text() == "Base"
    page.get_by_label("Replace with").fill("camp")
    page.get_by_role("button", name="Replace", exact=True).click()
    assert text_of(page) == "<p>A base, a <strong>camp</strong>, bases.</p>\n<ul><li>base</li></ul>"
    page.get_by_label("Capitals count").check()
    page.get_by_role("button", name="Replace all").click()
    expect(said).to_have_text("3 replaced")
    assert text_of(page) == "<p>A camp, a <strong>camp</strong>, camps.</p>\n<ul><li>camp</li></ul>"
    page.get_by_label("Find", exact=True).press("Escape")
    page.keyboard.press("ControlOrMeta+z")
    assert text_of(page).count("base") == 3


def test_how_long_the_text_is_is_counted_as_on_the_server(inside, editor, rich):
    here = inside(editor).opens_story(rich)

    expect(here.page.locator(".foot .length")).to_have_text(f"{body.word_count(rich.body)} words. 1 min to read.")


def test_what_is_to_come_and_what_leads_nowhere_catches_the_eye(writing):
    page, _here = writing(
        '<p>TK, STKS and <a href="https://example">here</a>, <a href="https://example.org">there</a></p>'
    )

    assert page.locator(".to-come").all_inner_texts() == ["TK"]
    assert page.locator(".leads-nowhere").all_inner_texts() == ["here"]
    enters_by_keyboard(page)
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(" TK")
    expect(page.locator(".to-come")).to_have_count(2)


def test_what_the_editor_does_not_know_is_kept_to_the_letter(writing):
    page, _here = writing("<p>Words</p>")
    poll = '<div data-poll="7"><p>Which <b>one</b>?</p></div>'
    assert page.evaluate("text => editor.newsroom.parse(text).childCount", f"<p>a</p>{poll}<p>b</p>") == 3
    page.evaluate("text => editor.commands.setContent(editor.newsroom.parse(text).toJSON())", f"<p>a</p>{poll}")
    assert text_of(page) == f"<p>a</p>\n{poll}"


def test_what_the_editor_cannot_hold_stays_in_the_field(writing):
    page, _here = writing("<p>Words</p>")
    page.evaluate("sessionStorage.strange = '<p>Words <i data-future=\"1\">on</i></p>'")
    page.add_init_script(
        """new MutationObserver(() => {
            const field = document.querySelector("textarea[name=body]");
            if (field && !field.dataset.seen) Object.assign(field, { value: sessionStorage.strange }).dataset.seen = 1;
        }).observe(document, { childList: true, subtree: true })"""
    )
    page.reload()
    expect(page.get_by_text("This text holds something that the editor cannot show.")).to_be_visible()
    expect(page.locator("textarea[name=body]")).to_have_value('<p>Words <i data-future="1">on</i></p>')


def test_a_link_leads_to_an_address_or_to_a_story_of_ours_and_says_so(writing, published, manuscript, editor):
    other = drafts.start(replace(manuscript, headline="Carrier sails", slug="carrier"), by=editor)
    path = published(other).address.path
    page, here = writing("<p>Words</p>")
    enters(page.locator(".ProseMirror p").first)
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.wait_for_function("() => String(getSelection()) === 'Words'")
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_label("Or one of our stories").fill("carr")
    page.get_by_role("button", name="Carrier sails").click()
    assert text_of(page) == f'<p><a data-article="{other.uid}">Words</a></p>'
    expect(page.locator(".foot .target")).to_have_text("Link to our story: Carrier sails")

    page.keyboard.press("ControlOrMeta+k")
    expect(page.locator("#story-link [data-say=now]")).to_have_text("It leads to our story Carrier sails")
    page.locator("#story-link-address").fill("example.org")
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror a[href]")).to_have_text("Words")
    assert text_of(page) == '<p><a href="https://example.org">Words</a></p>'

    page.keyboard.press("ControlOrMeta+k")
    page.locator("#story-link-address").fill(path)
    page.keyboard.press("Enter")
    expect(page.locator(".ProseMirror a[data-article]")).to_have_text("Words")
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("button", name="Take the link away").click()
    assert text_of(page) == "<p>Words</p>"
    assert here.complaints == []


def test_embeds_and_related_stories_are_asked_for_in_dialogs(writing, manuscript, editor, story):
    drafts.start(replace(manuscript, headline="Carrier sails"), by=editor)
    page, here = writing("<p>Words</p>")
    page.get_by_role("button", name="Insert").click()
    page.get_by_role("menuitem", name="Embed").click()
    page.get_by_label("Its address").fill("https://example.org/film")
    page.keyboard.press("Enter")
    expect(page.locator("#story-embed [role=alert]")).to_contain_text("no address of a post or film")
    page.get_by_label("Its address").fill("https://youtu.be/abcdefghijk?si=x")
    page.get_by_label("Our own words for it").fill("The hand-over")
    page.get_by_role("button", name="Place the card").click()
    card = page.get_by_role("group", name="YouTube")
    expect(card).to_contain_text("The hand-over")

    page.get_by_role("button", name="Insert").click()
    page.get_by_role("menuitem", name="Related stories").click()
    for headline in ("Base handed over", "Carrier sails"):
        page.locator("#story-related").get_by_role("button", name=headline).click()
        expect(page.locator("#story-related .picked")).to_contain_text(headline)
    page.get_by_role("button", name="Up", exact=True).last.click()
    page.get_by_role("button", name="Keep these stories").click()
    related = page.get_by_role("group", name="Related stories")
    expect(related.locator("li")).to_have_text([re.compile("Carrier sails"), re.compile("Base handed over")])
    film = 'data-url="https://www.youtube.com/watch?v=abcdefghijk" data-title="The hand-over"></div>'
    assert film in text_of(page)
    assert f' {story.uid}"></div>' in text_of(page)
    assert here.complaints == []


def test_others_hear_of_changes_at_most_once_a_frame_and_the_form_always_has_the_text(writing):
    page, _here = writing("<p>Words</p>")
    heard = page.evaluate(
        """async () => {
            let heard = 0;
            document.addEventListener("story-editor:changed", () => (heard += 1));
            for (const letter of "three") editor.commands.insertContent(letter);
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            return [heard, new FormData(document.querySelector("textarea[name=body]").form).get("body")];
        }"""
    )

    assert heard == [1, text_of(page)]


def test_a_picture_is_placed_moved_worded_and_taken_out(inside, editor, story, picture):
    here = inside(editor).opens_story(story)
    page = here.page
    enters(page.locator(".ProseMirror p").first)
    page.keyboard.press("End")
    page.get_by_role("button", name="Picture…", exact=True).click()
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


def test_one_tab_is_one_writing_spell(inside, reporter, story):
    here = inside(reporter).opens_story(story)
    for words in ("One more.", "And another."):
        enters(here.page.locator(".ProseMirror p").first)
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


SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
OPENED = {
    "the slash menu": lambda page: (begins_anew(page), page.keyboard.type("/")),
    "the insert menu": lambda page: page.get_by_role("button", name="Insert").click(),
    "find and replace": lambda page: page.get_by_role("button", name="Find", exact=True).click(),
    "the keys": lambda page: page.get_by_role("button", name="Keys", exact=True).click(),
    "a link": lambda page: page.get_by_role("button", name="Link…").click(),
    "the pictures": lambda page: page.get_by_role("button", name="Picture…", exact=True).click(),
}


@pytest.mark.parametrize(("size", "scheme"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing_in_the_open_editor_its_menus_and_its_dialogs(size, scheme, writing, picture, story):
    text = WHOLE_VOCABULARY.replace("UID", str(picture.uid)).replace("STORY", str(story.uid))
    page, _here = writing(text, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True)
    page.wait_for_load_state("networkidle")
    found = {"the text": faults(page)}
    for name, opens in OPENED.items():
        opens(page)
        page.wait_for_timeout(200)
        found[name] = faults(page)
        page.keyboard.press("Escape")
    for dialog in ("story-embed", "story-related", "picture-words", "story-upload"):
        page.evaluate("id => document.getElementById(id).showModal()", dialog)
        found[dialog] = faults(page)
        page.keyboard.press("Escape")

    assert {name: said for name, said in found.items() if said} == {}


def faults(page) -> list[str]:
    """What axe finds in the editor or the open dialog, and whether the page scrolls sideways."""
    context = "dialog[open]" if page.locator("dialog[open]").count() else ".prose-editor"
    results = Axe().run(page, context=context).response
    said = [f"{fault['id']}: {node['html'][:160]}" for fault in results["violations"] for node in fault["nodes"]]
    return said + ["sideways"] * page.evaluate("document.documentElement.scrollWidth > innerWidth")
