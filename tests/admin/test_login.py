"""The door: what it says to whom, and that it tells nobody who works here."""

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import PASSWORD

LOGIN = "/admin/login/"
NO = "That name and password do not go together. Capital letters count in both."


def try_door(name: str, password: str, client: Client | None = None):
    return (client or Client()).post(LOGIN, {"username": name, "password": password, "next": "/admin/"})


def test_who_has_the_password_comes_in(reporter):
    assert try_door(reporter.username, PASSWORD)["Location"] == "/admin/"


def test_a_wrong_password_an_unknown_name_a_locked_account_and_one_without_a_desk_hear_the_same(account):
    locked, deskless = account("Reporter", username="locked", is_active=False), account("Reporter", username="deskless")
    deskless.is_staff = False
    deskless.save()

    answers = [
        try_door(locked.username, "wrong"),
        try_door("nobody", PASSWORD),
        try_door(locked.username, PASSWORD),
        try_door(deskless.username, PASSWORD),
    ]

    assert [NO in answer.content.decode() for answer in answers] == [True] * 4
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("name", ["reporter", "nobody"])
def test_too_many_tries_are_locked_out_whether_or_not_the_name_exists(name, reporter):
    for _number in range(settings.AXES_FAILURE_LIMIT):
        answer = try_door(name, "wrong")

    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    assert try_door(name, PASSWORD).status_code == 429


def test_the_title_says_that_nobody_was_logged_in(db):
    assert "<title>Not logged in: Log in" in try_door("nobody", "wrong").content.decode()
    assert "<title>Log in" in Client().get("/admin/login/").content.decode()


def test_a_lock_looks_like_the_newsroom_and_leads_on(reporter):
    for _try in range(settings.AXES_FAILURE_LIMIT):
        answer = try_door(reporter.username, "wrong")

    assert "desk/newsroom.css" in answer.content.decode()
    assert 'href="/admin/"' in answer.content.decode()


def test_logging_out_is_a_form_and_ends_on_a_page(at, reporter):
    client = at(reporter)

    assert client.get("/admin/logout/").status_code == 405
    assert "You are logged out" in client.post("/admin/logout/").content.decode()
    assert client.get("/admin/").status_code == 302


def test_somebody_without_a_desk_is_told_whose_account_that_is(at, account):
    deskless = account("Reporter", username="deskless")
    client = at(deskless)
    deskless.is_staff = False
    deskless.save()

    assert "that account does not open this page" in client.get(LOGIN).content.decode()


def test_ones_own_password_is_changed_and_on_record(at, reporter):
    from articles.models import Event

    client, new = at(reporter), "another long sentence"

    page = client.post(
        "/admin/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}, follow=True
    )

    assert "Your new password counts from now on" in page.content.decode()
    assert Event.objects.newest_first().first().verb == "changed the password of"
    assert try_door(reporter.username, new).status_code == 302


def test_the_page_of_a_new_password_says_each_rule_and_in_its_title_what_happened(at, reporter):
    client = at(reporter)
    page = client.get("/admin/password_change/").content.decode()
    done = client.get("/admin/password_change/done/").content.decode()

    assert "<title>A new password |" in page
    assert "<li></li>" not in page
    assert "<title>Your new password counts from now on |" in done


def test_a_weak_password_is_refused_in_sentences(at, reporter):
    page = at(reporter).post(
        "/admin/password_change/", {"old_password": PASSWORD, "new_password1": "short", "new_password2": "short"}
    )

    assert "Your password is as it was." in page.content.decode()
    assert "must contain at least 12 characters" in page.content.decode()
