"""The second factor at the door: an app that shows six digits, and codes on paper for when it is lost.

RFC 6238 with what all apps know: SHA-1, six digits, thirty seconds; the number before and the one after are taken too,
none of them twice (NIST SP 800-63B-4, 3.1.5). Who knows the password and guesses waits longer each time.
Nothing else writes factors and codes.
"""

import hmac
import logging
import secrets
from base64 import urlsafe_b64encode
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import RecoveryCode, SecondFactor, User

from . import identities, notices, passkeys, roles, visits

STEP = 30  # seconds that one number counts
CODES = 10
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that looks like another
LETTERS_EACH = 10  # of a recovery code: 50 bits
FREE_TRIES = 4
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
PASSED_FOR = timedelta(minutes=5)  # in which the code must follow the password
_SALT = "articles.second-factor"

log = logging.getLogger(__name__)


class WrongCode(Exception):
    """The code does not let anybody in; the message says why."""


# --- Who has one, and who must ---------------------------------------------------------------------------------------


def of(user: User) -> SecondFactor | None:
    """The factor of ``user``, if it is set up."""
    return SecondFactor.objects.filter(user=user).exclude(set_at=None).first()


def is_set_up(user: User) -> bool:
    """Whether ``user`` has a second factor of any kind: an app, a passkey, or a provider that asks for one."""
    return bool(of(user) or passkeys.of(user) or identities.is_factor_of(user))


def can_be_taken(user: User) -> bool:
    """Whether ``take_away`` has something to take: a link that counts for one factor only is taken too."""
    return is_set_up(user) or identities.of(user) is not None


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def is_required_of(user: User) -> bool:
    """By SECOND_FACTOR_ROLES; of an operator as soon as any role is there."""
    required = settings.SECOND_FACTOR_ROLES
    if not required or user.is_superuser or "all" in required:
        return bool(required)
    return user.groups.filter(name__in=required).exists()


def settle(user: User, *, at: datetime) -> date | None:
    """Until which day ``user`` may still come in without a factor; None where nothing is owed. Asked at each login."""
    due = None
    if is_required_of(user) and not is_set_up(user):
        due = user.factor_due_on or timezone.localdate(at) + timedelta(days=settings.SECOND_FACTOR_GRACE_DAYS)
    if due != user.factor_due_on:
        user.factor_due_on = due
        user.save(update_fields=["factor_due_on"])
    return due


@transaction.atomic
def let_in(user: User, *, how: str, at: datetime, first: str = "") -> None:
    """``user`` has come in: what they owe is settled, and by which factor (``how``; "" by none) is on the record.

    So is the ``first`` factor, where it was no password and no passkey.
    """
    settle(user, at=at)
    audit.record("logged in", user, by=user, at=at, second_factor=how or "none", **({"first": first} if first else {}))


def is_overdue(user: User) -> bool:
    """Whether ``user``, who is inside, may do nothing but set up the factor. A session that runs is let run."""
    came_in = user.last_login
    return bool(user.factor_due_on and came_in and user.factor_due_on < timezone.localdate(came_in))


# --- Setting it up, and taking it away -------------------------------------------------------------------------------


def begin(user: User) -> str:
    """A new key for an app, in base32. The one before counts until a code of the new one was right."""
    import pyotp

    key = pyotp.random_base32()
    SecondFactor.objects.update_or_create(user=user, defaults={"pending_key": _sealed(key)})
    return key


def pending(user: User) -> str:
    """The key that waits for its first code; "" where none does."""
    factor = SecondFactor.objects.filter(user=user).first()
    return _opened(factor.pending_key) if factor and factor.pending_key else ""


def address(user: User, key: str) -> str:
    """What an app reads from the picture: an otpauth address."""
    import pyotp

    return pyotp.TOTP(key).provisioning_uri(name=user.username, issuer_name=settings.SITE_NAME)


def confirm(user: User, code: str, *, at: datetime) -> list[str]:
    """The new app counts from now on; the recovery codes, to be shown once. Raises WrongCode."""
    key = pending(user)
    step = _step_of(key, code, at, after=0) if key else None
    if step is None:
        raise WrongCode(_("The app shows another number. Wait for the next one; if that is wrong too, begin again."))
    with transaction.atomic():
        facts = {"sealed_key": _sealed(key), "pending_key": "", "set_at": at, "last_step": step, "misses": 0}
        SecondFactor.objects.filter(user=user).update(**facts, wait_until=None)
        User.objects.filter(pk=user.pk).update(factor_due_on=None)
        user.factor_due_on = None
        codes = _new_codes(user)
        event = audit.record("set up the second factor of", user, by=user, at=at)
        _tell(
            user,
            _("Your account now asks for a code from your app. If that was not you, call an administrator."),
            event,
        )
    return codes


def renew_codes(user: User, *, at: datetime) -> list[str]:
    """New recovery codes, to be shown once; the old ones no longer count."""
    with transaction.atomic():
        codes = _new_codes(user)
        event = audit.record("made new recovery codes for", user, by=user, at=at)
        _tell(
            user, _("New recovery codes were made for your account. If that was not you, call an administrator."), event
        )
    return codes


