"""Who comes in, and in which roles. Never deletes an account, makes a superuser or keeps a password to be read."""

import secrets
import string
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import User

from . import roles

# Without the letters and digits that look like each other.
LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
PASSWORD_LENGTH = 16


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
    if not is_new and names != sorted(account.groups.values_list("name", flat=True)):
        account.session_turn += 1  # what was opened with other rights is closed
    account.save()
    account.groups.set(groups)
    audit.record("added" if is_new else "changed", account, by=by, roles=names, is_active=account.is_active)
    return account


@transaction.atomic
def give_password(account: User, *, by: User) -> str:
    """A new random password for ``account``, to be shown once and kept nowhere. Raises Refused."""
    roles.require(by, "accounts")
    _refuse_above(account, by)
    password = "".join(secrets.choice(LETTERS) for _number in range(PASSWORD_LENGTH))
    account.set_password(password)
    account.save(update_fields=["password"])
    audit.record("gave a new password to", account, by=by)
    return password


@transaction.atomic
def choose_password(by: User, password: str) -> None:
    """The person's own new password; whoever else is logged in as them is logged out by it."""
    by.set_password(password)
    by.save(update_fields=["password"])
    audit.record("changed the password of", by, by=by)


@transaction.atomic
def log_out_everywhere(by: User, *, at: datetime) -> None:
    """End all sessions of ``by``; whoever asks keeps their own by Django's ``update_session_auth_hash``."""
    by.session_turn += 1
    by.save(update_fields=["session_turn"])
    audit.record("logged out everywhere else", by, by=by, at=at)


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
