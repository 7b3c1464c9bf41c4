"""What is asked of a provider of OpenID Connect, and what its answer is worth. It writes nothing.

OpenID Connect Core 1.0 by authorization code, with PKCE (RFC 7636), state, nonce and the issuer's name in the answer
(RFC 9207); OpenID Connect Discovery 1.0; and what RFC 9700 asks of a client. Authlib puts the questions together and
judges the claims, joserfc the signature: both load when somebody first asks. Whatever leaves the house goes by
``ASK_OUTSIDE``.

What was asked travels signed in a cookie of the browser that asked, so the server keeps nothing for whoever only asks.
"""

import hmac
import json
import logging
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core import signing
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

ANSWER_WITHIN = timedelta(minutes=10)
SECONDS = 5  # for one answer of the provider
LARGEST = 256 * 1024  # bytes of one
KEPT = 10 * 60.0  # seconds for which what the provider says of itself is believed
RESTS = 15.0  # seconds in which one who did not answer is not asked again
RENEWED = 30.0  # seconds between two looks for a key that is not known yet
CLOCKS_APART = 60  # seconds by which two clocks may differ
SCOPE = "openid profile"  # the second for what the account is called there
# With a key of two halves only: none with a secret that we share (RFC 8725, 2.1), and never “none”.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SALT = "articles.openid"

log = logging.getLogger(__name__)


class NotShown(Exception):
    """The provider did not show who somebody is; the message says so to whoever asked."""


@dataclass(frozen=True)
class Asked:
    """What was asked: by whom to which end, and the three words that only the browser and the provider's answer know.

    ``user`` is the key of the account that is to be linked; None where somebody wants to come in.
    """

    state: str
    nonce: str
    verifier: str
    at: float
    onward: str
    user: int | None


@dataclass(frozen=True)
class Shown:
    """Who somebody is at the provider, by an ID token that was right."""

    issuer: str
    subject: str
    name: str
    at: float
    has_second_factor: bool


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def name() -> str:
    """What people call the provider."""
    return settings.OIDC_NAME or urlsplit(settings.OIDC_ISSUER).hostname or ""


def may_count() -> bool:
    """Whether a login there can be the second factor too."""
    return is_on() and bool(settings.OIDC_COUNTS_AS)


# --- Asking ----------------------------------------------------------------------------------------------------------


