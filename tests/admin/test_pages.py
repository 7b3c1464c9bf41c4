"""Every page of the newsroom: no inline script or style, no word of the machine's, one heading."""

import re
from dataclasses import replace

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.desk import drafts
from articles.photos import intake


@pytest.fixture
def pages(at, editor, administrator, account, story, section, iraq, news_desk, picture_editor, published):
    """The pages of the newsroom by address, as somebody sees them who may see the page."""
    published()
    drafts.save(story, replace(manuscripts.of(story), kicker="Iraq"), seen=1, by=editor)
    image = intake.expect("Convoy 210320 CREDIT ROYAL NAVY.jpg", by=picture_editor)

    def of(noun: str, page: str, *args) -> str:
        return reverse(f"admin:articles_{noun}_{page}", args=args)

    desk = [
        "/admin/",
        "/admin/password_change/",
        "/admin/password_change/done/",
        of("article", "changelist"),
        of("article", "add"),
        of("article", "change", story.pk),
        of("article", "history", story.pk),
        of("article", "revision", story.pk, 1),
        of("article", "move", story.pk, "update"),
        of("article", "move", story.pk, "submit"),
        of("image", "changelist"),
        of("image", "add"),
        of("image", "change", image.pk),
        *(of(noun, "changelist") for noun in ("section", "tag", "author", "event")),
        *(of(noun, "add") for noun in ("section", "tag", "author")),
        of("section", "change", section.pk),
        of("section", "history", section.pk),
        of("tag", "change", iraq.pk),
        of("author", "change", news_desk.pk),
        "/admin/nothing/",
    ]
    found = {address: at(editor).get(address) for address in desk}
    found |= {
        address: at(administrator).get(address)
        for address in (of("user", "changelist"), of("user", "add"), of("user", "change", editor.pk))
    }
    found["read by a reporter"] = at(account("Reporter", username="another")).get(of("article", "change", story.pk))
    found["refused"] = at(account("Picture editor", username="other")).get(of("article", "add"))
    found["login"] = Client().get("/admin/login/")
    found["logged out"] = at(editor).post("/admin/logout/")
    return {address: page.content.decode() for address, page in found.items()}


def test_no_page_has_an_inline_script_or_style(pages):
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\s(?:src=|type=\"application/json\"))[^>]*>")

    assert {address: inline.findall(page) for address, page in pages.items() if inline.search(page)} == {}


def test_every_page_has_one_heading_a_title_and_a_language(pages):
    assert {address: page.count("<h1") for address, page in pages.items() if page.count("<h1") != 1} == {}
    assert all(re.search(r"<title>\s*\S.* \| Northing newsroom</title>", page) for page in pages.values())
    assert all('<html lang="en-gb"' in page for page in pages.values())


def test_no_page_boasts(pages):
    assert [address for address, page in pages.items() if "successful" in page.lower()] == []


def test_no_page_loads_anything_from_elsewhere(pages):
    loaded = re.compile(r'<(?:script|link|img)[^>]*\s(?:src|href)="(?!/)[^"]*"')

    assert {address: loaded.findall(page) for address, page in pages.items() if loaded.search(page)} == {}


def test_only_our_own_nouns_have_pages():
    assert {model._meta.app_label for model in admin.site._registry} == {"articles"}


def test_every_id_is_there_once(pages):
    twice = {}
    for address, page in pages.items():
        ids = re.findall(r'\sid="([^"]+)"', page)
        repeated = {one for one in ids if ids.count(one) > 1}
        if repeated:
            twice[address] = repeated

    assert twice == {}
