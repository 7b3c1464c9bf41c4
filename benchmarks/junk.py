"""Generated junk: requests to every address of the URL table, with whatever a machine or a person may send by mistake
or malice. The same ones for the same seed.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import quote, quote_plus, unquote_to_bytes

METHODS = ("GET",) * 9 + ("POST",) * 8 + ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW", "get")
NUMBERS = ("1", "2", "3", "7", "0", "-1", "007", "2026", "2147483648", "9223372036854775807", "9223372036854775808",
           "9" * 40, "1e9", "٣", "0x1", "NaN")  # fmt: skip
WORDS = (
    *("base", "middle-east", "news-desk", "iraq", "submit", "publish", "story", "first", "true", "on", "2020-03-29"),
    *("", " ", ".", "..", "../../etc/passwd", "%", "%%", "%s", "{}", "{{ 7|add:7 }}", "'", '"', "''", "\\", "\0"),
    *("' OR 1=1 --", '"; DROP TABLE articles_event; --', "<script>alert(1)</script>", "]]>", "&amp;", "javascript:x"),
    *("é", "هورمز", "‮", "\ufeff", "\ud800", "\U0001f600", "a\r\nSet-Cookie: x=1", "\x7f", "x" * 300, "(" * 200),
    *('"' * 50, "NEAR(a b)", "title:*", "a* AND", "-", "+a", "a" * 2000, "2020-02-30", "99999-01-01", "0000-00-00"),
    *("25:61", "-inf", "1" * 400, "2026-11-29T12:00:00Z-1", "9999-12-31T23:59:59Z-9", "null", "[]", "[object Object]"),
)
BYTES = (
    b"%ff%fe",
    b"%00",
    b"%c0%af",
    b"%2e%2e%2f",
    b"%E0%80%80",
    b"%zz",
    b"//",
    b"/./",
    b";x=1",
    b"%0d%0a",
    b"\xff\xe9",
)
QUERIES = ("q", "before", "section", "topic", "author", "kind", "from", "until", "sort", "page", "p", "o", "e", "all",
           "uid", "state", "_popup", "_to_field", "next", "address", "at", "day", "clock", "app_label", "model_name",
           "field_name", "term", "version", "a", "b", "with", "id", "ids", "pk__in", "x__y", "password__startswith",
           "is_facets", "_changelist_filters", "fd")  # fmt: skip
DOORS = ("seen", "changed", "tab", "sender", "uid", "aside", "over", "typed", "whole", "choices", "headline", "body",
         "tags", "bylines", "cover", "key", "size", "at", "name", "caption", "credit", "slug", "words", "picture",
         "focal_x", "own_crops", "related", "to", "zone", "place", "step", "article", "layout")  # fmt: skip
HEADERS = ("Accept", "Accept-Encoding", "Accept-Language", "Cookie", "If-None-Match", "If-Modified-Since", "Range",
           "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Origin", "Referer", "User-Agent", "X-Account",
           "X-CSRFToken", "X-Requested-With", "Content-Encoding", "Expect", "Forwarded", "X-HTTP-Method-Override",
           "Content-Disposition", "If-Range", "Upgrade", "Date", "X-Original-URL", "Sec-Fetch-Site")  # fmt: skip
VALUES = ("*/*", "application/json", "gzip;q=x", "br;q=0, *;q=9e999", "bytes=0-", "bytes=-1-99999999999", 'W/"x"',
         "*",
          "xx-klingon-" * 20, "session=; csrf=" + "x" * 40, "=;=;;", "Thu, 99 Foo 0000", "null",
         "1.2.3.4, ::1, x")  # fmt: skip
KINDS = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=edge",
         "multipart/form-data", "text/plain; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-7",
         "", "image/jpeg", "multipart/form-data; boundary=" + "x" * 300)  # fmt: skip


@dataclass
class Request:
    """What is sent, as bytes where it matters."""

    method: str
    target: bytes
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def raw(self, host: str) -> bytes:
        """As it goes over the wire."""
        headers = {"Host": host, "Connection": "close", "Content-Length": str(len(self.body))} | self.headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} ".encode() + self.target + b" HTTP/1.1\r\n" + lines.encode() + b"\r\n" + self.body

    def environ(self) -> dict[str, str]:
        """As a WSGI server hands it on; without the input."""
        path, _mark, query = self.target.partition(b"?")
        told = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.decode("latin-1"),
            "CONTENT_LENGTH": str(len(self.body)),
        }
        for name, value in self.headers.items():
            key = name.upper().replace("-", "_")
            told[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value.encode().decode("latin-1")
        return told


def routes(found: Sequence, before: str = "") -> Iterator[str]:
    """Every address of the URL table, with its gaps: “archive/<int:year>/”."""
    for pattern in found:
        route = before + str(pattern.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


class Junk:
    """Makes requests to ``addresses``; ``fields`` are names that forms know."""

    def __init__(self, random: Random, addresses: Sequence[str], fields: Sequence[str] = ()):
        self.random, self.addresses = random, list(addresses)
        self.fields = [*DOORS, *fields]

    def request(self, *, cookie: str = "", token: str = "", origin: str = "") -> Request:
        """The next one; with ``cookie`` from somebody who is logged in and, mostly, with the right token."""
        chance = self.random
        asked = Request(chance.choice(METHODS), self._target())
        for _header in range(chance.choice((0, 0, 1, 2, 4))):
            asked.headers[chance.choice(HEADERS)] = chance.choice((*VALUES, *WORDS)).translate(_IN_A_HEADER)
        if cookie and chance.random() < 0.97:
            asked.headers["Cookie"] = cookie
        if cookie and chance.random() < 0.9:
            asked.headers |= {"X-CSRFToken": token, "Origin": origin}
        if asked.method not in {"GET", "HEAD"} or chance.random() < 0.03:
            asked.headers["Content-Type"], asked.body = self._body()
        asked.headers = {name: value.encode(errors="replace").decode() for name, value in asked.headers.items()}
        return asked

    def _target(self) -> bytes:
        chance = self.random
        route = chance.choice(self.addresses)
        path = re.sub(r"<(?:(\w+):)?\w+>|\(\?P<\w+>[^)]*\)\)?", lambda gap: self._gap(gap[1] or "str"), route)
        target = b"/" + path.replace("\\.", ".").encode(errors="replace")
        if chance.random() < 0.08:
            at = chance.randrange(len(target) + 1)
            target = target[:at] + chance.choice(BYTES) + target[at:]
        if chance.random() < 0.5:
            target += b"?" + self._pairs([*QUERIES, *self.fields[:80]], chance.choice((1, 2, 3, 6)))
        # A space or a line break would end the request's first line, and the rest be another mistake.
        return re.sub(rb"[\x00-\x20]", b"+", target.replace(b"#", b"%23"))[:4000] or b"/"

    def _gap(self, kind: str) -> str:
        chance = self.random
        if kind == "int":
            return chance.choice(NUMBERS) if chance.random() < 0.3 else str(chance.randint(1, 12))
        if kind == "uuid" and chance.random() < 0.8:
            return f"{chance.getrandbits(128):032x}"[:8] + "-0000-4000-8000-" + f"{chance.getrandbits(48):012x}"
        if chance.random() < 0.5:
            return str(chance.randint(1, 12)) if kind == "path" else chance.choice(WORDS[:9])
        return quote(chance.choice(WORDS).encode(errors="replace"), safe="")

    def _pairs(self, names: Sequence[str], count: int) -> bytes:
        chance = self.random
        pairs = [f"{chance.choice(names)}={quote_plus(self._word().encode(errors='replace'))}" for _ in range(count)]
        return "&".join(pairs).encode() + (chance.choice(BYTES) if chance.random() < 0.1 else b"")

    def _word(self) -> str:
        return self.random.choice(NUMBERS if self.random.random() < 0.4 else WORDS)

    def _body(self) -> tuple[str, bytes]:
        chance = self.random
        kind = chance.choice((*KINDS[:3] * 4, *KINDS))
        if kind.startswith("application/json"):
            return kind, self._json()
        if kind.startswith("multipart"):
            return kind, self._multipart()
        if "urlencoded" in kind:
            return kind, self._pairs(self.fields, chance.choice((0, 1, 5, 20)))
        return kind, chance.randbytes(chance.choice((0, 1, 300)))

    def _json(self) -> bytes:
        chance = self.random
        match chance.randrange(10):
            case 0:
                return b"[" * 100_000
            case 1:
                return b'{"a":' * 500 + b"1" + b"}" * 500
            case 2:
                return chance.choice(
                    (b"", b"null", b"[]", b"\xff", b'"x"', b"1e999", b'{"seen": NaN}', b"{" + b" " * 9999)
                )
        names = chance.sample(self.fields, min(len(self.fields), chance.choice((1, 4, 12))))
        return json.dumps({name: self._value(2) for name in names}).encode(errors="replace")

    def _value(self, deep: int):
        chance = self.random
        match chance.randrange(8):
            case 0:
                return chance.choice((None, True, False, 0, -1, 1, 2**63, 10**30, 0.5))
            case 1 if deep:
                return [self._value(deep - 1) for _each in range(chance.randrange(4))]
            case 2 | 3 if deep:
                return {chance.choice(self.fields): self._value(deep - 1) for _each in range(chance.randrange(5))}
        return self._word()

    def _multipart(self) -> bytes:
        chance = self.random
        body = b""
        for _part in range(chance.choice((0, 1, 3, 10))):
            name = chance.choice((*self.fields, "file", "files", "piece"))
            file = f'; filename="{chance.choice(WORDS[:12])}.jpg"' if chance.random() < 0.4 else ""
            content = chance.choice(
                (b"", b"\xff\xd8\xff", b"PK\x03\x04junk", chance.randbytes(200), self._word().encode(errors="replace"))
            )
            body += (
                f'--edge\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
            )
        return body + chance.choice((b"--edge--\r\n", b"--edge", b""))


_IN_A_HEADER = dict.fromkeys((*range(32), 127), " ")
