"""How gunicorn's workers send a finished page: its lines are checked and written once, and leave with its body.

Gunicorn looks at each line of each answer anew, writes the date anew, and sends lines and body one after the other. For
fifteen lines that are the same for every reader this took more than all that Newsroom does for the page
(docs/performance.md).
"""

import time
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from gunicorn import util
from gunicorn.http import wsgi

from newsroom.shelf import Headers, Lines

TOGETHER = 1 << 17  # bytes; what is longer is not copied to stand behind its lines


class Answer(wsgi.Response):
    """Gunicorn's own for all but finished pages."""

    written: bytes | None = None

    def process_headers(self, headers: Headers) -> None:
        if not isinstance(headers, Lines):
            super().process_headers(headers)
            return
        if headers.written is None:
            headers.written = b"".join([_written(name, value) for name, value in headers])
        self.headers, self.written = headers, headers.written
        length = dict(headers).get("Content-Length")
        self.response_length = int(length) if length else None

    def send_headers(self) -> None:
        if self.written is None:
            super().send_headers()
        elif not self.headers_sent:
            self._send(self.written)

    def write(self, arg: bytes) -> None:
        is_whole = len(arg) == self.response_length and not self.headers_sent
        if self.written is not None and is_whole and len(arg) <= TOGETHER and not self._omits_body:
            self._send(self.written, arg)
        else:
            super().write(arg)

    def _send(self, lines: bytes, body: bytes = b"") -> None:
        first = _first(self.req.version, self.status, self.should_close(), self.chunked, int(time.time()))
        self.headers_sent, self.sent = True, len(body)
        util.write(self.sock, b"".join((first, lines, b"\r\n", body)))


@lru_cache(maxsize=256)  # most lines are the same for all pages
def _written(name: str, value: str) -> bytes:
    """A line as it is sent, if gunicorn takes it; raises what gunicorn raises."""
    answer: Any = wsgi.Response(None, None, None)
    answer.process_headers([(name, value)])
    return "".join(f"{name}: {value}\r\n" for name, value in answer.headers).encode("latin-1")


@lru_cache(maxsize=64)
def _first(version: tuple[int, int], status: str, closes: bool, chunked: bool, second: int) -> bytes:
    """What gunicorn writes above an answer's own lines: the same for all that leave in one ``second``."""
    answer: Any = wsgi.Response(SimpleNamespace(version=version, should_close=lambda: closes), None, None)
    answer.status, answer.chunked, answer.response_length = status, chunked, 0
    return "".join(answer.default_headers()).encode("latin-1")


def install() -> None:
    """From now on this process answers so. To be called in gunicorn's workers alone."""
    wsgi.Response = Answer
