"""A story's day: written, pictured, submitted, mended, published, rewritten, updated, withdrawn. And the reader?"""

import re
from pathlib import Path

import pytest
from PIL import Image

from .people import Keyboard, Mouse, Scriptless, faults

pytestmark = pytest.mark.browser

WAYS = {"mouse": Mouse, "keyboard alone": Keyboard, "without scripts": Scriptless}
PHOTO = "Convoy leaves the base 210320 CREDIT US DEPARTMENT OF DEFENSE.jpg"
PARAGRAPHS = ("The convoy left at dawn.", "Three hundred people went with it.")


@pytest.fixture
def photo(tmp_path, request) -> Path:
    file = tmp_path / PHOTO
    Image.effect_noise((1500, 1000), 40).convert("RGB").save(file, quality=70)
    return file


@pytest.fixture(params=WAYS)
def way(request) -> str:
    return request.param


@pytest.fixture
def somebody(browser, house, way):
    """Opens a browser of a kind and logs in: ``somebody("reporter")``; without a name it is a reader."""
    people = []

    def enter(name: str = "", kind: type[Mouse] = WAYS[way]) -> Mouse:
        person = kind(browser, house.url)
        people.append(person)
        if name:
            person.opens("/admin/")
            person.writes("Username", name)
            person.writes("Password", house.passwords[name])
            person.presses("button", "Log in")
        return person

    yield enter
    for person in people:
        person.leaves()


def words(page) -> str:
    return page.locator("main").inner_text()


def test_a_story_from_its_first_word_to_its_withdrawal(somebody, way, photo, browser, house):
    headline = f"Convoy leaves the bass, seen by {way}"
    reporter, editor, reader = somebody("reporter"), somebody("editor"), somebody(kind=Scriptless)

    writes_and_submits(reporter, headline, photo)
    mends_and_publishes(editor, headline, right=headline.replace("bass", "base"))
    headline = headline.replace("bass", "base")
    path = finds_it_everywhere(reader, headline)

    published = reads(reader, path)
    changes_the_standfirst(reporter, headline, "The last lorries have gone.")
    assert reads(reader, path) == published

    updates(editor, headline)
    assert "The last lorries have gone." in reads(reader, path)

    withdraws(editor, headline, "We could not confirm what this story said.")
    assert reader.opens(path) == 410
    assert "We could not confirm what this story said." in words(reader.page)
    assert reader.opens("/feed.xml") == 200
    assert headline not in reader.page.content()
    assert reader.context.cookies() == []
    assert faults_of_the_notice(browser, house, path) == []


def faults_of_the_notice(browser, house, path: str) -> list[str]:
    page = browser.new_page(base_url=house.url, bypass_csp=True)
    page.goto(path)
    found = faults(page)
    page.close()
    return found


def writes_and_submits(reporter: Mouse, headline: str, photo: Path) -> None:
    reporter.presses("link", "New story")
    reporter.writes("Headline", headline)
    reporter.writes("Standfirst", "It takes the last of the equipment with it.")
    reporter.writes_story(*PARAGRAPHS)
    reporter.chooses("Section", "Middle East")
    reporter.finds("What it is about", "Iraq", plain="Topics")
    reporter.finds("Author", "News desk")
    reporter.unfolds("Or upload a new one")
    reporter.attaches("Upload a new cover picture", photo)
    reporter.writes("Its text alternative", "Grey noise, standing for lorries on a road.")
    reporter.chooses("Why we may use it", "our own picture")
    reporter.presses("button", "Save")
    assert "Readers see no change yet" in reporter.page.locator(".messagelist").inner_text()
    assert reporter.page.locator("[name=cover]").input_value()
    reporter.presses("button", "Save, then submit…")
    reporter.presses("button", "Submit")
    assert "is with the sub-editors now" in reporter.page.locator(".messagelist").inner_text()


def opens_story(person: Mouse, headline: str) -> None:
    person.presses("link", "Desk")
    person.presses("link", headline)


def mends_and_publishes(editor: Mouse, headline: str, right: str) -> None:
    opens_story(editor, headline)
    editor.writes("Headline", right)
    assert editor.page.locator("[name=cover]").input_value()
    editor.presses("button", "Save, then publish…")
    editor.presses("button", "Publish")
    assert "is public" in editor.page.locator(".messagelist").inner_text()


def finds_it_everywhere(reader: Mouse, headline: str) -> str:
    """Home, section, topic and feed lead to it; its picture is there. Its path."""
    for path in ("/", "/middle-east/", "/topic/iraq/"):
        assert reader.opens(path) == 200
        assert reader.page.get_by_role("link", name=re.compile(re.escape(headline))).count(), path
    assert reader.opens("/feed.xml") == 200
    assert headline in reader.page.content()
    reader.opens("/")
    reader.presses("link", re.compile(re.escape(headline)))
    said = words(reader.page)
    for part in ("Picture: US Department of Defense", *PARAGRAPHS):
        assert part in said, f"{part} is missing from: {said}"
    assert reader.page.locator(".story__lead img").evaluate("picture => picture.naturalWidth") > 0
    return reader.page.url


def reads(reader: Mouse, path: str) -> str:
    assert reader.opens(path) == 200
    return words(reader.page)


def changes_the_standfirst(reporter: Mouse, headline: str, standfirst: str) -> None:
    opens_story(reporter, headline)
    reporter.writes("Standfirst", standfirst)
    reporter.presses("button", "Save")
    assert "Readers see no change yet" in reporter.page.locator(".messagelist").inner_text()


def updates(editor: Mouse, headline: str) -> None:
    opens_story(editor, headline)
    editor.presses("button", "Save, then publish the changes…")
    editor.ticks(re.compile("An update:"))
    editor.presses("button", "Publish the changes")
    assert "are public" in editor.page.locator(".messagelist").inner_text()


def withdraws(editor: Mouse, headline: str, notice: str) -> None:
    opens_story(editor, headline)
    editor.presses("button", "Save, then withdraw…")
    editor.writes("What readers are told", notice)
    editor.presses("button", "Withdraw")
    assert "is off the site" in editor.page.locator(".messagelist").inner_text()
