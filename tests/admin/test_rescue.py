"""A form without a script meets an ended session or an old token: its text comes back, unsaved, and nothing is done."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from articles import manuscript as manuscripts
from articles.admin import rescue
from articles.models import Article, Event, Image, Publication, Revision
from tests.conftest import PASSWORD

from .conftest import BACKEND
from .test_doors import NAMES, address, picture

__all__ = ["address", "picture"]

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
OURS = {"HTTP_ORIGIN": "http://testserver"}
NASTY = "</textarea><script>alert(1)</script>\" onfocus='x' & \r\n\r\n  “quoted” ✂ \U0001f426"


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of the page's first form after the head, as a browser would send them."""
    form = re.search(r"<form (?![^>]*logout).*?</form>", page, re.DOTALL)[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r'<input type="hidden"[^>]*>', form):
        named, value = re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)
        found.setdefault(html.unescape(named), []).append(html.unescape(value[1] if value else ""))
    return found


def logs_in(client: Client, page, user, password: str = PASSWORD):
    fields = hidden(page.content.decode()) | {"username": user.username, "password": password}
    return client.post(LOGIN, fields)


@pytest.fixture
def posted(at, filled, reporter, story_url):
    """What the reporter's browser sends from the story's form, after its session has ended."""
    return filled(at(reporter), story_url, headline=NASTY, then="submit", csrfmiddlewaretoken="old")


@pytest.fixture
def given_back(reader, posted, reporter, story_url):
    """The page after the login: the text is here."""
    return logs_in(reader, reader.post(story_url, posted), reporter)


def test_the_login_page_carries_the_text_and_says_so(reader, posted, story_url):
    page = reader.post(story_url, posted)

    carried = hidden(page.content.decode())
    assert page.status_code == 403
    assert "What you sent is not saved yet, and not lost" in page.content.decode()
    assert carried["carried-headline"] == [NASTY]
    assert carried["carried-body"] == [posted["body"]]
    assert carried["next"] == [story_url]
    assert not {"carried-then", "carried-csrfmiddlewaretoken"} & set(carried)
    assert "<script>alert" not in page.content.decode()


def test_wrong_passwords_go_on_carrying_it(reader, posted, reporter, story_url):
    page = reader.post(story_url, posted)
    for _number in range(3):
        page = logs_in(reader, page, reporter, "wrong")

    assert hidden(page.content.decode())["carried-headline"] == [NASTY]


def test_the_lock_out_goes_on_carrying_it_and_says_how_long(reader, posted, reporter, story_url, settings):
    page = reader.post(story_url, posted)
    for _number in range(settings.AXES_FAILURE_LIMIT):
        page = Client().post(
            LOGIN,
            hidden(page.content.decode()) | {"username": reporter.username, "password": "wrong"},
            **OURS,
        )

    assert (page.status_code, page["Retry-After"]) == (429, "900")
    assert "Wait 15 minutes" in page.content.decode()
    assert hidden(page.content.decode())["carried-headline"] == [NASTY]


def test_after_the_login_the_text_is_there_and_nothing_was_done_with_it(given_back, story):
    shown = given_back.content.decode()

    assert "It is not saved yet. Nothing was published and nothing was moved." in shown
    assert "You are logged in as Rosa Diaz" in shown
    assert html.escape(NASTY.splitlines()[0]) in shown
    assert "<script>alert" not in shown
    assert Article.objects.get(pk=story.pk).version == 1
    assert given_back["Cache-Control"] == "private, no-store"


def test_one_button_opens_the_very_form_with_the_text_in_it_and_saves_nothing(given_back, reader, story, story_url):
    before = Event.objects.count()

    form = reader.post(story_url, hidden(given_back.content.decode()))

    assert form.status_code == 200
    assert "This is the text that you sent before." in form.content.decode()
    assert form.context["adminform"].form["headline"].value() == NASTY
    assert (Article.objects.get(pk=story.pk).version, Event.objects.count()) == (1, before)


def test_saved_from_there_it_overwrites_nothing_that_a_colleague_saved_meanwhile(
    given_back, reader, story, story_url, published
):
    published(standfirst="The editor’s own.")
    words = hidden(given_back.content.decode())
    del words[rescue.REOPENED]

    reader.post(story_url, words)

    assert manuscripts.of(Article.objects.get(pk=story.pk)).standfirst == "The editor’s own."


def test_a_megabyte_is_carried(reader, reporter, posted, story_url):
    body = "<p>Łódź and “more”.</p>\r\n" * 40_000
    page = logs_in(reader, reader.post(story_url, posted | {"body": body}), reporter)

    assert hidden(page.content.decode())["body"] == [body]


def test_a_file_cannot_be_kept_and_that_is_said(reader, reporter, posted, story_url):
    file = SimpleUploadedFile("convoy.jpg", b"not looked at", content_type="image/jpeg")
    page = logs_in(reader, reader.post(story_url, posted | {"cover_file": file}), reporter)

    assert "The file “convoy.jpg” could not be kept." in page.content.decode()


def test_a_file_that_comes_with_a_form_to_be_reopened_is_not_taken_in(at, reporter, posted, story_url, image_file):
    at(reporter).post(story_url, posted | {"cover_file": image_file("convoy.jpg"), rescue.REOPENED: "1"})

    assert not Image.objects.exists()