def ask(back: str, *, onward: str = "", user: int | None = None, at: datetime) -> tuple[str, str]:
    """Where a browser is to go, and the word that it must keep until it comes ``back``. Raises NotShown."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    place = _place(_provider(), "authorization_endpoint")
    words = {each: secrets.token_urlsafe(32) for each in ("state", "nonce", "verifier")}
    asked = Asked(**words, at=at.timestamp(), onward=onward, user=user)
    url = prepare_grant_uri(
        place,
        settings.OIDC_CLIENT_ID,
        "code",
        redirect_uri=back,
        scope=SCOPE,
        state=asked.state,
        nonce=asked.nonce,
        code_challenge=create_s256_code_challenge(asked.verifier),
        code_challenge_method="S256",
        acr_values=" ".join(_wanted("acr")) or None,
    )
    return url, signing.dumps(asdict(asked), salt=_SALT)


def asked_by(word: str) -> Asked | None:
    """What the browser that holds ``word`` asked, if that still counts."""
    try:
        return Asked(**signing.loads(word, salt=_SALT, max_age=ANSWER_WITHIN))
    except (signing.BadSignature, TypeError):
        return None


# --- The answer ------------------------------------------------------------------------------------------------------


def check(asked: Asked | None, answer: Mapping[str, str], back: str, *, at: datetime) -> Shown:
    """Who somebody is, by what the provider sent their browser ``back`` with. Raises NotShown."""
    if asked is None or not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise NotShown(_("That answer was not asked for from this browser, or took more than ten minutes. Try again."))
    _refuse_other_issuer(answer)
    if "error" in answer or not answer.get("code"):
        raise NotShown(_("%(provider)s did not let you through. Try once more, or log in here.") % _named())
    said = _exchanged(answer["code"], asked.verifier, back)
    claims = _claims(said, asked.nonce, at)
    called = _called(claims)
    if not called and asked.user is not None:
        called = _called(_more(said, claims["sub"]))
    return Shown(
        issuer=claims["iss"],
        subject=claims["sub"],
        name=(called or claims["sub"])[:150],
        at=asked.at,
        has_second_factor=_has_second_factor(claims),
    )


def _called(claims: Mapping[str, Any]) -> str:
    """What people there call it, for people here; whatever it says, it is never looked up."""
    said = (claims.get(each) for each in ("preferred_username", "name"))
    plain = ("".join(filter(str.isprintable, each)).strip() for each in said if isinstance(each, str))
    return next(filter(None, plain), "")


def _refuse_other_issuer(answer: Mapping[str, str]) -> None:
    """RFC 9207, 2.4: an answer of another provider is not taken for one of ours (mix-up)."""
    is_promised = _provider().get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", "" if is_promised else settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise _wrong("the answer names another issuer, or none")


def _exchanged(code: str, verifier: str, back: str) -> dict[str, Any]:
    """The tokens for a code (OpenID Connect Core, 3.1.3), which the provider gives once. Nothing of them is kept."""
    from authlib.oauth2.auth import ClientAuth
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    ways = _provider().get("token_endpoint_auth_methods_supported")
    client = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
    if isinstance(ways, list) and "client_secret_basic" not in ways:
        proof = ClientAuth(*client, "client_secret_post")
    else:
        encoded = (quote(each, safe="") for each in client)  # RFC 6749, 2.3.1
        proof = ClientAuth(*encoded, "client_secret_basic")
    body = prepare_token_request("authorization_code", code=code, redirect_uri=back, code_verifier=verifier)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = proof.prepare("POST", _place(_provider(), "token_endpoint"), headers, body)
    return _asked_outside(url, method="POST", headers=headers, body=body.encode())


def _claims(said: dict[str, Any], nonce: str, at: datetime) -> dict[str, Any]:
    """What the ID token says, once signature and claims are right (OpenID Connect Core, 3.1.3.7)."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    client = settings.OIDC_CLIENT_ID
    expected = {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": client},
        "sub": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": client, "access_token": said.get("access_token")}
    try:
        token = _verified(said["id_token"])
        claims = CodeIDToken(token.claims, token.header, expected, params)
        claims.validate(now=int(at.timestamp()), leeway=CLOCKS_APART)
        if not re.fullmatch(r"[\x20-\x7e]{1,255}", claims["sub"]):
            raise ValueError("sub")
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
        raise _wrong(f"its ID token is refused ({type(wrong).__name__})") from wrong
    return claims


def _more(said: dict[str, Any], subject: str) -> dict[str, Any]:
    """What the provider tells of the account beside its ID token, for whoever is to know it again (Core, 5.3.2)."""
    token = said.get("access_token")
    if "userinfo_endpoint" not in _provider() or not re.fullmatch(r"[\x21-\x7e]+", str(token)):
        return {}
    try:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        told = _asked_outside(_place(_provider(), "userinfo_endpoint"), headers=headers)
    except NotShown:
        return {}
    return told if told.get("sub") == subject else {}


def _verified(token: str) -> Any:
    """``token`` with its signature checked; by newer keys where it names one that is not known yet (Core, 10.1.1)."""
    from joserfc import jwt
    from joserfc.errors import BadSignatureError, InvalidKeyIdError
    from joserfc.jws import JWSRegistry

    rules = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, _keys(kept_for=KEPT), registry=rules)
    except (InvalidKeyIdError, BadSignatureError):
        return jwt.decode(token, _keys(kept_for=RENEWED), registry=rules)


