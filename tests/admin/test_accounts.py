"""Accounts: roles and nothing else, a password shown once, nobody above or beside themselves."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Event, User

ADD, LIST = "/admin/articles/user/add/", "/admin/articles/user/"
NEWCOMER = {"username": "newcomer", "first_name": "New", "last_name": "Comer", "held": ["Reporter"], "is_active": "on"}


def change(user: User) -> str:
    return reverse("admin:articles_user_change", args=[user.pk])


def test_a_new_account_gets_a_password_that_is_shown_once_and_works(at, administrator):
    page = at(administrator).post(ADD, NEWCOMER | {"new_password": "on"})

    name, password = re.findall(r"<code>(.*?)</code>", page.content.decode())
    assert (
        Client().post("/admin/login/", {"username": name, "password": password, "next": "/admin/"}).status_code == 302
    )
    user = User.objects.get(username="newcomer")
    assert [group.name for group in user.groups.all()] == ["Reporter"]
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert password not in str(list(Event.objects.values()))


def test_a_new_account_without_the_tick_gets_a_password_all_the_same(at, administrator):
    page = at(administrator).post(ADD, NEWCOMER)

    assert "A new password for New Comer" in page.content.decode()


def test_an_account_is_locked_from_its_next_request_on(at, administrator, reporter, filled):
    inside, client = at(reporter), at(administrator)
    posted = filled(client, change(reporter))
    del posted["is_active"]

    client.post(change(reporter), posted)

    assert inside.get("/admin/").status_code == 302
    assert User.objects.filter(pk=reporter.pk, is_active=False).exists()


def test_a_saved_account_without_a_new_password_keeps_its_own(at, administrator, reporter, filled):
    before, client = reporter.password, at(administrator)

    page = client.post(change(reporter), filled(client, change(reporter), first_name="Rosalind"), follow=True)

    reporter.refresh_from_db()
    assert (reporter.first_name, reporter.password) == ("Rosalind", before)
    assert "<code>" not in page.content.decode()


def test_a_given_password_ends_the_old_one(at, administrator, reporter, filled):
    before, client = reporter.password, at(administrator)

    client.post(change(reporter), filled(client, change(reporter), new_password="on"))

    reporter.refresh_from_db()
    assert reporter.password != before


def test_nobody_becomes_a_superuser_by_a_form_made_by_hand(at, administrator):
    at(administrator).post(ADD, NEWCOMER | {"is_superuser": "on", "user_permissions": ["1", "2"], "is_staff": "on"})

    user = User.objects.get(username="newcomer")
    assert (user.is_superuser, user.user_permissions.count()) == (False, 0)


def test_an_operators_account_is_out_of_reach(at, administrator, account):
    operator = account("Reporter", username="operator", is_superuser=True)
    client = at(administrator)

    answer = client.post(change(operator), NEWCOMER | {"new_password": "on"})

    assert answer.status_code == 403
    assert "Save</button>" not in client.get(change(operator)).content.decode()


def test_an_operator_reaches_every_account(at, administrator, account, filled):
    operator = account("Site administrator", username="operator", is_superuser=True)
    client = at(operator)

    client.post(change(operator), filled(client, change(operator), first_name="Olga"))

    assert User.objects.get(pk=operator.pk).first_name == "Olga"


@pytest.mark.parametrize("changes", [{"held": ["Site administrator", "Editor"]}, {"is_active": None}])
def test_nobody_changes_their_own_roles_or_locks_themselves_out(changes, at, administrator, filled):
    client = at(administrator)
    posted = {
        name: value for name, value in (filled(client, change(administrator)) | changes).items() if value is not None
    }

    page = client.post(change(administrator), posted)

    assert "You cannot change your own roles or lock your own account." in page.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.groups.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": ""}, "This field is required."),
        ({"username": "reporter"}, "already exists"),
        ({"username": "two words"}, "Enter a valid username"),
        ({"email": "nowhere"}, "Enter a valid email address."),
        ({"held": ["Chief"]}, "Select a valid choice"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_a_sentence(changes, sentence, at, administrator, reporter):
    page = at(administrator).post(ADD, NEWCOMER | changes)

    assert (page.status_code, User.objects.count()) == (200, 2)
    assert sentence in page.content.decode()


def test_accounts_are_listed_by_role(at, administrator, reporter, editor):
    client = at(administrator)

    assert [user.username for user in client.get(LIST, {"role": "Editor"}).context["cl"].result_list] == ["editor"]
    assert "locked" not in client.get(LIST).content.decode()


def test_an_account_is_never_deleted(at, administrator, reporter):
    answer = at(administrator).post(reverse("admin:articles_user_delete", args=[reporter.pk]), {"post": "yes"})

    assert (answer.status_code, User.objects.filter(pk=reporter.pk).exists()) == (403, True)
