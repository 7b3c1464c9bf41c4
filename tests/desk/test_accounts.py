"""Accounts by their verbs: who may, what is refused, what is on record."""

import pytest
from django.core.exceptions import ValidationError

from articles.desk import accounts, roles
from articles.models import Event, User


def test_an_account_is_kept_in_its_roles_and_on_record(administrator):
    made = accounts.keep(User(username="newcomer"), by=administrator, held=["Reporter", "No such role"])

    assert [group.name for group in made.groups.all()] == ["Reporter"]
    assert not made.has_usable_password()
    event = Event.objects.newest_first().first()
    assert (event.verb, event.details) == ("added", {"roles": ["Reporter"], "is_active": True})


def test_a_changed_account_keeps_its_password(administrator, reporter):
    before = reporter.password

    accounts.keep(reporter, by=administrator, held=["Sub-editor"])

    assert User.objects.get(pk=reporter.pk).password == before
    assert Event.objects.newest_first().first().verb == "changed"


@pytest.mark.parametrize("verb", ["keep", "give_password"])
def test_who_does_not_look_after_accounts_is_refused(verb, editor, reporter):
    with pytest.raises(roles.Refused, match="Ask a site administrator"):
        accounts.keep(reporter, by=editor, held=[]) if verb == "keep" else accounts.give_password(reporter, by=editor)


def test_an_operators_account_is_changed_by_an_operator_only(administrator, account):
    operator = account("Reporter", username="operator", is_superuser=True)

    with pytest.raises(roles.Refused, match="operator’s account"):
        accounts.give_password(operator, by=administrator)
    with pytest.raises(roles.Refused, match="operator’s account"):
        accounts.keep(operator, by=administrator, held=[])
    assert len(accounts.give_password(operator, by=operator)) == accounts.PASSWORD_LENGTH


def test_nobody_gives_themselves_a_role(administrator):
    with pytest.raises(roles.Refused, match="your own roles"):
        accounts.keep(administrator, by=administrator, held=["Site administrator", "Editor"])

    assert accounts.keep(administrator, by=administrator, held=["Site administrator"]) == administrator


def test_what_does_not_fit_is_not_kept(administrator, reporter):
    with pytest.raises(ValidationError):
        accounts.keep(User(username="reporter"), by=administrator, held=[])

    assert User.objects.count() == 2


def test_a_password_is_never_on_record(administrator, reporter):
    password = accounts.give_password(reporter, by=administrator)
    accounts.choose_password(reporter, "another long sentence")

    assert User.objects.get(pk=reporter.pk).check_password("another long sentence")
    record = str(list(Event.objects.values()))
    assert password not in record
    assert "another long sentence" not in record