def _keys(*, kept_for: float) -> Any:
    """The provider's public keys for signatures. One that cannot be read is left out, and so is every shared secret."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    keys, found = [], _document(_place(_provider(), "jwks_uri"), kept_for=kept_for).get("keys")
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict) and _is_for_signatures(each):
            try:
                keys.append(JWKRegistry.import_key(each))
            except (JoseError, ValueError, TypeError, KeyError) as wrong:
                log.warning("A key of %s cannot be read: %s", settings.OIDC_ISSUER, type(wrong).__name__)
    return KeySet(keys)


def _is_for_signatures(key: dict[str, Any]) -> bool:
    """RSA of 2048 bits at least (RFC 7518, 3.3), which are 342 letters, or an elliptic curve."""
    is_long = key.get("kty") == "EC" or (key.get("kty") == "RSA" and len(str(key.get("n"))) >= 342)
    return is_long and key.get("use", "sig") == "sig"


def _has_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says one of what OIDC_COUNTS_AS names (Core, 2: acr is one word, amr a list)."""
    methods = claims.get("amr")
    said = {"acr": [claims.get("acr")], "amr": methods if isinstance(methods, list) else []}
    return any(value in said[claim] for claim in said for value in _wanted(claim))


def _wanted(claim: str) -> list[str]:
    return [value for name, _colon, value in (each.partition(":") for each in settings.OIDC_COUNTS_AS) if name == claim]


# --- What the provider says of itself --------------------------------------------------------------------------------

# By address: when this process asked, on its own clock, and what came back; None where nothing did that could be read.
_documents: dict[str, tuple[float, dict[str, Any] | None]] = {}


def _provider() -> dict[str, Any]:
    """Its metadata, believed only where it bears the very name that was asked for (Discovery, 4.3)."""
    from authlib.oidc.discovery import get_well_known_url

    said = _document(get_well_known_url(settings.OIDC_ISSUER, external=True), kept_for=KEPT)
    if said.get("issuer") != settings.OIDC_ISSUER:
        raise _wrong("its configuration names another issuer")
    return said


def _place(provider: dict[str, Any], what: str) -> str:
    """An address out of the metadata: https, as the issuer's own is."""
    url = provider.get(what)
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        parts = None
    if not parts or not parts.hostname or parts.scheme not in ("https", urlsplit(settings.OIDC_ISSUER).scheme):
        raise _wrong(f"its configuration has no {what} that can be asked")
    return str(url)


def _document(url: str, *, kept_for: float) -> dict[str, Any]:
    """The JSON object at ``url``, ``kept_for`` seconds old at most. Who did not answer is let rest for a moment."""
    asked_at, said = _documents.get(url, (0.0, None))
    if url in _documents and time.monotonic() - asked_at < (RESTS if said is None else kept_for):
        if said is None:
            raise _away()
        return said
    try:
        said = _asked_outside(url, headers={"Accept": "application/json"})
    except NotShown:
        _documents[url] = time.monotonic(), None
        raise
    _documents[url] = time.monotonic(), said
    return said


def forget() -> None:
    """What the provider said of itself is asked anew."""
    _documents.clear()


def _asked_outside(url: str, **request: Any) -> dict[str, Any]:
    """Its answer as a JSON object. The issuer's own host is named by the operator, so it may stand inside."""
    ask_outside = import_string(settings.ASK_OUTSIDE)
    ours = [urlsplit(settings.OIDC_ISSUER).hostname or ""]
    try:
        said = json.loads(ask_outside(url, seconds=SECONDS, most=LARGEST, ours=ours, **request))
    except OSError as fault:
        log.warning("The OpenID Connect provider gave no answer: %s", fault)
        raise _away() from fault
    except (ValueError, RecursionError) as wrong:
        raise _wrong("it answered what is no JSON") from wrong
    if not isinstance(said, dict):
        raise _wrong("it answered what is no JSON object")
    return said


def _away() -> NotShown:
    return NotShown(_("%(provider)s does not answer now. Log in with name and password, or try later.") % _named())


def _wrong(why: str) -> NotShown:
    """For people one sentence, for the log why; neither tells a code or a token."""
    log.warning("The OpenID Connect provider cannot be believed: %s.", why)
    return NotShown(_("What %(provider)s answered cannot be believed. Log in with name and password.") % _named())


def _named() -> dict[str, str]:
    return {"provider": name()}
