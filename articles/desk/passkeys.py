"""Passkeys: a key that a telephone, a computer or a stick keeps for this site alone. This module alone writes them.

It answers once its owner has shown finger, face or PIN, so it counts for both factors (NIST SP 800-63B-4, 3.1.7).

W3C WebAuthn Level 3, checked by Yubico's fido2, which loads only when somebody uses one. A question travels signed,
through the browser and back: the server keeps nothing for whoever only asks. It counts five minutes, and for one key
only when it is newer than the last that it answered, so that no answer counts twice.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Passkey, User

from . import notices

ANSWER_WITHIN = timedelta(minutes=5)
MOST = 20  # of one account
LONGEST_ANSWER = 20_000  # characters of JSON
_SALT = "articles.passkeys"


@dataclass(frozen=True)
class Place:
    """Where a key counts: the host alone, and the whole origin that a browser must name."""

    host: str
    origin: str


class WrongKey(Exception):
    """The key does not let anybody in; the message says why."""


def of(user: User) -> list[Passkey]:
    return list(Passkey.objects.filter(user=user))


def ask_for_new(user: User, place: Place, *, at: datetime) -> tuple[dict[str, Any], str]:
    """What a browser is to make (PublicKeyCredentialCreationOptions as JSON), and the word that must come back."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    who = PublicKeyCredentialUserEntity(id=_handle(user), name=user.username, display_name=str(user))
    options, state = _server(place).register_begin(
        who,
        credentials=[_credential(passkey) for passkey in of(user)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)["publicKey"], _word(state, at, user)


def add(user: User, word: str, answer: str, place: Place, *, name: str, at: datetime) -> Passkey:
    """Keep the key that a browser made for ``user``. Raises WrongKey."""
    from fido2.utils import websafe_encode

    asked = _asked(word)
    if asked is None or asked["user"] != user.pk:
        raise WrongKey(_("That took more than five minutes. Begin again."))
    if len(of(user)) >= MOST:
        raise WrongKey(_("An account holds %(most)s keys at most. Remove one first.") % {"most": MOST})
    made = _made(word, asked["state"], answer, place)
    with transaction.atomic():
        key, is_new = Passkey.objects.get_or_create(
            credential_id=websafe_encode(made.credential_data.credential_id),
            defaults={
                "user": user,
                "name": name[:60] or _("Passkey"),
                "credential": websafe_encode(bytes(made.credential_data)),
                "count": made.counter,
                "asked_at": asked["at"],
                "made_at": at,
            },
        )
        if not is_new:
            raise WrongKey(_("That key is known already."))
        User.objects.filter(pk=user.pk).update(factor_due_on=None)
        user.factor_due_on = None
        event = audit.record("added a passkey of", user, by=user, at=at, key=key.name)
        _tell(
            user,
            _("A passkey, “%(name)s”, now opens your account. If that was not you, call an administrator."),
            key,
            event,
        )
    return key


def ask(place: Place, user: User | None, *, at: datetime) -> tuple[dict[str, Any], str]:
    """What a browser is to show (PublicKeyCredentialRequestOptions as JSON), and the word that must come back.

    Without a user it is asked for any key of this site, and the answer is the same for everybody.
    """
    from fido2.webauthn import UserVerificationRequirement

    known = [_credential(passkey) for passkey in of(user)] if user else None
    options, state = _server(place).authenticate_begin(known, user_verification=UserVerificationRequirement.REQUIRED)
    return dict(options)["publicKey"], _word(state, at, user)


def check(word: str, answer: str, place: Place, *, at: datetime, user: User | None = None) -> User:
    """Whose key answered; with a ``user`` only theirs does. Raises WrongKey; no answer counts a second time."""
    asked = _asked(word)
    if asked is None:
        raise WrongKey(_("That took more than five minutes. Try once more."))
    shown = _read(answer)
    with transaction.atomic():
        key = Passkey.objects.select_for_update().filter(credential_id=str(shown.get("id", ""))[:1400]).first()
        if key is None or not key.user.is_active or (user and key.user_id != user.pk):
            raise WrongKey(_("That key opens no account here. Log in with name and password."))
        count = _verified(key, asked["state"], shown, place)
        if asked["at"] <= key.asked_at:
            raise WrongKey(_("That was answered before. Try once more."))
        is_copied = bool(count or key.count) and count <= key.count
        if not is_copied:
            Passkey.objects.filter(pk=key.pk).update(count=count, asked_at=asked["at"], used_at=at)
    if is_copied:
        audit.record("was refused for a copied passkey", key.user, by=None, at=at, key=key.name)
        raise WrongKey(
            _("That key counts backwards, as a copy would. Remove it from your account, and log in without it.")
        )
    return key.user


@transaction.atomic
def remove(key: Passkey, *, by: User, at: datetime) -> None:
    """``key`` opens nothing any more; its owner hears of it."""
    key.delete()
    event = audit.record("removed a passkey of", key.user, by=by, at=at, key=key.name)
    _tell(key.user, _("The passkey “%(name)s” no longer opens your account."), key, event)


def forget_all(user: User) -> None:
    """For whoever takes the second factor away, and says so."""
    Passkey.objects.filter(user=user).delete()


# --- What fido2 is asked ---------------------------------------------------------------------------------------------


def _server(place: Place) -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    site = PublicKeyCredentialRpEntity(name=settings.SITE_NAME, id=place.host)
    return Fido2Server(site, verify_origin=lambda origin: origin == place.origin)


def _made(word: str, state: dict, answer: str, place: Place) -> Any:
    try:
        return _server(place).register_complete(state, _read(answer))
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise WrongKey(_("What your browser sent is no new key of this site. Begin again.")) from wrong


def _verified(key: Passkey, state: dict, shown: dict, place: Place) -> int:
    """The counter of the authenticator, once its signature was right."""
    from fido2.webauthn import AuthenticationResponse

    try:
        _server(place).authenticate_complete(state, [_credential(key)], shown)
        response = AuthenticationResponse.from_dict(shown).response
    except (ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise WrongKey(_("What your browser sent is no answer of that key. Try once more.")) from wrong
    if response.user_handle and not hmac.compare_digest(bytes(response.user_handle), _handle(key.user)):
        raise WrongKey(_("That key opens no account here. Log in with name and password."))
    return response.authenticator_data.counter


def _credential(key: Passkey) -> Any:
    from fido2.utils import websafe_decode
    from fido2.webauthn import AttestedCredentialData

    return AttestedCredentialData(websafe_decode(key.credential))


def _handle(user: User) -> bytes:
    """What a key remembers an account by; it says nothing about the person (WebAuthn 14.6.1)."""
    return blake2b(str(user.pk).encode(), digest_size=32, person=b"account").digest()


def _read(answer: str) -> dict[str, Any]:
    """The JSON object of a browser. Raises WrongKey."""
    try:
        read = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise WrongKey(_("What your browser sent cannot be read. Try once more."))
    return read


# --- The word that travels -------------------------------------------------------------------------------------------


def _word(state: dict, at: datetime, user: User | None) -> str:
    return signing.dumps({"state": state, "at": at.timestamp(), "user": user and user.pk}, salt=_SALT)


def _asked(word: str) -> dict[str, Any] | None:
    try:
        return signing.loads(word, salt=_SALT, max_age=ANSWER_WITHIN)
    except signing.BadSignature:
        return None


def _tell(user: User, sentence: str, key: Passkey, event: Any) -> None:
    notices.tell([user], sentence % {"name": key.name}, key=f"factor:{event.number}", kind=notices.ACCOUNT, at=event.at)
