"""Keeps readers' pages as finished bytes, outside of Django, and proves on each request that they are still true.

A page is kept under its path and the few parameters that pages know, never under what else came with a request; it is
made for a request that has nothing else. Each process keeps its own. What a page stands on (``articles.live.depends``)
comes with it; a change of that takes it away in every process before the next answer, and nothing else does. So the
order is always: read the version of the site, then make the page; and a page is kept only if nothing that it stands on
changed meanwhile. What another process has made (``newsroom.shared``) is taken by the same rule.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections

from newsroom import cdn, proof, shared
from newsroom.shared import Offer
from newsroom.shelf import Fact, Finished, Headers, Key, Lines, Shelf, chosen

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

# In the environment of a request: called to have the page kept, with the ``names`` that it stands on, and in seconds
# since 1970 ``fresh_until`` and ``until`` as Finished has them.
KEEP = "newsroom.keep"
# Beside it: what many pages show, read once for all of them (articles.live.depends.Memory).
MEMORY = "newsroom.memory"
ASKED = "newsroom.asked"  # the query as the reader sent it, for who must know an old address by it
SICK = "newsroom.sick"  # in the environment: the database does not answer, so nothing should wait for it
LONGEST_QUERY = 1000  # characters; what a longer one asks for is never kept
WAIT = 10  # seconds in which somebody else's making of the same page is waited for
FORESEEN = 50  # turns that are known beforehand, for when the database does not answer
FORESIGHT = 60.0  # seconds; they are asked for no more often than this
HIT = "hit"  # a page was at hand, in the words of RFC 9211
COMMONEST = "br"  # the encoding that nearly all browsers take
AGAIN = 1.0  # seconds after which a database that did not answer is asked again
# What of a request reaches Django. Nothing that tells readers apart can end up in a page that is for all of them.
_OF_EVERYBODY = frozenset(
    {
        *("PATH_INFO", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE"),
        *("HTTP_HOST", "HTTP_X_FORWARDED_PROTO"),
    }
)

# What says that the database cannot be asked; all else is our own fault and must be heard.
UNANSWERED = (proof.Unanswered, DatabaseError, InterfaceError)

log = logging.getLogger(__name__)


# --- All that one process knows ---------------------------------------------------------------------------------------


class Keeper:
    """Knows which version of the site its pages are of, and when the next thing changes by itself."""

    def __init__(self, truth: Any, capacity: int) -> None:
        self.truth = truth
        self.gate = proof.gate(truth.VERSION_SQL)
        self.shelf = Shelf(capacity)
        self.lock = threading.RLock()
        self.making: dict[Key, threading.Event] = {}
        self.version = -1
        self.looked = 0.0  # up to this moment all that turned by itself is known
        self.turn = 0.0  # the next one after that
        self.coming: list[tuple[float, set[str]]] = []  # those after that, for when nobody can be asked
        self.knows_all = True
        self.foreseen = 0.0
        self.ask_again = 0.0

    def catch_up(self) -> bool:
        """Let go what is no longer true. Whether the database could be asked."""
        now = time.time()
        try:
            if now < self.ask_again:
                raise proof.Unanswered("It did not a moment ago.")
            version = self.gate.version()
            if version != self.version or not self.looked <= now < self.turn:
                self._learn()
        except UNANSWERED as fault:
            self._do_without(fault, now)
            return False
        return True

    def _learn(self) -> None:
        """What has changed since this process last knew, by somebody or by itself.

        Version and moment are asked for behind the lock: those from before it may be older than what another thread has
        learned meanwhile.
        """
        close_old_connections()
        with self.lock:
            version, now = self.gate.version(), time.time()
            moment = _moment(now)
            if version < self.version or now < self.looked:  # put back from a copy; or the clock was
                self.shelf.clear()
            if version > self.version >= 0:
                self.shelf.drop(self.truth.changed(self.version))
            if now >= self.turn > 0:
                self.shelf.drop(self.truth.turned(_moment(self.looked), moment))
            self.turn = self.truth.next_turn(moment).timestamp()
            if not self.foreseen <= now < self.foreseen + FORESIGHT:
                self.coming = [(at.timestamp(), names) for at, names in self.truth.coming(moment, FORESEEN)]
                self.knows_all, self.foreseen = len(self.coming) < FORESEEN, now
            self.version, self.looked = version, now

    def _do_without(self, fault: Exception, now: float) -> None:
        """Nobody can be asked: let go by the clock what is known to turn, and all when no more is known."""
        if now >= self.ask_again:
            log.error("The database does not answer (%s). Readers get the pages that are finished.", fault)
            self.ask_again = now + AGAIN
        with self.lock:
            while self.coming and self.coming[0][0] <= now:
                self.shelf.drop(self.coming.pop(0)[1])
            if not self.coming and not self.knows_all:
                self.shelf.clear()

    def find(self, key: Key, *, is_sure: bool = True) -> Finished | None:
        """The page, if it is fresh; where the database cannot be asked, if it may still stand."""
        with self.lock:
            page = self.shelf.get(key)
        if page is None:
            return None
        return page if time.time() < (page.fresh_until if is_sure else page.until) else None

    def keep(self, key: Key, page: Finished, *, version: int, since: float) -> bool:
        """Keep what was made from ``since`` on, of ``version``; unless what it stands on has changed meanwhile.

        Whether it is true now, kept or too large for that.
        """
        with self.lock:
            try:
                changed = self._changed(version, since)
            except UNANSWERED as fault:
                self._do_without(fault, time.time())
                return False
            is_true = self.version >= version and not changed & page.names
            if is_true:
                self.shelf.put(key, page)
            return is_true

    def take(self, key: Key, offer: Offer) -> bool:
        """Keep what another process has made, if nothing that it stands on has changed since then; whether it was."""
        version = self.version
        try:
            ground = self.truth.newest(offer.page.names)
        except UNANSWERED as fault:
            self._do_without(fault, time.time())
            return False
        is_fresh = time.time() < offer.page.fresh_until and ground == offer.ground
        return is_fresh and self.keep(key, offer.page, version=version, since=offer.since)

    def offered(self, page: Finished, *, version: int, since: float) -> Offer | None:
        """``page``, which was kept, for other processes; nothing where what it stands on has changed already."""
        try:
            ground = self.truth.newest(page.names)
        except UNANSWERED as fault:
            self._do_without(fault, time.time())
            return None
        return Offer(page, ground, since) if ground <= version else None

    def _changed(self, version: int, since: float) -> set[str]:
        """What this process has learned to have changed since it knew ``version`` at the moment ``since``."""
        changed: set[str] = set()
        if self.version != version:
            changed |= self.truth.changed(version)
        if self.looked > since:
            changed |= self.truth.turned(_moment(since), _moment(self.looked))
        return changed

    def grown(self, key: Key) -> None:
        with self.lock:
            self.shelf.grown(key)

    def recall(self, key: Hashable) -> Fact | None:
        with self.lock:
            return self.shelf.facts.get(key)

    def remember(self, key: Hashable, fact: Fact, *, version: int, since: float) -> None:
        """Have what was read from ``since`` on, of ``version``; unless anything has changed meanwhile."""
        with self.lock:
            if self.version == version and self.looked <= since:
                self.shelf.facts.put(key, fact)


class Memory:
    """What many pages show, for one that is made of ``version``, from ``since`` on (articles.live.depends.Memory)."""

    def __init__(self, keeper: Keeper, version: int, since: float) -> None:
        self.keeper, self.version, self.since = keeper, version, since

    def recall(self, key: Hashable) -> tuple[Any, frozenset[str]] | None:
        fact = self.keeper.recall(key)
        return (fact.value, fact.names) if fact else None

    def remember(self, key: Hashable, value: Any, names: frozenset[str], size: int) -> None:
        self.keeper.remember(key, Fact(value, names, size), version=self.version, since=self.since)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


# --- The door --------------------------------------------------------------------------------------------------------


class Pages:
    """A WSGI application in front of Django's."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.keeper = Keeper(import_module(settings.PAGE_PROOF), settings.PAGE_CACHE_BYTES)
        self.shared = shared.shelf()
        self.elsewhere = tuple(f"/{path.lstrip('/')}" for path in settings.PAGES_ELSEWHERE)
        self.hosts = frozenset(settings.PAGE_HOSTS)
        # Django's settings take longer to look at than the whole of a page's key.
        self.is_https, self.has_cdn = settings.HTTPS, settings.CDN_SECONDS > 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._is_for_everybody(environ):
            return self.application(environ, start_response)
        key = _key(environ)
        is_sure = self.keeper.catch_up()
        page, how = self.keeper.find(key, is_sure=is_sure), HIT if is_sure else "hit; detail=stale"
        if page is None and is_sure:
            page, how = self._made(key, environ)
        elif page is None:
            page, how = self._asked(_for_everybody(environ, key) | {SICK: True}), "fwd=miss; detail=sick"
        return self._answered(key, page, how, environ, start_response)

    def _is_for_everybody(self, environ: Environ) -> bool:
        """Whether somebody asks, in the right way, for a page that is the same for all."""
        return (
            environ["REQUEST_METHOD"] in {"GET", "HEAD"}
            and not environ["PATH_INFO"].startswith(self.elsewhere)
            and len(environ.get("QUERY_STRING", "")) <= LONGEST_QUERY
            and environ.get("HTTP_HOST") in self.hosts
            and (not self.is_https or _is_secure(environ))
        )

    def _made(self, key: Key, environ: Environ) -> tuple[Finished, str]:
        """The page, made once for all who ask for it meanwhile."""
        with self.keeper.lock:
            event = self.keeper.making.get(key)
            if event is None:
                mine = self.keeper.making[key] = threading.Event()
        if event:
            event.wait(WAIT)
            page = self.keeper.find(key) if self.keeper.catch_up() else None
            return (page, "hit; detail=collapsed") if page else (self._make(key, environ), "fwd=miss")
        try:
            return self._taken_or_made(key, environ)
        finally:
            with self.keeper.lock:
                del self.keeper.making[key]
            mine.set()

    def _taken_or_made(self, key: Key, environ: Environ) -> tuple[Finished, str]:
        """What another process has made or is just making, else our own."""
        if not self.shared:
            return self._make(key, environ), "fwd=miss"
        version = self.keeper.version
        for offer in self.shared.offers(key, version):
            if self.keeper.take(key, offer):
                return offer.page, "hit; detail=shared"
        try:
            return self._make(key, environ), "fwd=miss"
        finally:
            self.shared.made(key, version)

    def _make(self, key: Key, environ: Environ) -> Finished:
        version, since = self.keeper.version, time.time()
        said: dict[str, Any] = {}
        memory = Memory(self.keeper, version, since)
        page = self._asked(_for_everybody(environ, key) | {KEEP: said.update, MEMORY: memory})
        if said:
            page.names, page.until, page.fresh_until = frozenset(said["names"]), said["until"], said["fresh_until"]
            page.headers += cdn.keyed(page.names)
            if self.keeper.keep(key, page, version=version, since=since):
                self._share(key, page, version=version, since=since)
        return page

    def _share(self, key: Key, page: Finished, *, version: int, since: float) -> None:
        if not self.shared or not self.shared.takes(key):
            return
        offer = self.keeper.offered(page, version=version, since=since)
        if offer:
            page.answer(COMMONEST if page.is_text else "")
            self.shared.put(key, offer)

    def _asked(self, environ: Environ) -> Finished:
        """What Django answers, whole."""
        said: dict[str, Any] = {}

        def start(status: str, headers: Headers, exc_info: object = None) -> None:
            said.update(status=status, headers=headers)

        chunks = self.application(environ, start)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        own = {"ETag", "Content-Length", "Vary"}
        headers = [(name, value) for name, value in said["headers"] if name not in own]
        etag = blake2b(body, digest_size=16).hexdigest() if said["status"].startswith("200") else ""
        return Finished(said["status"], headers, body, etag)

    def _answered(
        self, key: Key, page: Finished, how: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        encoding = chosen(environ.get("HTTP_ACCEPT_ENCODING", "")) if page.is_text else ""
        if page.is_known(environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 Not Modified", self._unchanged(key, page, encoding, how))
            return []
        is_new = encoding not in page.answers
        headers, body = page.answer(encoding)
        if is_new and page.until:
            self.keeper.grown(key)
        start_response(page.status, self._told(page, headers, how))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _unchanged(self, key: Key, page: Finished, encoding: str, how: str) -> Headers:
        """The lines of a 304: the same each time, unless a cache in front is told for how much longer."""
        found = page.known.get(encoding)
        if found and how == HIT:
            return found
        told = self._told(page, page.signed(encoding), how)
        if how == HIT and page.until and not self.has_cdn:
            page.known[encoding] = told
            self.keeper.grown(key)
        return told

    def _told(self, page: Finished, headers: Headers, how: str) -> Lines:
        """``headers``, where the page comes from, and for how long a cache in front may have it."""
        headers = Lines((*headers, ("Cache-Status", f"Newsroom; {how}")))
        if self.has_cdn and page.until and "stale" not in how:
            headers = Lines(cdn.told(headers, min(page.fresh_until, self.keeper.turn), time.time()))
        return headers


def _is_secure(environ: Environ) -> bool:
    if settings.TRUSTED_PROXIES:
        return environ.get("HTTP_X_FORWARDED_PROTO") == "https"
    return environ["wsgi.url_scheme"] == "https"


def _key(environ: Environ) -> Key:
    """The path, and of the query what the page knows."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    return (path, known) if query and (known := _known(path, query)) else path


def _known(path: str, query: str) -> str:
    names = settings.PAGE_PARAMETERS.get(path, settings.PAGE_PARAMETERS[""])
    given = dict(parse_qsl(_read(query), keep_blank_values=True))
    return urlencode([(name, given[name]) for name in names if name in given])


def _read(query: str) -> str:
    """WSGI hands bytes over as Latin-1; they are UTF-8, or what Django takes them for."""
    sent = query.encode("latin-1")
    try:
        return sent.decode()
    except UnicodeDecodeError:
        return query


def _for_everybody(environ: Mapping[str, Any], key: Key) -> Environ:
    """The request without what is the reader's own, as anybody would have sent it."""
    same = {name: value for name, value in environ.items() if name in _OF_EVERYBODY or name.startswith("wsgi.")}
    query = "" if isinstance(key, str) else key[1]
    return same | {"REQUEST_METHOD": "GET", "QUERY_STRING": query, ASKED: environ.get("QUERY_STRING", "")}
