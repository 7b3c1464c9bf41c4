"""The provider of OpenID Connect: what the operator says of it, what it says of itself, and how it is asked.

OpenID Connect Discovery 1.0. What it says is kept in each process, and who did not answer is let rest; whatever leaves
the house goes by ``ASK_OUTSIDE``.
"""

import json
import logging
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

SECONDS = 5  # for one answer of the provider
LARGEST = 256 * 1024  # bytes of one
KEPT = 10 * 60.0  # seconds for which what the provider says of itself is believed
RESTS = 15.0  # seconds in which one who did not answer is not asked again
RENEWED = 30.0  # seconds between two looks for a key that is not known yet
AT_ONCE = 2  # threads of a process that wait for the provider: anybody may set it off, and the others serve readers
PATIENCE = 0.5  # seconds in which one of them must become free

lines = threading.BoundedSemaphore(AT_ONCE)

log = logging.getLogger(__name__)


class NotShown(Exception):
    """The provider did not show who somebody is; the message says so to whoever asked."""


class Busy(NotShown):
    """It was not asked, because too many wait for it already."""


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def name() -> str:
    """What people call the provider."""
    return settings.OIDC_NAME or urlsplit(settings.OIDC_ISSUER).hostname or ""


def may_count() -> bool:
    """Whether a login there can be the second factor too."""
    return is_on() and bool(settings.OIDC_COUNTS_AS)


# --- What it says of itself -------------------------------------------------------------------------------------------

# By address: when this process asked, on its own clock, and what came back; None where nothing did that could be read.
_documents: dict[str, tuple[float, dict[str, Any] | None]] = {}


def metadata() -> dict[str, Any]:
    """Its metadata, believed only where it bears the very name that was asked for (Discovery, 4.3). Raises NotShown."""
    from authlib.oidc.discovery import get_well_known_url

    url = get_well_known_url(settings.OIDC_ISSUER, external=True)
    said = _document(url, kept_for=KEPT)
    if said.get("issuer") != settings.OIDC_ISSUER:
        _documents[url] = time.monotonic(), None  # as one that gave no answer: it is asked again soon
        raise not_believed("its configuration names another issuer")
    return said


def place(what: str) -> str:
    """An address out of the metadata: https, as the issuer's own is. Raises NotShown."""
    url = metadata().get(what)
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        parts = None
    if not parts or not parts.hostname or parts.scheme not in ("https", urlsplit(settings.OIDC_ISSUER).scheme):
        raise not_believed(f"its configuration has no {what} that can be asked")
    return str(url)


def _document(url: str, *, kept_for: float) -> dict[str, Any]:
    """The JSON object at ``url``, ``kept_for`` seconds old at most. Who did not answer is let rest for a moment."""
    asked_at, said = _documents.get(url, (0.0, None))
    if url in _documents and time.monotonic() - asked_at < (RESTS if said is None else kept_for):
        if said is None:
            raise _away()
        return said
    try:
        said = answer_of(url, headers={"Accept": "application/json"})
    except Busy:
        raise
    except NotShown:
        _documents[url] = time.monotonic(), None
        raise
    _documents[url] = time.monotonic(), said
    return said


def keys(*, kept_for: float) -> Any:
    """The provider's public keys for signatures, ``kept_for`` seconds old at most. Raises NotShown.

    One that cannot be read is left out, and so is every shared secret.
    """
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, KeySet

    usable, found = [], _document(place("jwks_uri"), kept_for=kept_for).get("keys")
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict) and _is_for_signatures(each):
            try:
                usable.append(JWKRegistry.import_key(each))
            except (JoseError, ValueError, TypeError, KeyError) as fault:
                log.warning("A key of %s cannot be read: %s", settings.OIDC_ISSUER, type(fault).__name__)
    return KeySet(usable)


def _is_for_signatures(key: dict[str, Any]) -> bool:
    """RSA of 2048 bits at least (RFC 7518, 3.3), which are 342 letters, or an elliptic curve."""
    is_long = key.get("kty") == "EC" or (key.get("kty") == "RSA" and len(str(key.get("n"))) >= 342)
    return is_long and key.get("use", "sig") == "sig"


def forget() -> None:
    """What the provider said of itself is asked anew."""
    _documents.clear()


def answer_of(url: str, **request: Any) -> dict[str, Any]:
    """Its answer as a JSON object. Raises NotShown.

    The issuer's own host is named by the operator, so it may stand inside.
    """
    ask_outside = import_string(settings.ASK_OUTSIDE)
    ours = [urlsplit(settings.OIDC_ISSUER).hostname or ""]
    if not lines.acquire(timeout=PATIENCE):
        log.warning("The OpenID Connect provider was not asked: %s threads wait for it already.", AT_ONCE)
        raise _away(Busy)
    try:
        said = json.loads(ask_outside(url, seconds=SECONDS, most=LARGEST, ours=ours, **request))
    except OSError as fault:
        log.warning("The OpenID Connect provider gave no answer: %s", fault)
        raise _away() from fault
    except (ValueError, RecursionError) as fault:
        raise not_believed("it answered what is no JSON") from fault
    finally:
        lines.release()
    if not isinstance(said, dict):
        raise not_believed("it answered what is no JSON object")
    return said


def _away(kind: type[NotShown] = NotShown) -> NotShown:
    return kind(
        _("%(provider)s does not answer now. Log in with name and password, or try later.") % {"provider": name()}
    )


def not_believed(why: str) -> NotShown:
    """For people one sentence, for the log why; neither tells a code or a token."""
    log.warning("The OpenID Connect provider cannot be believed: %s.", why)
    return NotShown(
        _("What %(provider)s answered cannot be believed. Log in with name and password.") % {"provider": name()}
    )
