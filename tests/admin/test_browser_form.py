"""The story's form in a real browser: counts, looks, address, topics, bylines, related stories, checks, the cover."""

from dataclasses import replace

import pytest
from django.utils.text import slugify
from playwright.sync_api import expect

from articles import manuscript as manuscripts
from articles.desk import drafts
from articles.manuscript import BylineLine, Manuscript
from articles.models import Article, Author, Tag
from articles.photos import intake

from .browsing import inside
from .test_browser_pages import SIZES, faults
from .test_story_form import HOSTILE

__all__ = ["inside"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def words(story) -> Manuscript:
    return manuscripts.of(Article.objects.get(pk=story.pk))


@pytest.fixture
def register(editor):
    """What there is to choose from."""
    Tag.objects.create(name="Islamic State", slug="islamic-state", kind="organisation", synonyms=["Daesh"])
    Tag.objects.create(name="Kirkuk", slug="kirkuk", kind="place")
    Author.objects.create(name="Jane Doe", slug="jane-doe", role="correspondent")
    return drafts.start(Manuscript(headline="Another base left"), by=editor)


@pytest.fixture
def cover(picture_editor, image_file):
    facts = {"credit": "Royal Navy", "alt_text": "A lorry.", "rights_basis": "staff"}
    return intake.receive(image_file("Convoy leaves base 210320.jpg"), by=picture_editor, **facts)


@pytest.fixture
def full(story, editor, register, cover):
    """A story with something in every field."""
    lines = (BylineLine(author="news-desk"), BylineLine(text="Jane Roe", role="Pictures by"))
    held = replace(
        words(story),
        **{
            name: f"The {name}" for name in ("kicker", "short_headline", "search_headline", "feed_headline", "dateline")
        },
        slug="the-slug",
        cover=str(cover.uid),
        bylines=lines,
        tags=("iraq", "kirkuk"),
        related=(str(register.uid),),
        language="ar",
        dated_on="2020-03-29",
        dated_note="From the wire.",
    )
    return drafts.save(story, held, seen=1, by=editor)


def test_topics_bylines_and_related_stories_are_chosen_with_the_keyboard_alone(inside, editor, story, register):
    here = inside(editor).opens_story(story)
    page, press, types = here.page, here.page.keyboard.press, here.page.keyboard.type

    def finds(text: str) -> None:
        types(text)
        page.locator(".offers [role=option]").first.wait_for()
        press("ArrowDown")
        assert page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))")
        press("Enter")

    page.get_by_role("combobox", name="What it is about").focus()
    finds("daesh")
    expect(page.locator(".labels")).to_contain_text("Islamic State · organisation")
    expect(page.locator("[role=status]").filter(has_text="Islamic State added.")).to_have_count(1)
    types("place kir")
    page.locator(".offers [role=option]").first.wait_for()
    press("Escape")
    expect(page.locator(".offers [role=option]")).to_have_count(0)
    press("ControlOrMeta+a")
    types("kirkuk,")
    expect(page.locator(".labels")).to_contain_text("Kirkuk · place")
    press("Shift+Tab")
    page.get_by_role("combobox", name="What it is about").focus()

    page.get_by_role("button", name="Add a byline").focus()
    press("Enter")
    expect(page.locator("#id_bylines-1-author")).to_be_focused()
    here_before = page.evaluate("performance.timeOrigin")
    types("zz")
    press("Enter")  # nothing is pointed at: it takes nothing, and sends no form
    press("ControlOrMeta+a")
    finds("jane")
    assert page.evaluate("performance.timeOrigin") == here_before
    page.get_by_role("button", name="Move Jane Doe up").focus()
    press("Enter")
    expect(page.get_by_role("button", name="Move Jane Doe up")).to_be_focused()

    page.get_by_role("combobox", name="Stories that it leads on to").focus()
    finds("another")
    press("Escape")
    assert "Saved as version 2." in here.saves()

    kept = words(story)
    assert kept.tags == ("iraq", "islamic-state", "kirkuk")
    assert kept.bylines == (BylineLine(author="jane-doe"), BylineLine(author="news-desk"))
    assert kept.related == (str(register.uid),)
    assert here.complaints == []


def test_what_was_chosen_is_taken_out_again(inside, editor, full):
    here = inside(editor).opens_story(full)
    page = here.page

    page.get_by_role("button", name="Take out Kirkuk").click()
    page.get_by_role("button", name="Take out Another base left").click()
    page.get_by_role("button", name="Take out News desk").click()
    page.get_by_role("button", name="Take it out").click()
    here.saves()

    kept = words(full)
    assert (kept.tags, kept.related, kept.cover) == (("iraq",), (), "")
    assert kept.bylines == (BylineLine(text="Jane Roe", role="Pictures by"),)


