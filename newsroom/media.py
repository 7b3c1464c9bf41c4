"""Where the two halves of media lie, by the one thing that names the place: a folder, or the address of a bucket."""

import importlib.util
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from newsroom.hosts import is_loopback

SCHEMES = ("s3", "s3+http")
FORM = (
    "Write s3://KEY:SECRET@host/bucket?region=eu-west-2, with %2F for each / in KEY and SECRET. Without these two the"
    " keys are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the role of the machine."
)
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# Stores of one's own have no regions, but a signature has to name one.
ANY_REGION = "us-east-1"


def halves(place: str | Path, base_url: str) -> dict[str, dict[str, Any]]:
    """The entries of STORAGES for originals ("default") and what readers may fetch ("public").

    Raises ``ValueError`` with a sentence, and no secret in it, for an address that cannot be meant.
    """
    if isinstance(place, Path):
        return {
            # Django's name "default" is on purpose: what names no storage stays private.
            "default": _half("storage.PrivateStorage", location=place / "private"),
            "public": _half("storage.PublicStorage", location=place / "public", base_url=base_url),
        }
    ours = bucket(place)
    return {
        "default": _half("bucket.PrivateInBucket", location="private", **ours),
        "public": _half("bucket.PublicInBucket", location="public", base_url=base_url, **ours),
    }


def _half(backend: str, **options: Any) -> dict[str, Any]:
    return {"BACKEND": f"newsroom.{backend}", "OPTIONS": options}


def bucket(address: str) -> dict[str, Any]:
    """How django-storages is told of the bucket at this address. Raises as ``halves`` does."""
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"It begins with “{parts.scheme}:”. {FORM}")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise ValueError(f"Its host or port cannot be read. {FORM}") from wrong
    name, asked = parts.path.strip("/"), dict(parse_qsl(parts.query, keep_blank_values=True))
    if not host or not _BUCKET.fullmatch(name):
        raise ValueError(f"It names no host and bucket. {FORM}")
    if asked.keys() - {"region"} or parts.fragment:
        raise ValueError(f"Behind the bucket it says more than its region. {FORM}")
    if bool(parts.username) != bool(parts.password):
        raise ValueError(f"It has half a pair of keys. {FORM}")
    tls = parts.scheme == "s3"
    if not tls and not is_loopback(host):
        raise ValueError(f"s3+http is for a store on this machine only; {host} must be asked by s3://, over https.")
    if importlib.util.find_spec("storages") is None:
        raise ValueError("A bucket needs more packages: pip install -r requirements-scale.txt.")
    return {
        "endpoint_url": f"http{'s' * tls}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}",
        "bucket_name": name,
        "region_name": asked.get("region") or ANY_REGION,
        **_keys(parts.username, parts.password),
    }


def _keys(key: str | None, secret: str | None) -> dict[str, str | None]:
    """With keys in the address, no token that lies about in the environment goes with them."""
    if not key or not secret:
        return {}
    return {"access_key": unquote(key), "secret_key": unquote(secret), "security_token": None}
