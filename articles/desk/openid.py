"""What is asked of a provider of OpenID Connect, and what its answer is worth. It writes nothing.

OpenID Connect Core 1.0 by authorization code, with PKCE (RFC 7636), state, nonce and the issuer's name in the answer
(RFC 9207); and what RFC 9700 asks of a client. Authlib puts the questions together and judges the claims, joserfc the
signature: both load when somebody first asks.

What was asked travels signed in a cookie of the browser that asked, so the server keeps nothing for whoever only asks.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from . import issuer
from .issuer import NotShown

ANSWER_WITHIN = timedelta(minutes=10)
CLOCKS_APART = 60  # seconds by which two clocks may differ
SCOPE = "openid profile"  # the second for what the account is called there
# With a key of two halves only: none with a secret that we share (RFC 8725, 2.1), and never “none”.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
_SALT = "articles.openid"


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


# --- Asking ----------------------------------------------------------------------------------------------------------


def ask(back: str, *, onward: str = "", user: int | None = None, at: datetime) -> tuple[str, str]:
    """Where a browser is to go, and the word that it must keep until it comes ``back``. Raises NotShown."""
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    place = issuer.place("authorization_endpoint")
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
        raise NotShown(
            _("%(provider)s did not let you through. Try once more, or log in here.") % {"provider": issuer.name()}
        )
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
    is_promised = issuer.metadata().get("authorization_response_iss_parameter_supported") is True
    if answer.get("iss", "" if is_promised else settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise issuer.not_believed("the answer names another issuer, or none")


def _exchanged(code: str, verifier: str, back: str) -> dict[str, Any]:
    """The tokens for a code (OpenID Connect Core, 3.1.3), which the provider gives once. Nothing of them is kept."""
    from authlib.oauth2.auth import ClientAuth
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    ways = issuer.metadata().get("token_endpoint_auth_methods_supported")
    client = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
    if isinstance(ways, list) and "client_secret_basic" not in ways:
        proof = ClientAuth(*client, "client_secret_post")
    else:
        encoded = (quote(each, safe="") for each in client)  # RFC 6749, 2.3.1
        proof = ClientAuth(*encoded, "client_secret_basic")
    body = prepare_token_request("authorization_code", code=code, redirect_uri=back, code_verifier=verifier)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url, headers, body = proof.prepare("POST", issuer.place("token_endpoint"), headers, body)
    return issuer.answer_of(url, method="POST", headers=headers, body=body.encode())


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
        raise issuer.not_believed(f"its ID token is refused ({type(wrong).__name__})") from wrong
    return claims


def _more(said: dict[str, Any], subject: str) -> dict[str, Any]:
    """What the provider tells of the account beside its ID token, for whoever is to know it again (Core, 5.3.2)."""
    token = said.get("access_token")
    if "userinfo_endpoint" not in issuer.metadata() or not re.fullmatch(r"[\x21-\x7e]+", str(token)):
        return {}
    try:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        told = issuer.answer_of(issuer.place("userinfo_endpoint"), headers=headers)
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
        return jwt.decode(token, issuer.keys(kept_for=issuer.KEPT), registry=rules)
    except (InvalidKeyIdError, BadSignatureError):
        return jwt.decode(token, issuer.keys(kept_for=issuer.RENEWED), registry=rules)


def _has_second_factor(claims: Mapping[str, Any]) -> bool:
    """Whether the provider says one of what OIDC_COUNTS_AS names (Core, 2: acr is one word, amr a list)."""
    methods = claims.get("amr")
    said = {"acr": [claims.get("acr")], "amr": methods if isinstance(methods, list) else []}
    return any(value in said[claim] for claim in said for value in _wanted(claim))


def _wanted(claim: str) -> list[str]:
    return [value for name, _colon, value in (each.partition(":") for each in settings.OIDC_COUNTS_AS) if name == claim]