def test_counts_looks_and_address_follow_the_typing(inside, editor, story):
    here = inside(editor).opens_story(story)
    page = here.page
    page.locator(".elsewhere summary").click()
    expect(page.locator("#id_headline_helptext")).to_contain_text("16 characters; on a phone 1 line.")
    expect(page.locator("#id_headline_helptext .advice")).to_be_hidden()

    page.locator("[name=headline]").fill("Ünited forces’ third base in “Iraq”: handed over")
    expect(page.locator("#id_headline_helptext")).to_contain_text("48 characters; on a phone about 3 lines.")
    expect(page.locator("#id_search_headline_helptext")).to_contain_text("Left empty: “Ünited forces’ third base")
    expect(page.locator(".look-home .look-title")).to_have_text("Ünited forces’ third base in “Iraq”: handed over")
    expect(page.locator("#address-shown")).to_have_text(
        "http://127.0.0.1:8000/middle-east/united-forces-third-base-in-iraq-handed-over/"
    )

    page.locator("[name=search_headline]").fill("x" * 71)
    expect(page.locator("#id_search_headline_helptext .over")).to_contain_text("71 characters, 11 too many")
    expect(page.locator(".look-result .look-title")).to_have_text("x" * 60 + " …")

    page.locator("[name=slug]").fill("my-own")
    expect(page.locator(".look-result [data-show=address]")).to_contain_text("/middle-east/my-own/")
    page.get_by_role("button", name="Make it from the headline again").click()
    expect(page.locator("[name=slug]")).to_have_value("")
    page.locator("[name=headline]").fill("قاعدة")
    expect(page.locator("#address-shown")).to_contain_text("Write one in Latin letters.")


SLUGGED = [
    "Ünited — forces’ 3rd_base",
    "  --a  b--  ",
    "ﬁve ½ ① Straße",
    "_x_",
    "a" * 300,
    "Тест 5",
    "don't; stop",
    "é́",
]


def test_the_page_makes_the_same_address_of_a_headline_as_the_server(inside, editor):
    here = inside(editor).opens("/admin/articles/article/add/")
    made = here.page.evaluate(
        """async (headlines) => {
            const address = new URL("address.js", document.querySelector("script[src*='desk/story']").src);
            const { slugOf } = await import(address);
            return headlines.map(slugOf);
        }""",
        SLUGGED,
    )

    assert made == [slugify(headline)[:200].strip("-") for headline in SLUGGED]


READ = """async ({ lines, related }) => {
    const address = new URL("words.js", document.querySelector("script[src*='desk/story']").src);
    const { readWords, writeWords } = await import(address);
    const form = document.getElementById("article_form");
    const before = readWords(form);
    if (!lines) return before;
    writeWords(form, { bylines: lines, tags: ["kirkuk", "islamic-state"], related, section: "", headline: "Theirs" });
    return readWords(form);
}"""


def test_scripts_read_the_form_in_the_newsrooms_own_shape_and_write_it_back(inside, editor, full, story):
    here = inside(editor).opens_story(full)

    read = here.page.evaluate(READ, {})
    assert read == words(full).as_json()

    theirs = [{"author": "jane-doe", "text": "", "role": ""}, *read["bylines"]]
    written = here.page.evaluate(READ, {"lines": theirs, "related": []})
    assert written["bylines"] == theirs
    assert sorted(written["tags"]) == ["islamic-state", "kirkuk"]
    assert (written["related"], written["section"], written["headline"]) == ([], "", "Theirs")
    here.saves()
    kept = words(full).as_json()
    assert {name: kept[name] for name in ("bylines", "related", "section", "headline")} == {
        name: written[name] for name in ("bylines", "related", "section", "headline")
    }


def test_the_checks_are_asked_anew_after_a_saving_and_lead_to_the_field(inside, editor, story):
    here = inside(editor).opens_story(story)
    found = here.page.locator("#checks-found")
    expect(found).to_contain_text("Nothing stands in the way")

    drafts.save(story, replace(words(story), headline="TK", bylines=()), seen=1, by=editor)
    here.page.evaluate("document.dispatchEvent(new CustomEvent('story:saved', { detail: { version: 2 } }))")
    expect(found).to_contain_text("“TK” marks something still to come.")

    for sentence, field in (("“TK” marks", "id_headline"), ("Nobody signs", "id_bylines-0-author")):
        found.locator("li", has_text=sentence).get_by_role("link").click()
        expect(here.page.locator(f"#{field}")).to_be_focused()
    found.locator("li", has_text="no cover").get_by_role("link").click()
    expect(here.page.get_by_role("button", name="Choose a picture…")).to_be_focused()


