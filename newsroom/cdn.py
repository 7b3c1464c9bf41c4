"""The cache in front of the site: what it is told of each page, and how it is told that something changed.

``PURGE_URL`` names it: ``varnish://host:port`` (any cache that takes PURGE with an ``xkey-purge`` header, as
deploy/varnish.vcl does), ``fastly://TOKEN@SERVICE`` or ``cloudflare://TOKEN@ZONE``. Pages carry the keys of what they
stand on; the keys are digests, because names tell of stories that nobody may know of.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from newsroom import outgoing

TIMEOUT = 5  # seconds
STALE_WHILE_ASKING, STALE_WHEN_BROKEN = 60, 86_400  # seconds, at most


class NotTold(Exception):
    """The cache did not take it; the message says why."""


@dataclass(frozen=True)
class Request:
    url: str
    headers: dict[str, str]
    method: str = "POST"
    body: bytes | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of cache: the header in which it reads keys, how they are parted, and how many it takes at once."""

    header: str
    between: str
    at_once: int
    request: Callable[[str, str, str, list[str]], Request]


def told(headers: list[tuple[str, str]], until: float, now: float) -> list[tuple[str, str]]:
    """``headers``, and for how long the cache in front may keep a page that is true until then, in seconds since 1970:
    not fresh, nor old, past its end.

    That it may be shown old for a moment is for that cache alone (RFC 9213): browsers ask again each time.
    """
    left = max(0, int(until - now))
    fresh = min(left, settings.CDN_SECONDS)
    asking, broken = min(left - fresh, STALE_WHILE_ASKING), min(left - fresh, STALE_WHEN_BROKEN)
    shared = [(name, f"{value}, s-maxage={fresh}" if name == "Cache-Control" else value) for name, value in headers]
    for_it = f"max-age={fresh}, stale-while-revalidate={asking}, stale-if-error={broken}"
    return [*shared, ("CDN-Cache-Control", for_it), ("Surrogate-Control", for_it)]


def keyed(names: Iterable[str]) -> list[tuple[str, str]]:
    """The header that names what an answer stands on; none without a cache in front."""
    if not settings.PURGE_URL or not names:
        return []
    kind = _kind()
    return [(kind.header, kind.between.join(sorted(map(key, names))))]


@lru_cache(maxsize=10_000)
def key(name: str) -> str:
    return blake2b(name.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=6).hexdigest()


def purge(names: Iterable[str]) -> None:
    """Let the cache forget all that stands on one of ``names``. Raises NotTold."""
    kind, place = _kind(), urlsplit(settings.PURGE_URL)
    given = parse_qs(place.query).get("api", [""])[0]
    keys = sorted(map(key, names))
    for first in range(0, len(keys), kind.at_once):
        some = keys[first : first + kind.at_once]
        request = kind.request(unquote(place.username or ""), place.netloc.rpartition("@")[2], given, some)
        # The settings name that machine, so it may be an inner one.
        ours = {urlsplit(request.url).hostname or ""} if place.scheme == "varnish" or given else set()
        try:
            outgoing.tell(
                request.url,
                method=request.method,
                body=request.body,
                headers=request.headers,
                seconds=TIMEOUT,
                ours=ours,
            )
        except outgoing.NotTold as fault:
            raise NotTold(f"{place.scheme} did not take it: {fault}") from fault


def _kind() -> Kind:
    return KINDS[urlsplit(settings.PURGE_URL).scheme]


def _varnish(_token: str, place: str, _api: str, keys: list[str]) -> Request:
    return Request(f"http://{place}/", {"xkey-purge": " ".join(keys)}, method="PURGE")


def _fastly(token: str, service: str, api: str, keys: list[str]) -> Request:
    """developer.fastly.com/reference/api/purging: at most 256 keys."""
    told = {"Fastly-Key": token, "Surrogate-Key": " ".join(keys), "Accept": "application/json"}
    return Request(f"{api or 'https://api.fastly.com'}/service/{service}/purge", told)


def _cloudflare(token: str, zone: str, api: str, keys: list[str]) -> Request:
    """developers.cloudflare.com/api, purge by tags: at most 30 of them."""
    address = f"{api or 'https://api.cloudflare.com'}/client/v4/zones/{zone}/purge_cache"
    told = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return Request(address, told, body=json.dumps({"tags": keys}).encode())


KINDS = {
    "varnish": Kind("xkey", " ", 200, _varnish),
    "fastly": Kind("Surrogate-Key", " ", 256, _fastly),
    "cloudflare": Kind("Cache-Tag", ",", 30, _cloudflare),
}


def faults(url: str, seconds: int) -> Iterator[str]:
    """What is wrong with the settings, in sentences."""
    if seconds < 0:
        yield f"CDN_SECONDS is {seconds}. Give the seconds that a cache in front may keep a page, or 0 for none."
    if seconds and not url:
        yield "CDN_SECONDS is set and PURGE_URL is not: a cache that is never told of changes would show old pages."
    try:
        place = urlsplit(url)
        is_known = place.scheme in KINDS and place.hostname and place.path in ("", "/") and place.port != 0
    except ValueError:
        is_known = False
    if url and not is_known:
        yield (
            "PURGE_URL is no cache that we know. Give varnish://host:port, fastly://TOKEN@SERVICE or"
            " cloudflare://TOKEN@ZONE, with %2F for each / in TOKEN."
        )
    elif url and place.scheme != "varnish" and not place.username:
        yield f"PURGE_URL names {place.scheme} without a token. Write {place.scheme}://TOKEN@SERVICE."
