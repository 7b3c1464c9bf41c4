"""The preview: the readers' own page with the draft, for those who may read drafts, and kept by nobody."""

import re
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.desk import drafts
from articles.manuscript import Manuscript
from articles.photos import intake, renditions


def url(story) -> str:
    return reverse("preview", args=[story.uid])


def test_a_draft_is_shown_on_the_readers_page_and_marked(at, reporter, story):
    answer = at(reporter).get(url(story))

    shown = answer.content.decode()
    assert "PREVIEW of version 1. Readers do not see this page." in shown
    assert "Three hundred people departed." in shown
    assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_a_live_story_is_previewed_as_it_is_being_rewritten(at, editor, story, published):
    published()
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=editor)

    assert "Base left" in at(editor).get(url(story)).content.decode()


def test_a_story_that_has_hardly_begun_can_be_previewed(at, reporter):
    story = drafts.start(Manuscript(headline="Only this"), by=reporter)

    assert "Only this" in at(reporter).get(url(story)).content.decode()


def test_a_strangers_browser_is_sent_to_the_door(story):
    assert Client().get(url(story))["Location"].startswith("/admin/login/")


def test_the_administrator_touches_no_story(at, administrator, story):
    assert at(administrator).get(url(story)).status_code == 403


@pytest.fixture
def pictured(story, reporter, picture_editor, image_file):
    image = intake.receive(image_file("Convoy 210320 CREDIT ROYAL NAVY.jpg"), by=picture_editor)
    renditions.ensure([image])
    return drafts.save(story, replace(manuscripts.of(story), cover=str(image.uid)), seen=1, by=reporter)


def test_pictures_that_are_not_public_yet_come_through_the_newsrooms_door(at, reporter, pictured, reader):
    client = at(reporter)

    shown = client.get(url(pictured)).content.decode()

    ours = re.findall(r"/admin/preview/media/[^ \"]+\.jpg", shown)[0]
    assert "/media/" not in shown.replace("/admin/preview/media/", "")
    answer = client.get(ours)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    b"".join(answer.streaming_content)
    assert reader.get(ours.removeprefix("/admin/preview")).status_code == 404


@pytest.mark.parametrize("name", ["ab/none.jpg", "../private/originals/x.jpg", "x.svg"])
def test_the_door_gives_out_nothing_but_pictures_of_ours(name, at, reporter, pictured):
    assert at(reporter).get(f"/admin/preview/media/{name}").status_code == 404


def test_a_preview_is_looked_at_and_nothing_else(at, reporter, story):
    assert at(reporter).post(url(story)).status_code == 405