def test_a_cover_is_found_among_all_pictures(inside, editor, story, cover, picture_editor):
    for number in range(70):
        intake.expect(f"Picture {number}", by=picture_editor)
    here = inside(editor).opens_story(story)

    here.page.get_by_role("button", name="Choose a picture…").click()
    here.page.get_by_label("Find a cover by caption, credit, place or file name").fill("convoy")
    here.page.locator("dialog[open]").get_by_role("button", name="Convoy leaves base").click()
    expect(here.page.locator("#cover-shown, .cover > img")).to_have_attribute("src", f"/admin/thumbnail/{cover.uid}/")
    expect(here.page.locator(".look-social img")).to_have_attribute("src", f"/admin/thumbnail/{cover.uid}/")
    here.saves()

    assert words(story).cover == str(cover.uid)


def test_without_a_script_on_a_phone_a_plain_form_saves_everything(inside, editor, full, register):
    here = inside(editor, java_script_enabled=False, viewport=SIZES["phone"])
    here.opens(f"/admin/articles/article/{full.pk}/change/")
    page = here.page
    page.locator("[name=topics]").fill("daesh, Iraq")
    page.locator("[name=related]").fill("")
    page.locator("[name=bylines-1-text]").fill("")
    page.locator("[name=bylines-1-role]").fill("")
    page.locator("[name=bylines-2-author]").fill("jane doe")
    page.locator("[name=bylines-2-order]").fill("1")
    page.locator("[name=bylines-0-order]").fill("2")
    page.locator("[name=language]").select_option("en-US")
    page.locator("[name=cover]").select_option("")
    page.locator(".elsewhere summary").click()
    page.locator("[name=short_headline]").fill("Short")

    assert "Saved as version 3." in here.saves()
    kept = words(full)
    assert (kept.tags, kept.related, kept.cover) == (("iraq", "islamic-state"), (), "")
    assert kept.bylines == (BylineLine(author="jane-doe"), BylineLine(author="news-desk"))
    assert (kept.language, kept.short_headline) == ("en-US", "Short")
    page.get_by_role("link", name="See what stands in the way").click()
    page.get_by_text("Before it goes live").first.wait_for()


def test_hostile_words_run_nowhere_in_the_form(inside, editor, full, register):
    Author.objects.filter(slug="jane-doe").update(name=HOSTILE[:110], role=HOSTILE[:110])
    Tag.objects.filter(slug="kirkuk").update(name=HOSTILE[:90], synonyms=[HOSTILE])
    Article.objects.filter(pk=register.pk).update(headline=HOSTILE)
    here = inside(editor).opens_story(full)
    page = here.page
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(".elsewhere summary").click()

    for name in ("kicker", "headline", "standfirst", "short_headline", "search_headline", "feed_headline", "slug"):
        page.locator(f"[name={name}]").fill(HOSTILE)
    for field in ("#id_topics", "#id_bylines-0-author", "#id_related"):
        page.locator(field).fill("script")
        page.locator(".offers [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".errornote").wait_for()

    assert asked == []
    assert page.locator("img[src=x]").count() == 0
    assert [said for said in here.complaints if "refused" in said] == []


@pytest.mark.parametrize(("size", "scheme"), [("desk", "dark"), ("phone", "light")])
def test_axe_finds_nothing_in_the_opened_parts_and_nothing_is_too_small_to_hit(size, scheme, inside, editor, full):
    here = inside(editor, color_scheme=scheme, viewport=SIZES[size], bypass_csp=True).opens_story(full)
    page = here.page
    page.locator(".elsewhere summary").click()
    page.locator("[name=search_headline]").fill("x" * 80)
    expect(page.locator("#checks-found .tally")).to_be_visible()
    page.get_by_role("combobox", name="What it is about").fill("i")
    page.locator(".offers [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert faults(here) == []

    small = page.evaluate(
        """[...document.querySelectorAll(".edit button, .edit input, .edit select, .edit textarea, .edit summary")]
            .filter((one) => one.offsetParent && one.type !== "hidden")
            .filter((one) => Math.min(one.offsetWidth, one.offsetHeight) < 24 && one.type !== "radio")
            .map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert [one for one in small if "checkbox" not in one and "summary" not in one] == []

    page.get_by_role("button", name="Choose a picture…").click()
    page.locator("dialog[open] .shot").first.wait_for()
    assert faults(here) == []


def test_what_was_typed_and_not_taken_counts_but_half_a_word_makes_no_topic(inside, editor, reporter, story, register):
    here = inside(editor).opens_story(story)
    field = here.page.get_by_role("combobox", name="What it is about")
    field.fill("zzyzx")
    expect(here.page.locator(".offers [role=option]")).to_have_text("Make a new topic: “zzyzx”")
    here.saves()
    here.page.locator(".ProseMirror").wait_for()
    field.fill("daesh")
    here.page.locator(".offers [role=option]").first.wait_for()
    here.page.get_by_role("button", name="Save", exact=True).click()
    expect(here.page.locator(".messagelist")).to_contain_text("Saved as version 2.")

    assert words(story).tags == ("iraq", "islamic-state")
    assert not Tag.objects.filter(name="zzyzx").exists()
