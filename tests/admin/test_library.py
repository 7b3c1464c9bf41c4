"""What the story's editor asks and sends: who may, what is found, what an address is, how a picture comes in."""

import json
from dataclasses import replace
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from articles.admin.editor import KEYS
from articles.desk import drafts
from articles.models import Event, Image
from articles.photos import intake

STORIES, ADDRESS = "/admin/library/stories/", "/admin/library/address/"
PICTURES, UPLOAD, DESCRIBE = "/admin/articles/image/choose/", "/admin/library/upload/", "/admin/library/describe/"
NAME = "Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg"
FILM = "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.fixture
def picture(picture_editor, image_file) -> Image:
    return intake.receive(image_file(NAME), by=picture_editor)


def send(client: Client, **facts):
    answer = client.post(DESCRIBE, json.dumps(facts), content_type="application/json")
    return answer.status_code, answer.json()


# --- Who may ---


def test_who_has_no_session_any_more_is_told_so_at_each_door(reader, account, at, image_file):
    former = account("Editor", username="former")
    client = at(former)
    former.is_active = False
    former.save()

    for browser in (reader, client):
        asked = [browser.get(door) for door in (STORIES, ADDRESS, PICTURES)]
        sent = [browser.post(UPLOAD, {"file": image_file(NAME)}), browser.post(DESCRIBE)]
        assert [(answer.status_code, answer.json()) for answer in asked + sent] == [(401, {"ended": True})] * 5
    assert Image.objects.count() == 0


def test_who_reads_no_stories_finds_none_and_who_adds_no_pictures_sends_none(at, administrator, image_file):
    client = at(administrator)

    assert [client.get(door).status_code for door in (STORIES, ADDRESS, PICTURES)] == [403, 403, 403]
    refusal = client.post(UPLOAD, {"file": image_file(NAME)})
    assert (refusal.status_code, "You cannot add pictures. Ask a" in refusal.json()["refused"]) == (403, True)


def test_a_file_from_another_site_is_not_taken(editor, image_file):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor, backend="django.contrib.auth.backends.ModelBackend")

    assert client.post(UPLOAD, {"file": image_file(NAME)}).status_code == 403
    assert Image.objects.count() == 0


# --- Stories ---


def test_stories_are_found_by_their_words_and_by_their_uids(at, picture_editor, story, manuscript, editor, published):
    other = drafts.start(replace(manuscript, headline="Carrier sails", body="<p>A ship.</p>"), by=editor)
    published()
    client = at(picture_editor)

    both = client.get(STORIES).json()["stories"]
    assert [(found["headline"], found["live"], found["section"]) for found in both] == [
        ("Carrier sails", False, "Middle East"),
        ("Base handed over", True, "Middle East"),
    ]
    assert [found["uid"] for found in client.get(STORIES, {"q": "carr"}).json()["stories"]] == [str(other.uid)]
    assert client.get(STORIES, {"q": '" -( * AND'}).status_code == 200
    asked = {"uid": [str(story.uid), str(uuid4()), "nonsense", "ü"]}
    assert [found["headline"] for found in client.get(STORIES, asked).json()["stories"]] == ["Base handed over"]


@pytest.mark.parametrize("question", [{"q": ""}, {"q": "base"}])
def test_the_number_of_queries_does_not_depend_on_the_number_of_stories(
    question, at, editor, manuscript, django_assert_max_num_queries
):
    client = at(editor)
    for number in range(12):
        drafts.start(replace(manuscript, headline=f"Base number {number}"), by=editor)
    with django_assert_max_num_queries(5):  # session, user, two kinds of permissions, stories
        assert len(client.get(STORIES, question).json()["stories"]) == 12
    with django_assert_max_num_queries(5):
        client.get(PICTURES)


def test_an_address_is_a_story_of_ours_or_something_at_a_provider_or_nothing(at, editor, story, published):
    path = published().address.path
    client = at(editor)

    def asked(address: str) -> dict:
        return client.get(ADDRESS, {"address": address}).json()

    for ours in (path, path.rstrip("/"), f"{settings.SITE_URL}{path}", f"{settings.SITE_URL}{path}?from=feed#top"):
        assert asked(ours)["story"]["uid"] == str(story.uid), ours
    assert asked(f"{FILM}&utm_source=x") == {
        "embed": {"provider": "youtube", "name": "YouTube", "url": FILM, "title": ""}
    }
    for neither in (
        "",
        "x",
        f"https://elsewhere.example{path}",
        "http://[",
        "/nowhere/",
        f"/{'x' * 9000}",
        "javascript:x",
    ):
        assert asked(neither) == {}


