"""Who comes in, and in which roles. Never deletes an account, makes a superuser or knows a password."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Event, User

from . import letters, notices, roles, visits


@transaction.atomic
def keep(account: User, *, by: User, held: Iterable[str]) -> User:
    """Keep ``account`` as it is now, in the roles named in ``held``. Raises Refused and ValidationError.

    An account that is not active cannot come in, from its next request on; its name stays on everything it did.
    """
    roles.require(by, "accounts")
    groups = Group.objects.filter(name__in=[role.name for role in roles.ROLES if role.name in set(held)])
    is_new = account.pk is None
    _refuse_above(account, by)
    _refuse_own(account, by, groups)
    account.is_staff = True
    if is_new:
        account.set_unusable_password()
    account.full_clean()
    names = sorted(group.name for group in groups)
    before = None if is_new else User.objects.get(pk=account.pk)
    has_other_rights = before is not None and (
        names != sorted(account.groups.values_list("name", flat=True)) or before.is_active != account.is_active
    )
    if is_new:
        account.save()
    else:
        _save_but_its_owners(account)
    account.groups.set(groups)
    if has_other_rights:
        visits.outdate(account)  # what was opened with other rights is closed
        visits.end_all(account)
    if before is not None and before.email and before.email != account.email:
        sentence = _("The mail address of your account was changed. If you know nothing of it, call an administrator.")
        letters.note(account, before.email, sentence, at=timezone.now())
    audit.record("added" if is_new else "changed", account, by=by, roles=names, is_active=account.is_active)
    return account


def _save_but_its_owners(account: User) -> None:
    """What its owner may have changed since it was read stays: the password, and how often sessions were ended."""
    owners = {"id", "password", "last_login", "session_turn"}
    account.save(update_fields={field.name for field in account._meta.concrete_fields} - owners)


@transaction.atomic
def invite(account: User, *, by: User, at: datetime) -> str:
    """A link by mail at which ``account`` chooses a password; the old one, older links and all sessions count no more.

    Where no mail can go out, the link itself, to be shown once and kept nowhere. Raises Refused.
    """
    roles.require(by, "accounts")
    _refuse_above(account, by)
    account.set_unusable_password()
    account.save(update_fields=["password"])
    visits.end_all(account)
    is_mailed = letters.can_go_out(account)
    if is_mailed:
        letters.invite(account, at=at)
    audit.record("invited", account, by=by, at=at, mailed=is_mailed)
    return "" if is_mailed else letters.link(account)


@transaction.atomic
def choose_password(by: User, password: str) -> None:
    """The person's own new password; whoever else is logged in as them is logged out by it."""
    by.set_password(password)
    by.save(update_fields=["password"])
    _tell_of_password(by, audit.record("changed the password of", by, by=by))


@transaction.atomic
def set_by_link(account: User, password: str, *, at: datetime) -> None:
    """Whoever holds the link of a mail chose a password; the account's second factor is as it was."""
    account.set_password(password)
    account.save(update_fields=["password"])
    visits.end_all(account)
    _tell_of_password(account, audit.record("set a password by a link for", account, by=account, at=at))


@transaction.atomic
def log_out_everywhere(by: User, *, at: datetime) -> None:
    """End all sessions of ``by``; whoever asks keeps their own by Django's ``update_session_auth_hash``."""
    visits.outdate(by)
    audit.record("logged out everywhere else", by, by=by, at=at)


def _tell_of_password(account: User, event: Event) -> None:
    sentence = _("The password of your account was changed. If that was not you, call an administrator.")
    notices.tell([account], sentence, key=f"password:{event.number}", kind=notices.ACCOUNT, at=event.at)


def _refuse_above(account: User, by: User) -> None:
    if account.is_superuser and not by.is_superuser:
        raise roles.Refused(
            _("“%(name)s” is an operator’s account. Only an operator can change it.") % {"name": account}
        )


def _refuse_own(account: User, by: User, groups: Iterable[Group]) -> None:
    """Nobody gives themselves a role, or locks themselves out by mistake."""
    if account.pk != by.pk or by.is_superuser:
        return
    if not account.is_active or set(by.groups.values_list("pk", flat=True)) != {group.pk for group in groups}:
        raise roles.Refused(
            _("You cannot change your own roles or lock your own account. Ask another site administrator.")
        )
