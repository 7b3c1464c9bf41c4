"""Finished pages: whole answers as they go out, and the place where one process keeps them, up to so many bytes."""

import gzip
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

import brotli

Headers = list[tuple[str, str]]


class Lines(Headers):
    """The headers of a finished page: the same words for everybody, so whoever sends them may remember how."""

    written: bytes | None = None  # by newsroom.sending, as they go out


Key = str | tuple[str, str]  # a path; or a path and a query, which a path cannot be mistaken for

AnyKey = TypeVar("AnyKey", bound=Hashable)
Thing = TypeVar("Thing", "Finished", "Fact")

SMALLEST = 200  # bytes; what is smaller is not worth compressing
_NOT_TEXT = ("image/", "font/", "video/", "audio/")
_SHRUNK = frozenset({"image/svg+xml"})
_UNPACKED = {"br": brotli.decompress, "gzip": gzip.decompress}


@dataclass(slots=True, eq=False)
class Finished:
    """A whole answer. Once somebody has asked for it compressed it is kept so, and no longer as it was made."""

    status: str
    headers: Headers
    body: bytes
    etag: str
    names: frozenset[str] = frozenset()
    # Seconds since 1970: when it is to be made anew, and until when it may stand where that cannot be.
    fresh_until: float = 0.0
    until: float = 0.0
    answers: dict[str, tuple[Headers, bytes]] = field(default_factory=dict)
    # What is said, by encoding, to who has it already.
    known: dict[str, Lines] = field(default_factory=dict)
    length: int = -1  # bytes, as it was made
    is_text: bool = field(init=False)  # so compressing it is worth the while

    def __post_init__(self) -> None:
        if self.length < 0:
            self.length = len(self.body)
        kind = next((value for name, value in self.headers if name == "Content-Type"), "").partition(";")[0]
        self.is_text = self.length >= SMALLEST and (kind in _SHRUNK or not kind.startswith(_NOT_TEXT))

    @property
    def size(self) -> int:
        """Bytes of memory, roughly: the words themselves, and a little for each line and name."""
        answers = list(self.answers.values())  # another thread may add one meanwhile
        lines = sum(200 + len(value) for _name, value in self.headers) * (1 + len(answers))
        bodies = len(self.body) + sum(len(body) for _headers, body in answers)
        return 1000 + bodies + lines + 100 * len(self.names) + 1000 * len(self.known)

    def whole(self) -> bytes:
        """The body as it was made."""
        body = self.body
        for encoding, unpack in _UNPACKED.items():
            if not body and encoding in self.answers:
                body = unpack(self.answers[encoding][1])
        return body

    def answer(self, encoding: str) -> tuple[Headers, bytes]:
        """Headers and body in that encoding; made when first asked for."""
        found = self.answers.get(encoding)
        if found is not None:
            return found
        whole = self.whole()
        packed = _compressed(whole, encoding) if encoding else whole
        if len(packed) < len(whole):
            return self.compressed(encoding, packed)
        found = self._told("", whole)
        if self.body:
            self.answers[encoding] = found
        return found

    def compressed(self, encoding: str, body: bytes) -> tuple[Headers, bytes]:
        """Keep it so from now on."""
        found = self.answers[encoding] = self._told(encoding, body)
        self.body = b""
        self.answers.pop("", None)
        return found

    def is_known(self, tags: str) -> bool:
        """Whether who asks has it already, by its If-None-Match (RFC 9110, 13.1.2)."""
        return bool(tags and self.etag) and (self.etag in tags or tags.strip() == "*")

    def signed(self, encoding: str) -> Headers:
        """The headers of a 304 to who would get it in that encoding (RFC 9110, 15.4.5); nothing is packed for that."""
        return [*(line for line in self.headers if line[0] == "Cache-Control"), *self._signature(encoding)]

    def _told(self, encoding: str, body: bytes) -> tuple[Headers, bytes]:
        packed = [("Content-Encoding", encoding)] if encoding else []
        length = ("Content-Length", str(len(body)))
        return [*self.headers, *self._signature(encoding), *packed, length], body

    def _signature(self, encoding: str) -> Headers:
        told = [("ETag", f'W/"{self.etag}"' if encoding else f'"{self.etag}"')] if self.etag else []
        return [*told, ("Vary", "Accept-Encoding")] if self.is_text else told


