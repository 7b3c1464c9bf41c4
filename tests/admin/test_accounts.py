"""Accounts: roles and nothing else, a password shown once, nobody above or beside themselves."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Event, SecondFactor, User
from tests.conftest import PASSWORD

ADD, LIST = "/admin/articles/user/add/", "/admin/articles/user/"
NEWCOMER = {"username": "newcomer", "first_name": "New", "last_name": "Comer", "held": ["Reporter"], "is_active": "on"}

CHOSEN = "quite another sentence"


def choose(link: str) -> int:
    """Open a link as a person does, and choose a password there: 200, or 404 where it does not count."""
    client = Client()
    page = client.get(link.replace("http://127.0.0.1:8000", ""), follow=True)
    if "no longer counts" in page.content.decode():
        return 404
    path = page.redirect_chain[-1][0]
    answer = client.post(path, {"new_password1": CHOSEN, "new_password2": CHOSEN})
    assert "Your password counts" in answer.content.decode()
    return answer.status_code


def change(user: User) -> str:
    return reverse("admin:articles_user_change", args=[user.pk])


def test_a_new_account_chooses_its_password_at_a_link_that_is_shown_once(at, administrator):
    page = at(administrator).post(ADD, NEWCOMER)

    name, link = re.findall(r"<code>(.*?)</code>", page.content.decode())
    assert choose(link) == 200
    assert Client().post("/admin/login/", {"username": name, "password": CHOSEN, "next": "/admin/"}).status_code == 302
    user = User.objects.get(username="newcomer")
    assert [group.name for group in user.groups.all()] == ["Reporter"]
    assert (user.is_staff, user.is_superuser) == (True, False)
    assert link.rsplit("/", 2)[-2] not in str(list(Event.objects.values()))


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


def test_a_new_link_ends_the_old_password_the_older_link_and_all_sessions(at, administrator, reporter, filled):
    client, inside = at(administrator), at(reporter)
    first, second = (
        re.findall(r"<code>(http.*?)</code>", client.post(change(reporter), posted).content.decode())[0]
        for posted in [filled(client, change(reporter), invite="on")] * 2
    )

    reporter.refresh_from_db()
    assert not reporter.check_password(PASSWORD)
    assert inside.get("/admin/").status_code == 302
    assert choose(first) == 404
    assert choose(second) == 200
    assert choose(second) == 404


def test_nobody_becomes_a_superuser_by_a_form_made_by_hand(at, administrator):
    at(administrator).post(ADD, NEWCOMER | {"is_superuser": "on", "user_permissions": ["1", "2"], "is_staff": "on"})

    user = User.objects.get(username="newcomer")
    assert (user.is_superuser, user.user_permissions.count()) == (False, 0)


def test_an_operators_account_is_out_of_reach(at, administrator, account):
    operator = account("Reporter", username="operator", is_superuser=True)
    client = at(administrator)

    answer = client.post(change(operator), NEWCOMER)

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


def test_the_filter_of_accounts_is_called_what_its_column_is_called(at, administrator):
    filters = at(administrator).get(LIST).context["cl"].filter_specs

    assert [str(each.title) for each in filters] == ["role", "may come in"]


def test_the_list_says_in_full_what_stands_alone_on_a_telephone(at, administrator, reporter):
    now = timezone.now()
    User.objects.filter(pk=reporter.pk).update(last_login=now)
    SecondFactor.objects.create(user=reporter, sealed_key="x", set_at=now)

    page = at(administrator).get(LIST, {"q": reporter.username}).content.decode()

    assert "has a second factor" in page
    assert re.search(r">came in \d", page)


def test_no_browser_fills_ones_own_name_into_a_colleagues_account(at, administrator):
    page = at(administrator).get(ADD).content.decode()

    for name in ("username", "first_name", "last_name", "email"):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*autocomplete="off"', page), name


def test_an_account_is_never_deleted(at, administrator, reporter):
    answer = at(administrator).post(reverse("admin:articles_user_delete", args=[reporter.pk]), {"post": "yes"})

    assert (answer.status_code, User.objects.filter(pk=reporter.pk).exists()) == (403, True)
