"""The door for somebody outside with a link: one story until the link ends, and no trace of who is there."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import manuscript as manuscripts
from articles.desk import drafts, moves, previews
from articles.models import PreviewLink, Rendition, Revision
from articles.photos import intake, renditions

PASSWORD = "the convoy leaves at dawn"
NOTHING = "There is no preview here"
FORM = {"content_type": "application/x-www-form-urlencoded"}


def form(password: str) -> str:
    return f"password={password.replace(' ', '+')}"


def address(link) -> str:
    return reverse("preview_link:story", args=[previews.token_of(link)])


def views(link) -> int:
    return PreviewLink.objects.get(pk=link.pk).views


@pytest.fixture
def link(story, reporter):
    """A link that follows the reporter's story."""
    return previews.make(
        story, by=reporter, expires_at=timezone.now() + previews.USUAL, label="The ministry’s <b>press</b> office"
    )


@pytest.fixture
def locked(story, reporter):
    """A link with a password."""
    expires_at = timezone.now() + previews.USUAL
    return previews.make(story, by=reporter, expires_at=expires_at, label="The lawyer", password=PASSWORD)


# --- With the address alone ---


def test_somebody_outside_reads_the_story_and_nobody_keeps_it(reader, link):
    answer = reader.get(address(link))

    shown = answer.content.decode()
    assert "Three hundred people departed." in shown
    assert "PREVIEW for The ministry’s &lt;b&gt;press&lt;/b&gt; office until" in shown
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in shown


def test_its_address_is_outside_the_newsroom(link):
    assert address(link).startswith("/preview/")


def test_its_policy_is_the_readers(reader, link):
    assert reader.get(address(link))["Content-Security-Policy"] == reader.get("/")["Content-Security-Policy"]
    assert reader.get(address(link))["X-Frame-Options"] == "DENY"


def test_no_cookie_is_set_and_none_is_read(reader, link, locked, at, editor):
    colleague = at(editor)
    held = dict(colleague.cookies)
    answers = [reader.get(address(link)), reader.get(address(locked))]
    answers.append(reader.post(address(locked), form(PASSWORD), **FORM))
    with CaptureQueriesContext(connection) as queries:
        answers.append(colleague.get(address(link)))

    assert {answer.status_code for answer in answers} == {200}
    assert not reader.cookies
    assert dict(colleague.cookies) == held
    assert not any("Cookie" in answer.get("Vary", "") for answer in answers)
    assert not any("django_session" in query["sql"] for query in queries)


def test_it_follows_the_story(reader, link, story, reporter):
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=reporter)

    assert "Base left" in reader.get(address(link)).content.decode()


def test_a_link_to_one_version_stays_with_it(reader, story, reporter):
    expires_at, revision = timezone.now() + previews.USUAL, Revision.objects.get()
    link = previews.make(story, by=reporter, expires_at=expires_at, label="The source", revision=revision)
    drafts.save(story, replace(manuscripts.of(story), headline="Base left"), seen=1, by=reporter)

    shown = reader.get(address(link)).content.decode()

    assert "Base handed over" in shown
    assert "Base left" not in shown


def test_it_shows_nothing_of_other_drafts(reader, link, manuscript, reporter):
    drafts.start(replace(manuscript, headline="A secret of another story"), by=reporter)

    assert "A secret" not in reader.get(address(link)).content.decode()


def test_readings_are_counted_and_looks_are_not(reader, link):
    for _time in range(2):
        assert reader.get(address(link)).status_code == 200
    head = reader.head(address(link))

    assert (head.status_code, head.content) == (200, b"")
    assert views(link) == 2
    assert PreviewLink.objects.get(pk=link.pk).last_viewed_at


def test_a_longer_story_costs_no_more_queries(reader, link, story, reporter, picture_editor):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            reader.get(address(link))
        return len(queries)

    few = asked()
    images = [intake.expect(f"Convoy {number}.jpg", by=picture_editor, alt_text="A convoy.") for number in range(8)]
    body = "\n".join(f'<figure data-image="{image.uid}"></figure><p>Text.</p>' for image in images)
    drafts.save(story, replace(manuscripts.of(story), body=body), seen=1, by=reporter)

    assert asked() - few <= 2  # for the facts and files of its pictures, however many
    assert asked() <= 24


# --- When there is nothing to see ---


@pytest.mark.parametrize("token", ["x", "x.y", "A" * 3000, "%2e%2e", "é", "' OR 1=1 --"])
def test_a_malformed_address_says_nothing(token, reader, db):
    answer = reader.get(f"/preview/{token}/")

    assert answer.status_code == 404
    assert NOTHING in answer.content.decode()


