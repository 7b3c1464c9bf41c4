"""Accounts by their verbs: who may, what is refused, what is on record."""

from datetime import time

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.desk import accounts, letters, notices, roles
from articles.models import Event, User


def test_an_account_is_kept_in_its_roles_and_on_record(administrator):
    made = accounts.keep(User(username="newcomer"), by=administrator, held=["Reporter", "No such role"])

    assert [group.name for group in made.groups.all()] == ["Reporter"]
    assert not made.has_usable_password()
    event = Event.objects.newest_first().first()
    assert (event.verb, event.details) == ("added", {"roles": ["Reporter"], "is_active": True})


def test_a_changed_account_keeps_what_is_its_owners(administrator, reporter):
    owners = User.objects.get(pk=reporter.pk)  # who chooses another one while the account is looked at
    owners.set_password("another")
    owners.save()
    accounts.log_out_everywhere(owners, at=timezone.now())

    accounts.keep(reporter, by=administrator, held=["Sub-editor"])

    now = User.objects.get(pk=reporter.pk)
    assert now.check_password("another")
    assert now.session_turn == owners.session_turn + 1, "other rights close what was opened, too"
    assert Event.objects.newest_first().first().verb == "changed"


@pytest.mark.parametrize("verb", ["keep", "invite"])
def test_who_does_not_look_after_accounts_is_refused(verb, editor, reporter):
    with pytest.raises(roles.Refused, match="Ask a site administrator"):
        accounts.keep(reporter, by=editor, held=[]) if verb == "keep" else invited(reporter, editor)


def test_an_operators_account_is_changed_by_an_operator_only(administrator, account):
    operator = account("Reporter", username="operator", is_superuser=True)

    with pytest.raises(roles.Refused, match="operator’s account"):
        invited(operator, administrator)
    with pytest.raises(roles.Refused, match="operator’s account"):
        accounts.keep(operator, by=administrator, held=[])
    assert "/welcome/" in invited(operator, operator)


def test_nobody_gives_themselves_a_role(administrator):
    with pytest.raises(roles.Refused, match="your own roles"):
        accounts.keep(administrator, by=administrator, held=["Site administrator", "Editor"])

    assert accounts.keep(administrator, by=administrator, held=["Site administrator"]) == administrator


def test_what_does_not_fit_is_not_kept(administrator, reporter):
    with pytest.raises(ValidationError):
        accounts.keep(User(username="reporter"), by=administrator, held=[])

    assert User.objects.count() == 2


def test_neither_a_password_nor_a_link_is_on_record(administrator, reporter):
    token = invited(reporter, administrator).split("/")[-2]
    accounts.set_by_link(reporter, "another long sentence", at=timezone.now())
    accounts.choose_password(reporter, "yet another long sentence")

    assert User.objects.get(pk=reporter.pk).check_password("yet another long sentence")
    record = str(list(Event.objects.values()))
    assert not [secret for secret in (token, "another long sentence") if secret in record]
    verbs = list(Event.objects.order_by("number").values_list("verb", flat=True))
    assert verbs[-3:] == ["invited", "set a password by a link for", "changed the password of"]


def test_its_owner_hears_of_a_new_password_whatever_they_chose_and_also_when_they_have_seen_it(reporter):
    reporter.email = "rosa@example.org"
    reporter.save()
    notices.choose(reporter, mail="never", digest_at=time(7))

    accounts.choose_password(reporter, "another long sentence")
    notices.see(reporter, at=timezone.now())
    notices.send_mails(timezone.now())

    assert "The password of your account was changed" in mail.outbox[-1].body


def test_the_old_address_hears_that_there_is_a_new_one(administrator, account):
    reporter = account("Reporter", email="rosa@example.org")
    reporter.email = "thief@example.com"

    accounts.keep(reporter, by=administrator, held=["Reporter"])
    letters.send(timezone.now())

    assert [(sent.to, "was changed" in sent.body) for sent in mail.outbox] == [(["rosa@example.org"], True)]


def invited(account, by) -> str:
    return accounts.invite(account, by=by, at=timezone.now())