@transaction.atomic
def take_away(user: User, *, by: User, at: datetime) -> None:
    """For a lost telephone: ``user`` comes in by password alone until a new app is set up. Ends all their sessions.

    Raises Refused: not for oneself, or a thief at an open desk would do it.
    """
    roles.require(by, "accounts")
    if by.pk == user.pk:
        raise roles.Refused(_("Another site administrator must take your own second factor away."))
    if user.is_superuser and not by.is_superuser:
        raise roles.Refused(_("Only an operator can change an operator’s account."))
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    passkeys.forget_all(user)
    identities.forget_all(user)
    visits.outdate(user)
    visits.end_all(user)
    event = audit.record("took away the second factor of", user, by=by, at=at)
    _tell(user, _("%(who)s took your second factor away. Set up a new one when you log in.") % {"who": by}, event)


# --- At the door -----------------------------------------------------------------------------------------------------


def passed(user: User, *, first: str = "") -> str:
    """A word that says for five minutes that ``user`` gave the right password, or came by ``first`` instead."""
    return signing.dumps([user.pk, user.get_session_auth_hash(), first], salt=_SALT)


def who_passed(word: str) -> User | None:
    """Whose word that is, if it still counts and the account may come in."""
    key, proof, _first = _read(word)
    user = User.objects.filter(pk=key, is_active=True).first() if key else None
    return user if user and hmac.compare_digest(proof, user.get_session_auth_hash()) else None


def first_of(word: str) -> str:
    """By what whoever holds ``word`` came so far; "" for a password."""
    return _read(word)[2]


def _read(word: str) -> tuple[int | None, str, str]:
    try:
        key, proof, first = signing.loads(word, salt=_SALT, max_age=PASSED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None, "", ""
    return key, proof, first


def check(user: User, code: str, *, at: datetime) -> str:
    """By which ``user`` may come in: “app” or “recovery code”. Raises WrongCode; nothing counts a second time."""
    how, waits = _tried(user, code, at)
    if how:
        return how
    if waits:
        minutes = max(1, round((waits - at).total_seconds() / 60))
        raise WrongCode(_("Too many wrong codes. Wait %(minutes)d min, then try the newest.") % {"minutes": minutes})
    raise WrongCode(_("That code does not count, or not any more. Take the newest one of the app."))


@transaction.atomic
def _tried(user: User, code: str, at: datetime) -> tuple[str, datetime | None]:
    """How the code fits, or "" and until when nothing more is tried. All of it stands also where it is wrong."""
    SecondFactor.objects.get_or_create(user=user)  # who has passkeys alone may have codes on paper, and guess at them
    factor = SecondFactor.objects.select_for_update().get(user=user)
    if factor.wait_until and factor.wait_until > at:
        return "", factor.wait_until
    written = "".join(code.split()).replace("-", "").lower()
    key = factor.sealed_key and _opened(factor.sealed_key)
    step = _step_of(key, written, at, after=factor.last_step) if key else None
    how = "app" if step else "recovery code" if _spent(user, written, at) else ""
    factor.last_step = step or factor.last_step
    factor.misses = 0 if how else factor.misses + 1
    over = factor.misses - FREE_TRIES
    factor.wait_until = at + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(over, 10)) if over > 0 else None
    factor.save(update_fields=["last_step", "misses", "wait_until"])
    if not how:
        audit.record("was refused for a wrong code", user, by=None, at=at)
    return how, factor.wait_until


def _step_of(key: str, code: str, at: datetime, *, after: int) -> int | None:
    """The step whose number ``code`` is, among the one of ``at`` and its neighbours that are later than ``after``."""
    import pyotp

    totp, now = pyotp.TOTP(key), int(at.timestamp()) // STEP
    near = (step for step in (now, now - 1, now + 1) if step > after)
    return next((step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())), None)


def _spent(user: User, code: str, at: datetime) -> bool:
    """Whether ``code`` was a recovery code of ``user``, which from now on it is not."""
    known = [_digest(code, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return RecoveryCode.objects.filter(user=user, digest__in=known, used_at=None).update(used_at=at) == 1


def _new_codes(user: User) -> list[str]:
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(LETTERS_EACH)) for _code in range(CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    digests = [_digest(code, settings.SECRET_KEY) for code in codes]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=each) for each in digests)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _digest(code: str, secret: str) -> str:
    """With a secret key, so that the table alone cannot be searched through."""
    return blake2b(code.encode(), key=secret.encode()[:64], digest_size=32).hexdigest()


def _tell(user: User, sentence: str, event: Any) -> None:
    notices.tell([user], sentence, key=f"factor:{event.number}", kind=notices.ACCOUNT, at=event.at)


# --- Keys at rest ----------------------------------------------------------------------------------------------------


def _sealed(key: str) -> str:
    return _seal().encrypt(key.encode()).decode()


def _opened(sealed: str) -> str:
    """The key; "" where a SECRET_KEY sealed it that is not known any more."""
    from cryptography.fernet import InvalidToken

    try:
        return _seal().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("A second factor cannot be read. Put the SECRET_KEY from before into SECRET_KEY_FALLBACKS.")
        return ""


def _seal() -> Any:
    return _sealing(settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _sealing(secret: str, fallbacks: tuple[str, ...]) -> Any:
    """By SECRET_KEY, which is not in the database: a copy of that gives no app away. Older keys still open."""
    from cryptography.fernet import Fernet, MultiFernet

    made = (blake2b(each.encode(), digest_size=32, person=b"second-factor").digest() for each in (secret, *fallbacks))
    return MultiFernet([Fernet(urlsafe_b64encode(one)) for one in made])
