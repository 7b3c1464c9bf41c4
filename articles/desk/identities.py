"""Accounts at a provider of OpenID Connect that open accounts here. This module alone writes them.

One is linked by its owner, from inside, by issuer and subject: only these two never change and never pass to somebody
else (OpenID Connect Core, 5.7). What a provider says of names and mail addresses opens nothing, and no account is made.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Identity, User

from . import issuer, notices, openid


def of(user: User) -> Identity | None:
    """The account at the provider of today that opens the one of ``user``."""
    if not issuer.is_on():
        return None
    return next((each for each in user.identities.all() if each.issuer == settings.OIDC_ISSUER), None)


def is_factor_of(user: User) -> bool:
    """Whether ``user`` can come in there with a second factor."""
    return issuer.may_count() and of(user) is not None


def link(user: User, shown: openid.Shown, *, at: datetime) -> Identity:
    """From now on the account that was shown opens the one of ``user``. Raises NotShown."""
    facts = {"name": shown.name, "asked_at": shown.at, "made_at": at}
    try:
        with transaction.atomic():
            identity = Identity.objects.create(user=user, issuer=shown.issuer, subject=shown.subject, **facts)
            if issuer.may_count():
                User.objects.filter(pk=user.pk).update(factor_due_on=None)
                user.factor_due_on = None
            event = audit.record("linked an account at a provider to", user, by=user, at=at, **_said(identity))
            _tell(
                user,
                _("“%(name)s” at %(provider)s now opens your account. If that was not you, call an administrator."),
                identity,
                event,
            )
    except IntegrityError as wrong:
        raise issuer.NotShown(
            _("Your account has another link already, or that account at %(provider)s opens somebody else’s.")
            % {"provider": issuer.name()}
        ) from wrong
    return identity


@transaction.atomic
def check(shown: openid.Shown, *, at: datetime) -> User:
    """Whose account was shown. Raises NotShown, alike for all that open nothing; no answer counts a second time."""
    found = Identity.objects.select_for_update().filter(issuer=shown.issuer, subject=shown.subject).first()
    if found is None or not found.user.is_active or not found.user.is_staff:
        raise issuer.NotShown(
            _("That account at %(provider)s opens none here. Log in with name and password, then link it.")
            % {"provider": issuer.name()}
        )
    if shown.at <= found.asked_at:
        raise issuer.NotShown(_("That was answered before. Try once more."))
    Identity.objects.filter(pk=found.pk).update(asked_at=shown.at, used_at=at)
    return found.user


@transaction.atomic
def remove(identity: Identity, *, by: User, at: datetime) -> None:
    """``identity`` opens nothing any more; its owner hears of it."""
    said = _said(identity)
    identity.delete()
    event = audit.record("removed an account at a provider from", identity.user, by=by, at=at, **said)
    _tell(identity.user, _("“%(name)s” at %(provider)s no longer opens your account."), identity, event)


def forget_all(user: User) -> None:
    """For whoever takes the second factor away, and says so."""
    Identity.objects.filter(user=user).delete()


def _said(identity: Identity) -> dict[str, str]:
    return {"issuer": identity.issuer, "name": identity.name}


def _tell(user: User, sentence: str, identity: Identity, event: Any) -> None:
    said = sentence % {"name": identity.name, "provider": issuer.name()}
    notices.tell([user], said, key=f"factor:{event.number}", kind=notices.ACCOUNT, at=event.at)
