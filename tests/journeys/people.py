"""How people work a page: with the mouse, with the keyboard alone, or without JavaScript. Each does the same things."""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from tests.admin.browsing import settles

FARTHEST = 250  # presses of Tab after which a thing cannot be reached


class Mouse:
    """Somebody with a mouse and a browser as it comes."""

    scripts = True

    def __init__(self, browser: Browser, url: str):
        self.context = browser.new_context(base_url=url, java_script_enabled=self.scripts)
        self.page: Page = self.context.new_page()
        # Publishing makes two dozen public files of a new picture, on a machine that does other things too.
        self.page.set_default_timeout(60_000)

    def opens(self, path: str) -> int:
        """Go to ``path``; the status of the answer."""
        response = self.page.goto(path)
        assert response
        return response.status

    def presses(self, role: str, name: str | re.Pattern) -> None:
        self._activate(self.page.get_by_role(role, name=name, exact=isinstance(name, str)).first)
        self.page.wait_for_load_state()

    def unfolds(self, words: str) -> None:
        self._activate(self.page.locator("summary", has_text=words))

    def writes(self, label: str, text: str) -> None:
        self._into(self.page.get_by_label(label, exact=True).first, text)

    def writes_story(self, *paragraphs: str) -> None:
        """Into the editor, where each Enter begins a paragraph."""
        self._into(self.page.get_by_role("textbox", name="Story", exact=True), "")
        for number, paragraph in enumerate(paragraphs):
            if number:
                self.page.keyboard.press("Enter")
            self.page.keyboard.type(paragraph)

    def chooses(self, label: str, option: str) -> None:
        self.page.get_by_label(label, exact=True).first.select_option(label=option)

    def finds(self, label: str, words: str, *, plain: str = "") -> None:
        """Type ``words`` into a field that offers what it finds, and take the first. ``plain`` is not used here."""
        field = self.page.get_by_role("combobox", name=label, exact=True).first
        self._into(field, words)
        self.page.get_by_role("option", name=re.compile(re.escape(words))).first.wait_for()
        field.press("ArrowDown")
        field.press("Enter")

    def ticks(self, label: re.Pattern) -> None:
        self._activate(self.page.get_by_label(label))

    def attaches(self, label: str, file: Path) -> None:
        field = self.page.get_by_label(label, exact=True)
        with self.page.expect_file_chooser() as chooser:
            self._activate(field)
        chooser.value.set_files(file)

    def _activate(self, thing: Locator) -> None:
        thing.click()

    def _into(self, field: Locator, text: str) -> None:
        self._comes_to(field)
        if self.scripts:
            settles(self.page)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text) if text else None

    def _comes_to(self, field: Locator) -> None:
        field.click()

    def leaves(self) -> None:
        self.context.close()


class Keyboard(Mouse):
    """Somebody who has no mouse: everything is reached with Tab and done with Enter, Space and letters."""

    def chooses(self, label: str, option: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        self._reach(field)
        self.page.keyboard.type(option)
        assert field.evaluate("select => select.selectedOptions[0].label") == option

    def ticks(self, label: re.Pattern) -> None:
        """One of several: Tab leads to the group, arrows to the one that is meant."""
        wanted = self.page.get_by_label(label)
        self._reach(self.page.get_by_role("radio").first)
        self.page.keyboard.press("Space")
        for _ in range(self.page.get_by_role("radio").count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{wanted} cannot be chosen with arrows")

    def _activate(self, thing: Locator) -> None:
        self._reach(thing)
        self.page.keyboard.press("Enter")

    def _comes_to(self, field: Locator) -> None:
        self._reach(field)

    def _reach(self, thing: Locator) -> None:
        thing.wait_for()
        for _ in range(FARTHEST):
            if thing.evaluate("thing => thing === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{thing} cannot be reached with {FARTHEST} presses of Tab")


class Scriptless(Mouse):
    """Somebody whose browser runs no JavaScript: the story is a plain field with blank lines between paragraphs."""

    scripts = False

    def finds(self, label: str, words: str, *, plain: str = "") -> None:
        """The same field is a plain one here, with the label ``plain`` where that is another."""
        self.writes(plain or label, words)

    def writes_story(self, *paragraphs: str) -> None:
        self.page.get_by_label("Story", exact=True).fill("\n\n".join(paragraphs))


def faults(page: Page) -> list[str]:
    """What axe finds on a page, and whether it scrolls sideways. The page's policy must be switched off for axe."""
    violations = Axe().run(page).response["violations"]
    said = [f"{fault['id']}: {node['html'][:160]}" for fault in violations for node in fault["nodes"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append("it scrolls sideways")
    return said