def test_a_form_of_many_values_keeps_all_of_them(reader, administrator):
    url = reverse("admin:articles_user_add")
    page = reader.post(url, {"username": "newcomer", "held": ["Editor", "Reporter"], "a_password": "told nobody"})
    assert "told nobody" not in page.content.decode()
    form = reader.post(url, hidden(logs_in(reader, page, administrator).content.decode()))

    assert form.context["adminform"].form["held"].value() == ["Editor", "Reporter"]


def test_a_move_is_opened_again_with_its_words_and_made_only_when_it_is_pressed(reader, editor, story, published):
    published()
    url = reverse("admin:articles_article_move", args=[story.pk, "withdraw"])
    story.refresh_from_db()
    page = logs_in(reader, reader.post(url, {"seen": story.version, "over": 1, "note": "Wrong base."}), editor)

    form = reader.post(url, hidden(page.content.decode()))

    assert "This is the text that you sent before." in form.content.decode()
    assert form.context["form"]["note"].value() == "Wrong base."
    assert Publication.objects.filter(kind="notice").count() == 0
    assert reader.post(url, {"seen": story.version, "over": 1, "note": "Wrong base."}).status_code == 302


def test_passwords_are_never_carried(reader):
    answer = reader.post("/admin/password_change/", {"old_password": "secret", "new_password1": "secret"})

    assert (answer.status_code, answer["Location"]) == (302, f"{LOGIN}?next=/admin/password_change/")


def test_a_form_without_a_word_of_a_person_is_sent_to_the_door_as_ever(reader, story):
    url = reverse("admin:articles_article_move", args=[story.pk, "submit"])

    assert reader.post(url, {"seen": 1, "over": "", "note": ""})["Location"] == f"{LOGIN}?next={url}"
    assert reader.post("/admin/logout/")["Location"] == "/admin/"


def test_where_no_form_can_be_opened_the_text_is_there_to_be_copied(reader, picture_editor):
    url = reverse("admin:articles_image_add")
    page = logs_in(reader, reader.post(url, {"awaited": "Convoy leaves base.jpg"}), picture_editor)

    assert "Convoy leaves base.jpg" in page.content.decode()
    assert "Open the form with this text" not in page.content.decode()
    assert at_once(reader, url, {"awaited": "Convoy.jpg", rescue.REOPENED: "1"}) == (302, url)
    assert not Image.objects.exists()


def at_once(client, url, fields) -> tuple[int, str]:
    answer = client.post(url, fields)
    return answer.status_code, answer["Location"]


def test_whoever_may_not_save_it_any_more_can_copy_it(at, reporter, posted, story_url):
    client = at(reporter)
    reporter.groups.clear()

    page = client.post(story_url, posted)

    assert page.status_code == 403
    assert "What you sent is not saved. Copy what you want to keep of it." in page.content.decode()
    assert html.escape(NASTY.splitlines()[0]) in page.content.decode()


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example{}", "//elsewhere.example{}", "/nowhere/", "", "javascript:1"]
)
def test_a_text_is_never_offered_to_another_address_than_our_forms(path, story_url):
    assert rescue.Sent(story_url).reopens
    assert not rescue.Sent(path.format(story_url)).reopens


# --- An old token ---


@pytest.fixture
def strict(reporter) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter, backend=BACKEND)
    return client


def test_an_old_token_in_a_living_session_gives_the_text_back_at_once(strict, posted, story_url, story):
    page = strict.post(story_url, posted, **OURS)

    assert page.status_code == 403
    assert "That form belonged to an earlier visit." in page.content.decode()
    form = strict.post(story_url, hidden(page.content.decode()), **OURS)
    assert form.context["adminform"].form["headline"].value() == NASTY
    assert Article.objects.get(pk=story.pk).version == 1


def test_an_old_token_without_a_session_gives_it_back_after_the_login(reporter, posted, story_url):
    client = Client(enforce_csrf_checks=True)
    page = logs_in(client, client.post(story_url, posted, **OURS), reporter)

    form = client.post(story_url, hidden(page.content.decode()))

    assert form.context["adminform"].form["headline"].value() == NASTY


def test_a_login_page_that_grew_old_goes_on_carrying_it(reporter, posted, story_url):
    client = Client(enforce_csrf_checks=True)
    fields = hidden(client.post(story_url, posted, **OURS).content.decode())

    page = client.post(LOGIN, fields | {"csrfmiddlewaretoken": "x" * 64, "username": "a", "password": "b"}, **OURS)

    assert (page.status_code, hidden(page.content.decode())["carried-headline"]) == (403, [NASTY])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://["},
        {"HTTP_REFERER": "http://["},
    ],
)
def test_nobody_puts_words_into_our_pages_from_another_site(headers, posted, story_url):
    page = Client(enforce_csrf_checks=True).post(story_url, posted, **headers)

    assert page.status_code == 403
    assert "script" not in page.content.decode()
    assert "This form belongs to an earlier visit" in page.content.decode()


# --- No door does anything with a text that is only to be shown again ---


def test_no_door_does_anything_with_a_text_that_is_to_be_reopened(at, editor, administrator, address, posted, story):
    editor.groups.add(*administrator.groups.all())
    client, quiet = at(editor), {"login", "logout", "login_in_place"}
    words = posted | {"name": "Anew", "slug": "anew", "kind": "place", "username": "anew", "awaited": "anew.jpg"}
    addresses = [address(name) for name in NAMES if name not in quiet]
    before = Event.objects.count(), Revision.objects.count()

    for url in addresses:
        client.post(url, words | {"seen": story.version, rescue.REOPENED: "1"})

    assert (Event.objects.count(), Revision.objects.count()) == before
