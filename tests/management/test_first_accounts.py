"""The first way into a newsroom, on one's own machine."""

import re
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from articles.desk import roles
from articles.models import Event, User

pytestmark = pytest.mark.django_db


def first_accounts() -> dict[str, str]:
    """Run the command; return the passwords it printed, by user name."""
    said = StringIO()
    call_command("create_first_accounts", stdout=said)
    return dict(re.findall(r"^  ([\w-]+) +(\w+)$", said.getvalue(), re.MULTILINE))


def test_each_role_gets_an_account_that_can_come_in():
    passwords = first_accounts()
    assert len(passwords) == len(roles.ROLES)
    for name, password in passwords.items():
        user = authenticate(RequestFactory().get("/"), username=name, password=password)
        assert user.is_staff
        assert not user.is_superuser
        assert user.groups.count() == 1


def test_the_passwords_are_random_and_kept_nowhere():
    passwords = set(first_accounts().values())
    assert len(passwords) == len(roles.ROLES)
    kept = " ".join(map(str, User.objects.values_list())) + " ".join(map(str, Event.objects.values_list()))
    assert not any(password in kept for password in passwords)


def test_the_record_says_that_the_system_made_them():
    first_accounts()
    assert set(Event.objects.values_list("verb", "actor_key")) == {("added", None)}


def test_an_account_that_nobody_can_come_in_by_is_no_way_in():
    User.objects.create_user("wire")
    assert len(first_accounts()) == len(roles.ROLES)


def test_where_there_is_an_account_nothing_is_made(reporter):
    assert first_accounts() == {}
    assert User.objects.count() == 1


def test_no_password_is_shown_for_a_site_in_the_world(settings):
    settings.ON_THIS_MACHINE = False
    with pytest.raises(CommandError, match="manage.py createsuperuser"):
        first_accounts()
    assert not User.objects.exists()
