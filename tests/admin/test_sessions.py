"""Sessions that ended while somebody was writing: what scripts are told, and the way back in, in place."""

import json

import pytest
from django.test import Client

from articles.models import Revision
from tests.conftest import PASSWORD

TOKEN = "/admin/token/"
IN_PLACE = "/admin/in-place/login/"
DONE = "/admin/in-place/done/"

pytestmark = pytest.mark.django_db


# --- Doors for scripts ---


with_doors = pytest.mark.urls("tests.admin.places")


def knock(client: Client, what: str, body: str = "{}"):
    answer = client.post(
        f"/admin/door/{what}/", body, content_type="application/json", headers={"Accept": "application/json"}
    )
    return answer.status_code, answer.json()


@with_doors
def test_a_stranger_and_a_locked_or_deskless_account_are_told_that_the_session_is_over(at, account, reader):
    locked, deskless = account("Editor", username="locked"), account("Editor", username="deskless")
    browsers = [reader, at(locked), at(deskless)]
    locked.is_active = deskless.is_staff = False
    locked.save()
    deskless.save()

    assert [knock(browser, "open") for browser in browsers] == [(401, {"ended": True})] * 3


@with_doors
def test_a_page_of_one_account_is_not_answered_in_the_name_of_another(at, reporter, editor):
    headers = {"Accept": "application/json"}
    own, others = ({"X-Account": str(user.pk)} for user in (editor, reporter))
    client = at(editor)

    assert client.post("/admin/door/open/", "{}", "application/json", headers=headers | own).status_code == 200
    refused = client.post("/admin/door/open/", "{}", "application/json", headers=headers | others)
    assert (refused.status_code, refused.json()) == (401, {"ended": True})


@with_doors
def test_what_a_person_would_read_in_a_sentence_a_script_gets_as_json(at, reporter):
    client = at(reporter)

    assert knock(client, "refused") == (403, {"refused": "You cannot do this. Ask an editor."})
    assert knock(client, "publish") == (403, {"refused": "You cannot publish this story. Ask an editor."})
    assert knock(client, "missing") == (404, {"missing": "That is not in the newsroom."})


@with_doors
@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '"text"', '{"a": "\\u0000"}', '{"a": ["\\ud83d"]}', '{"a": ' + "9" * 5000 + "}", "[" * 100_000],
    ids=["nothing", "torn", "a list", "a text", "a NUL", "half a character", "a huge number", "a deep well"],
)
def test_what_cannot_be_read_is_wrong_and_breaks_nothing(at, reporter, body):
    assert knock(at(reporter), "open", body) == (400, {"wrong": "What was sent cannot be read."})


@with_doors
def test_too_much_at_once_is_said(at, reporter, settings):
    assert knock(at(reporter), "open", json.dumps({"body": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}))[0] == 413


@with_doors
def test_what_can_be_read_arrives(at, reporter):
    assert knock(at(reporter), "open", '{"body": "<p>\U0001f426</p>"}') == (200, {"got": {"body": "<p>\U0001f426</p>"}})


@with_doors
def test_a_script_hears_of_a_busy_database_and_when_to_come_back(at, reporter):
    client = at(reporter)
    client.raise_request_exception = False

    answer = client.post("/admin/door/busy/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "busy saving another change" in answer.json()["busy"]


@with_doors
def test_a_script_with_another_sessions_token_is_told_to_fetch_the_new_one(reporter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter, backend="articles.desk.rights.Rights")

    answer = client.post("/admin/door/open/", "{}", content_type="application/json", headers={"Accept": "*/*"})
    assert answer["Content-Type"].startswith("text/html")
    assert knock(client, "open") == (403, {"token": True})

    token = client.get(TOKEN).json()["token"]
    again = client.post("/admin/door/open/", "{}", content_type="application/json", headers={"X-CSRFToken": token})
    assert (again.status_code, again["Cache-Control"]) == (200, "private, no-store")


# --- The token ---


def test_the_token_says_whose_session_it_is(at, reporter, reader):
    answer = at(reporter).get(TOKEN)

    assert answer.json() == {"token": answer.json()["token"], "user": reporter.pk, "name": "Rosa Diaz"}
    assert answer["Cache-Control"] == "private, no-store"
    assert reader.get(TOKEN).json().items() >= {"user": None, "name": ""}.items()


def test_an_account_that_lost_its_desk_has_no_session_here(at, reporter):
    client = at(reporter)
    reporter.is_staff = False
    reporter.save()

    assert client.get(TOKEN).json()["user"] is None


def test_a_token_is_looked_at_and_not_posted_to(at, reporter):
    assert at(reporter).post(TOKEN).status_code == 405


# --- Logging in, in place ---


def test_the_login_in_place_is_the_login_page_and_may_stand_in_a_frame_of_ours(reader):
    page = reader.get(IN_PLACE)

    assert "login-form" in page.content.decode()
    assert "site-name" not in page.content.decode()
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in reader.get("/admin/login/")["Content-Security-Policy"]


def test_who_logs_in_in_place_ends_where_the_page_round_it_looks(reader, reporter):
    answer = reader.post(IN_PLACE, {"username": reporter.username, "password": PASSWORD, "next": DONE}, follow=True)

    assert answer.redirect_chain == [(DONE, 302)]
    assert "As Rosa Diaz." in answer.content.decode()
    assert reader.get(IN_PLACE)["Location"] == DONE


def test_a_locked_account_and_one_without_a_desk_do_not_come_in_in_place_either(reader, account):
    for name, facts in {"locked": {"is_active": False}, "deskless": {}}.items():
        user = account("Editor", username=name, **facts)
        user.is_staff = name != "deskless"
        user.save()
        answer = reader.post(IN_PLACE, {"username": name, "password": PASSWORD, "next": DONE})

        assert answer.status_code == 200
        assert "do not go together" in answer.content.decode()
    assert reader.get(TOKEN).json()["user"] is None


def test_nobody_is_not_told_that_they_are_logged_in(reader):
    assert reader.get(DONE)["Location"] == IN_PLACE


def test_the_lock_out_counts_in_place_too(reader, reporter, settings):
    for _number in range(settings.AXES_FAILURE_LIMIT):
        answer = reader.post(IN_PLACE, {"username": reporter.username, "password": "wrong", "next": DONE})

    assert (answer.status_code, answer["X-Frame-Options"]) == (429, "SAMEORIGIN")
    assert reader.post("/admin/login/", {"username": reporter.username, "password": PASSWORD}).status_code == 429


# --- Logging out ---


def test_what_somebody_was_writing_is_sealed_before_they_log_out(at, reporter, story):
    spell = Revision.objects.get(article=story)
    assert not spell.is_sealed

    at(reporter).post("/admin/logout/")

    spell.refresh_from_db()
    assert (spell.is_sealed, spell.sealed_why) == (True, "logged out")


def test_a_log_out_seals_nobody_elses_writing(at, editor, story):
    at(editor).post("/admin/logout/")

    assert not Revision.objects.get(article=story).is_sealed