# --- Pictures ---


def test_a_picture_is_taken_in_and_what_it_lacks_is_said(at, reporter, image_file):
    answer = at(reporter).post(UPLOAD, {"file": image_file(NAME)})

    image, said = Image.objects.get(), answer.json()
    assert (answer.status_code, said["picture"]["uid"], said["twin"]) == (201, str(image.uid), False)
    assert (said["picture"]["facts"]["credit"], said["wanting"]) == ("Royal Navy", ["alt_text", "rights_basis"])
    assert said["sentence"] == "It is here. Still to do: no text alternative, rights not known."
    assert said["may_describe"] is True
    assert Event.objects.newest_first().first().verb == "received"


def test_a_file_that_is_here_already_is_recognised_and_said(at, reporter, picture, image_file):
    answer = at(reporter).post(UPLOAD, {"file": image_file("Another name.jpg")})

    said = answer.json()
    assert (answer.status_code, said["twin"], said["picture"]["uid"]) == (200, True, str(picture.uid))
    assert "was here already, as “Convoy leaves base”" in said["sentence"]
    assert said["may_describe"] is False
    assert Image.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "code", "sentence"),
    [
        ({}, 400, "No file came with it."),
        ({"file": SimpleUploadedFile("notes.jpg", b"no picture")}, 422, "“notes.jpg” is not a picture"),
        ({"file": SimpleUploadedFile("empty.png", b"")}, 422, "empty.png"),
    ],
    ids=["nothing", "no picture", "empty"],
)
def test_what_is_no_picture_is_refused_in_a_sentence(sent, code, sentence, at, reporter):
    answer = at(reporter).post(UPLOAD, sent)

    assert (answer.status_code, sentence in answer.json()["wrong"]) == (code, True)
    assert Image.objects.count() == 0


def test_what_is_said_of_a_picture_is_kept_with_its_version(at, picture_editor, picture):
    code, said = send(at(picture_editor), uid=str(picture.uid), seen=1, alt_text="A lorry.", rights_basis="staff")

    assert (code, said["picture"]["version"], said["wanting"]) == (200, 2, [])
    picture.refresh_from_db()
    assert (picture.alt_text, picture.rights_basis) == ("A lorry.", "staff")


def test_a_reporter_describes_the_pictures_that_they_brought_and_no_others(at, reporter, picture, image_file):
    client = at(reporter)
    own = client.post(UPLOAD, {"file": image_file("Own.jpg", "navy")}).json()["picture"]

    assert send(client, uid=own["uid"], seen=1, caption="Ours.")[0] == 200
    code, said = send(client, uid=str(picture.uid), seen=1, caption="Theirs.")
    assert (code, "You cannot change the facts of pictures." in said["wrong"]) == (422, True)


def test_facts_that_do_not_fit_or_are_behind_are_refused_in_a_sentence(at, picture_editor, picture):
    client, uid = at(picture_editor), str(picture.uid)

    assert send(client, uid=uid, seen=1, rights_basis="stolen")[0] == 422
    assert send(client, uid=uid, seen=1, alt_text="x" * 501)[0] == 422
    code, said = send(client, uid=uid, seen=7, caption="Late.")
    assert (code, "was changed by" in said["wrong"]) == (422, True)
    assert send(client, uid=uid, seen="1", caption="x") == (400, {"wrong": "What was sent cannot be read."})
    assert send(client, uid=uid, seen=1, caption=["x"])[0] == 400
    assert send(client, uid=str(uuid4()), seen=1) == (404, {"missing": "That is not in the newsroom."})
    picture.refresh_from_db()
    assert picture.version == 1


# --- The keys ---


def test_the_docs_and_the_help_panel_have_the_same_keys(at, reporter, story_url):
    """Both come from one table in the code; the script binds what stands in the panel."""
    panel = at(reporter).get(story_url).content.decode()
    docs = (settings.BASE_DIR / "docs/journalists.md").read_text()
    for key in KEYS:
        assert f"| `{'+'.join(key.caps)}` | {key.does} |" in docs
        assert escape(str(key.does)) in panel
    assert panel.count("data-keys=") == len([key for key in KEYS if key.act])
    assert docs.count("\n| `") == len(KEYS)
