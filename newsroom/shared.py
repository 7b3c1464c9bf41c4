"""The shelf that all processes of a site share, in Redis or Valkey (``CACHE_URL``): what one has made others need not.

What one is just making they wait for. The shelf is never asked whether a page is true: the database is
(``pages.Keeper.take``). A page lies there for ten minutes, signed, because others may write to the same server; under a
key that no other release and no other settings have. Where the server does not answer, every process makes its own
pages, as without one.
"""

import importlib.util
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from django.conf import settings

from newsroom.shelf import Finished, Key

SECONDS = 600  # for which a page lies there
PATIENCE = 0.2  # seconds in which the server must answer
AGAIN = 2.0  # seconds after which one that did not is asked again
MAKING = 1.0  # seconds for which a page that another process is making is waited for
LOOK = 0.005  # seconds; so often
SCHEMES = ("redis", "rediss", "valkey", "valkeys", "unix")
_SIGNATURE = 32  # bytes
_OF_ONE_PROCESS = frozenset({"PORT"})  # settings by which processes differ whose pages do not

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """A page that some process made at the moment ``since``, in seconds since 1970. ``ground`` is the newest version in
    which something that it stands on had changed then.
    """

    page: Finished
    ground: int
    since: float


class SharedShelf:
    """Takes pages without a query: of others there is no end."""

    def __init__(self, url: str) -> None:
        import redis  # only there where it is used
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        self.fault = redis.RedisError
        self.server = redis.Redis.from_url(
            re.sub("^valkey", "redis", url),  # what the client calls both
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
        self.lock = threading.Lock()
        self.ask_again = 0.0

    def takes(self, key: Key) -> TypeGuard[str]:
        return isinstance(key, str) and time.monotonic() >= self.ask_again

    def get(self, key: Key) -> Offer | None:
        if not self.takes(key):
            return None
        sealed = self._asked(lambda: self.server.get(_place(key)))
        return _opened(sealed, key) if sealed else None

    def offers(self, key: Key, version: int) -> Iterator[Offer]:
        """What lies there; then, where another process is making the page of ``version``, what has come of that.

        After the last it is for this process to make it, and to say so when that is done (``made``).
        """
        if offer := self.get(key):
            yield offer
        if not self.takes(key) or self._begins(key, version):
            return
        until = time.monotonic() + MAKING
        while self._is_being_made(key, version) and time.monotonic() < until:
            time.sleep(LOOK)
        if offer := self.get(key):
            yield offer

    def _begins(self, key: str, version: int) -> bool:
        """Whether nobody else is making it. Redis forgets the word of a process that is killed meanwhile."""
        place, milliseconds = _maker(key, version), int(MAKING * 1000)
        return bool(self._asked(lambda: self.server.set(place, b"", nx=True, px=milliseconds)))

    def _is_being_made(self, key: str, version: int) -> bool:
        return self.takes(key) and bool(self._asked(lambda: self.server.exists(_maker(key, version))))

    def made(self, key: Key, version: int) -> None:
        """Whoever waits for it need not any longer: it lies there, or could not be kept."""
        if self.takes(key):
            self._asked(lambda: self.server.delete(_maker(key, version)))

    def put(self, key: str, offer: Offer) -> None:
        self._asked(lambda: self.server.set(_place(key), _sealed(offer, key), ex=SECONDS))

    def forget(self) -> None:
        """Let go of every page of this site."""
        for place in self.server.scan_iter(match=f"{_prefix()}*", count=1000):
            self.server.delete(place)

    def _asked(self, ask: Callable[[], Any]) -> Any:
        try:
            return ask()
        except self.fault as fault:
            with self.lock:
                if time.monotonic() >= self.ask_again:
                    log.error("The server of CACHE_URL does not answer (%s). Each process makes its own pages.", fault)
                self.ask_again = time.monotonic() + AGAIN
            return None


def shelf() -> SharedShelf | None:
    """As the settings say; None where processes share nothing."""
    return SharedShelf(settings.CACHE_URL) if settings.CACHE_URL else None


# --- How a page lies there ------------------------------------------------------------------------------------------


def _sealed(offer: Offer, key: str) -> bytes:
    page = offer.page
    bodies = {encoding: body for encoding, (_headers, body) in list(page.answers.items())}
    bodies = {"": page.body} if page.body else bodies
    facts = {
        "status": page.status,
        "headers": page.headers,
        "etag": page.etag,
        "length": page.length,
        "names": sorted(page.names),
        "fresh_until": page.fresh_until,
        "until": page.until,
        "ground": offer.ground,
        "since": offer.since,
        "bodies": {encoding: len(body) for encoding, body in bodies.items()},
    }
    written = b"".join((json.dumps(facts).encode(), b"\n", *bodies.values()))
    return _signature(written, key) + written


def _opened(sealed: bytes, key: str) -> Offer | None:
    """What ``_sealed`` has written for the same page; nothing of whatever else lies there."""
    signature, written = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
    if not compare_digest(signature, _signature(written, key)):
        log.error("What lies in the server of CACHE_URL for %s is not ours.", key)
        return None
    told, _line, rest = written.partition(b"\n")
    facts = json.loads(told)
    bodies, at = {}, 0
    for encoding, size in facts["bodies"].items():
        bodies[encoding], at = rest[at : at + size], at + size
    page = Finished(
        status=facts["status"],
        headers=[(name, value) for name, value in facts["headers"]],
        body=bodies.pop("", b""),
        etag=facts["etag"],
        length=facts["length"],
        names=frozenset(facts["names"]),
        fresh_until=facts["fresh_until"],
        until=facts["until"],
    )
    for encoding, body in bodies.items():
        page.compressed(encoding, body)
    return Offer(page, facts["ground"], facts["since"])


def _signature(written: bytes, key: str) -> bytes:
    """Of a page and of the address that it is for."""
    signed = blake2b(key=_secret(), digest_size=_SIGNATURE)
    signed.update(f"{key}\n".encode())
    signed.update(written)
    return signed.digest()


def _secret() -> bytes:
    return settings.SECRET_KEY.encode()[:64]


def _place(key: str) -> str:
    return f"{_prefix()}{blake2b(key.encode(), key=_secret(), digest_size=16).hexdigest()}"


def _maker(key: str, version: int) -> str:
    """Where a process says that it is making the page of ``version``; who knows another one does not look there."""
    return f"{_place(key)}:{version}"


@lru_cache(maxsize=1)
def _prefix() -> str:
    """Of all that a page's looks hang on besides the database: program, templates, packages, styles and settings."""
    seen = blake2b(key=_secret(), digest_size=8)
    for path in _program():
        seen.update(str(path.relative_to(settings.BASE_DIR)).encode())
        seen.update(path.read_bytes())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    seen.update(manifest.read_bytes() if manifest.exists() else b"")
    for name in sorted({name for name in dir(settings) if name.isupper()} - _OF_ONE_PROCESS):
        value = getattr(settings, name)
        if isinstance(value, str | int | float):
            seen.update(f"{name}={value}\n".encode())
    return f"newsroom:{seen.hexdigest()}:"


def _program() -> Iterator[Path]:
    for room in ("articles", "newsroom", "templates"):
        for path in sorted((settings.BASE_DIR / room).rglob("*")):
            if path.suffix in {".py", ".html", ".xml", ".txt", ".mo"}:
                yield path
    yield from sorted(settings.BASE_DIR.glob("requirements*.txt"))


def _is_known(url: str) -> bool:
    try:
        place = urlsplit(url)
        return place.scheme in SCHEMES and bool(
            place.path if place.scheme == "unix" else place.hostname and place.port != 0
        )
    except ValueError:
        return False


def faults(url: str) -> Iterator[str]:
    """What is wrong with the setting, in sentences."""
    if not url:
        return
    if not _is_known(url):
        yield (
            "CACHE_URL is no server that we know. Give redis://:PASSWORD@host:6379/0, rediss://… over TLS,"
            " or unix:///path/to/socket, with %2F for each / in PASSWORD; Valkey is asked in the same way."
        )
    elif importlib.util.find_spec("redis") is None:
        yield "CACHE_URL needs more packages: pip install -r requirements-scale.txt."
