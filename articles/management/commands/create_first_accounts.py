"""manage.py create_first_accounts: a way into a newsroom that has no account yet, on one's own machine only."""

import secrets
import string

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from articles import audit
from articles.desk import roles
from articles.models import User

# Without the letters and digits that look like each other.
LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
PASSWORD_LENGTH = 16


class Command(BaseCommand):
    help = "Creates one account for each role with a random password and shows them once; nothing where accounts exist."

    def handle(self, **options):
        # Nobody can come in by an account without a password, such as the wire’s.
        if User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
            return
        if not settings.ON_THIS_MACHINE:
            raise CommandError(
                f"{settings.SITE_URL} has no account yet, and passwords on a screen are for one’s own machine only."
                " Create the first account by: manage.py createsuperuser"
            )
        passwords = create_accounts()
        self.stdout.write("\nThe newsroom's first accounts. Their passwords are shown this once and kept nowhere:\n\n")
        for name, password in passwords.items():
            self.stdout.write(f"  {name:<20}{password}\n")
        self.stdout.write("\n")


@transaction.atomic
def create_accounts() -> dict[str, str]:
    """Create one account for each role; return the passwords by user name."""
    return {slugify(role.name): _create_account(role) for role in roles.ROLES}


def _create_account(role: roles.Role) -> str:
    password = "".join(secrets.choice(LETTERS) for _number in range(PASSWORD_LENGTH))
    user = User.objects.create_user(slugify(role.name), password=password, first_name=role.name, is_staff=True)
    user.groups.add(Group.objects.get(name=role.name))
    audit.record("added", user, by=None)
    return password
