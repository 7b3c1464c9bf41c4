"""The account in whose name stories come in by themselves. It has no password, and nobody can log in with it."""

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.desk import roles
from articles.models import User

NAME = "wire"
RIGHTS = ("start", "write", "pictures", "describe", "topics", "registers", "publish")


class Taken(Exception):
    """A person works under the wire's name, so the record could not tell the two apart."""


@transaction.atomic
def account() -> User:
    """The wire's account, made when first wanted. What an administrator gives or takes later stays so. Raises Taken."""
    facts = {"first_name": "Wire", "last_name": "desk", "password": make_password(None)}
    wire, made = User.objects.get_or_create(username=NAME, defaults=facts)
    if made:
        wanted = {roles.RIGHTS[right][0] for right in RIGHTS}
        wire.user_permissions.set(Permission.objects.filter(content_type__app_label="articles", codename__in=wanted))
        audit.record("added", wire, by=None)
    if wire.has_usable_password():
        raise Taken(
            _("The account “%(name)s” has a password, so it is a person’s. Name another account with --by.")
            % {"name": NAME}
        )
    return wire