def test_a_wrong_a_revoked_and_an_expired_link_say_the_same(reader, link, story, reporter, editor):
    wrong = f"{address(link)[:-2]}{'a' if address(link)[-2] != 'a' else 'b'}/"
    previews.revoke(link, by=reporter)
    short = previews.make(story, by=reporter, expires_at=timezone.now() + timedelta(hours=1), label="Somebody")
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        answers = [reader.get(address(link)), reader.get(address(short))]
    answers.append(reader.get(wrong))

    assert [answer.status_code for answer in answers] == [410, 410, 404]
    assert len({answer.content for answer in answers}) == 1
    assert NOTHING in answers[0].content.decode()
    assert all(answer["Cache-Control"] == "private, no-store" for answer in answers)
    assert views(link) == views(short) == 0


def test_a_spiked_story_is_not_followed_any_more(reader, link, story, editor):
    moves.spike(story, seen=1, by=editor, note="Old.")

    assert reader.get(address(link)).status_code == 410


def test_a_link_of_somebody_who_left_has_ended(reader, link, reporter):
    reporter.is_active = False
    reporter.save()

    assert reader.get(address(link)).status_code == 410


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_it_is_read_and_nothing_else(method, reader, link):
    assert getattr(reader, method)(address(link)).status_code == 405


# --- With a password ---


def test_a_password_is_asked_and_tells_nothing_before_it(reader, locked):
    answer = reader.get(address(locked))

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert '<form class="form" method="post">' in shown
    assert "Base handed over" not in shown
    assert "The lawyer" not in shown
    assert views(locked) == 0


def test_the_right_password_is_answered_with_the_story(reader, locked):
    answer = Client(enforce_csrf_checks=True).post(address(locked), form(PASSWORD), **FORM)

    assert answer.status_code == 200
    assert "Three hundred people departed." in answer.content.decode()
    assert views(locked) == 1


def test_a_wrong_password_is_said_and_not_counted_as_a_reading(reader, locked):
    answer = reader.post(address(locked), form("not it"), **FORM)

    assert answer.status_code == 403
    assert "That is not the password." in answer.content.decode()
    assert "Base handed over" not in answer.content.decode()
    assert views(locked) == 0


def test_who_guesses_has_ten_tries_an_hour(reader, locked):
    answers = [reader.post(address(locked), form(f"guess {number}"), **FORM) for number in range(11)]
    right = reader.post(address(locked), form(PASSWORD), **FORM)

    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert right.status_code == 429
    assert "Wait an hour" in right.content.decode()
    assert 3500 < int(right["Retry-After"]) <= 3601


def test_guessing_at_one_link_leaves_another_alone(reader, locked, story, reporter):
    expires_at = timezone.now() + previews.USUAL
    other = previews.make(story, by=reporter, expires_at=expires_at, label="The source", password=PASSWORD)
    for number in range(11):
        reader.post(address(locked), form(f"guess {number}"), **FORM)

    assert reader.post(address(other), form(PASSWORD), **FORM).status_code == 200


def test_files_are_not_taken_in_by_this_door(reader, locked):
    assert reader.post(address(locked), {"password": PASSWORD}).status_code == 403


# --- Pictures ---


@pytest.fixture
def pictured(story, reporter, picture_editor, image_file):
    image = intake.receive(image_file("Convoy 210320 CREDIT ROYAL NAVY.jpg"), by=picture_editor)
    renditions.ensure([image])
    return drafts.save(story, replace(manuscripts.of(story), cover=str(image.uid)), seen=1, by=reporter)


def pictures_in(page: str) -> list[str]:
    return re.findall(r"/preview/[^ \"]+/media/[^ \"]+\.jpg", page)


def test_pictures_come_through_the_door_of_the_link(reader, link, pictured):
    shown = reader.get(address(link)).content.decode()

    assert not re.search(r'["\s]/media/', shown)
    answer = reader.get(pictures_in(shown)[0])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert views(link) == 1


def test_pictures_end_with_the_link_and_with_the_text(reader, link, pictured, reporter):
    picture = pictures_in(reader.get(address(link)).content.decode())[0]

    drafts.save(pictured, replace(manuscripts.of(pictured), cover=""), seen=2, by=reporter)
    assert reader.get(picture).status_code == 404

    previews.revoke(link, by=reporter)
    assert reader.get(picture).status_code == 410


def test_a_picture_of_another_story_is_not_given_out(reader, link, pictured, picture_editor, image_file):
    other = intake.receive(image_file("Ship.jpg", "navy"), by=picture_editor)
    renditions.ensure([other])
    name, told = Rendition.objects.filter(image=other).first().name, previews.picture_pass(link)

    assert reader.get(f"{address(link)}media/{told}/{name}").status_code == 404


def test_who_has_not_said_the_password_gets_no_picture(reader, link, locked, pictured):
    """Not even by the name of a file that another page told them."""
    told = pictures_in(reader.get(address(link)).content.decode())[0]
    name, pass_ = told.split("/", 5)[5], told.split("/")[4]

    assert reader.get(f"{address(locked)}media/{pass_}/{name}").status_code == 404
    assert reader.get(f"{address(locked)}media/{previews.picture_pass(locked)}/{name}").status_code == 200