@dataclass(slots=True, eq=False)
class Fact:
    """What many pages show, such as the newest stories of a section: read once for all of them."""

    value: Any
    names: frozenset[str]
    size: int  # bytes of memory, roughly


def _compressed(body: bytes, encoding: str) -> bytes:
    return brotli.compress(body, quality=5) if encoding == "br" else gzip.compress(body, 6, mtime=0)


@lru_cache(maxsize=256)
def chosen(accepted: str) -> str:
    """The best encoding among those that a reader accepts, by its Accept-Encoding (RFC 9110, 12.5.3); "" for none."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, parameters = part.strip().partition(";")
        weights[name.strip()] = parameters.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    others = weights.get("*", False)
    return next((name for name in ("br", "gzip") if weights.get(name, others)), "")


# --- All pages of one process ----------------------------------------------------------------------------------------


class Shelf:
    """The pages that one process keeps, up to so many bytes; those asked for longest ago go first.

    Pages with a query, of which there is no end, have a tenth of it for themselves, and facts a fifth.
    """

    def __init__(self, capacity: int) -> None:
        self.paths: _Part[Key, Finished] = _Part(capacity * 7 // 10)
        self.questions: _Part[Key, Finished] = _Part(capacity // 10)
        self.facts: _Part[Hashable, Fact] = _Part(capacity // 5)

    def part(self, key: Key) -> "_Part[Key, Finished]":
        return self.paths if isinstance(key, str) else self.questions

    def get(self, key: Key) -> Finished | None:
        return self.part(key).get(key)

    def put(self, key: Key, page: Finished) -> None:
        self.part(key).put(key, page)

    def drop(self, names: Iterable[str]) -> None:
        for part in (self.paths, self.questions, self.facts):
            part.drop(names)

    def grown(self, key: Key) -> None:
        """The page of ``key`` was compressed once more."""
        self.part(key).grown(key)

    def clear(self) -> None:
        for part in (self.paths, self.questions, self.facts):
            part.clear()

    @property
    def size(self) -> int:
        return self.paths.size + self.questions.size + self.facts.size

    def __len__(self) -> int:
        return len(self.paths.kept) + len(self.questions.kept)


class _Part(Generic[AnyKey, Thing]):
    """Things that stand on what their ``names`` say."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.kept: OrderedDict[AnyKey, Thing] = OrderedDict()
        self.sizes: dict[AnyKey, int] = {}
        self.standing: dict[str, set[AnyKey]] = {}  # by the name of what they stand on
        self.size = 0

    def get(self, key: AnyKey) -> Thing | None:
        thing = self.kept.get(key)
        if thing:
            self.kept.move_to_end(key)
        return thing

    def put(self, key: AnyKey, thing: Thing) -> None:
        self.remove(key)
        if thing.size > self.capacity // 8:
            return
        self.kept[key] = thing
        self.sizes[key] = thing.size
        self.size += thing.size
        for name in thing.names:
            self.standing.setdefault(name, set()).add(key)
        self._make_room()

    def grown(self, key: AnyKey) -> None:
        thing = self.kept.get(key)
        if thing:
            self.size += thing.size - self.sizes[key]
            self.sizes[key] = thing.size
            self._make_room()

    def drop(self, names: Iterable[str]) -> None:
        for name in names:
            for key in list(self.standing.get(name, ())):
                self.remove(key)

    def remove(self, key: AnyKey) -> None:
        thing = self.kept.pop(key, None)
        if thing is None:
            return
        self.size -= self.sizes.pop(key)
        for name in thing.names:
            keys = self.standing[name]
            keys.discard(key)
            if not keys:
                del self.standing[name]

    def clear(self) -> None:
        self.kept.clear()
        self.sizes.clear()
        self.standing.clear()
        self.size = 0

    def _make_room(self) -> None:
        while self.size > self.capacity:
            self.remove(next(iter(self.kept)))
