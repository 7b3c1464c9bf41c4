"""Measures finished pages at real gunicorn beside a hello-world of the same server, worker kind and bytes.

    .venv/bin/python -m benchmarks.pages sqlite:////tmp/newsroom-1k.sqlite3 --requests 3000

One connection, one worker, the same request to both. For each page: requests a second and the worker's CPU for each, as
ratios to hello's in the same run; the two take turns, so that whatever else the machine does meets both. Two processes
of the same code differ by a tenth, by where their memory came to lie; so both servers are started anew several times,
and the middle of all turns is told.
"""

import argparse
import os
import socket
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from . import house, readers, server

TURNS = 10
STARTS = 5  # of both servers


class Line:
    """One connection that is kept open, read as plainly as can be; it asks for the site at the port ``host``."""

    def __init__(self, port: int, host: int = 0) -> None:
        self.port, self.host = port, host or port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))

    def ask(self, path: str, *lines: str) -> tuple[int, int]:
        """Status and bytes of the answer's body; ``head`` and ``body`` are what was read."""
        try:
            self.send(path, *lines)
            return self.receive()
        except ConnectionError:  # gunicorn has closed what lay idle (RFC 9110, 9.2.2: what only reads is asked again)
            self._open()
            self.send(path, *lines)
            return self.receive()

    def send(self, path: str, *lines: str) -> None:
        own = "".join(f"{line}\r\n" for line in lines)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.host}\r\n{own}\r\n".encode())

    def receive(self) -> tuple[int, int]:
        """What ``ask`` returns, of what was sent."""
        self.head, _blank, self.body = self._until(b"\r\n\r\n")
        length = int(self.header(b"Content-Length") or 0)
        in_chunks = self.header(b"Transfer-Encoding") == "chunked"  # as a cache passes on what it is fetching
        while len(self.body) < length or (in_chunks and not self.body.endswith(b"\r\n0\r\n\r\n")):
            self.body += self._more()
        return int(self.head[9:12]), len(self.body)

    def header(self, name: bytes) -> str:
        _before, found, after = self.head.partition(b"\r\n" + name + b": ")
        return after.partition(b"\r\n")[0].decode() if found else ""

    def _until(self, mark: bytes) -> tuple[bytes, bytes, bytes]:
        read = b""
        while mark not in read:
            read += self._more()
        return read.partition(mark)

    def _more(self) -> bytes:
        got = self.socket.recv(1 << 16)
        if not got:
            raise ConnectionResetError("The server hung up.")
        return got


@contextmanager
def hello(size: int) -> Iterator[tuple[int, int]]:
    """gunicorn with an application that says ``size`` bytes; its port and its worker's process."""
    with server.serving("benchmarks.hello:application", HELLO_BYTES=str(size)) as (port, master):
        yield port, server.worker_of(master)


def run(port: int, process: int, path: str, requests: int, *lines: str) -> tuple[float, float]:
    """(requests a second, milliseconds of the worker's CPU for each), over a connection of its own."""
    line = Line(port)
    line.ask(path, *lines)
    begun, had = time.perf_counter(), server.processor_seconds(process)
    for _request in range(requests):
        line.ask(path, *lines)
    return requests / (time.perf_counter() - begun), (server.processor_seconds(process) - had) * 1000 / requests


class Compared(NamedTuple):
    """One turn of a page: rate and CPU as ratios to hello's of as many bytes; those bytes; hello's ms of CPU."""

    rate: float
    cost: float
    size: int
    ground: float


def compare(port: int, process: int, path: str, requests: int, *lines: str) -> list[Compared]:
    """TURNS turns of a page, with ``requests`` for all STARTS together."""
    status, size = Line(port).ask(path, *lines)
    if status not in (200, 304):
        raise SystemExit(f"{path} answers {status}.")
    turns = []
    with hello(size) as (hello_port, hello_process):
        for _turn in range(TURNS):
            rate, cost = run(port, process, path, requests // TURNS // STARTS, *lines)
            hello_rate, hello_cost = run(hello_port, hello_process, "/", requests // TURNS // STARTS, *lines)
            turns.append(Compared(rate / hello_rate, cost / hello_cost, size, hello_cost))
    return turns


def measure(requests: int) -> None:
    wanted = ("a story", "home", "a section", "a topic", "an author of many", "a month", "feed", "sitemap")
    paths = readers.pages()
    os.environ["WEB_CONCURRENCY"] = "1"
    server.collect()
    compared: dict[str, list[Compared]] = defaultdict(list)
    for _start in range(STARTS):
        with server.serving() as (port, master):
            process = server.worker_of(master)
            for name in wanted:
                compared[name] += compare(port, process, paths[name], requests, "Accept-Encoding: br")
            known = Line(port)
            known.ask(paths["a story"])
            condition = f"If-None-Match: {known.header(b'ETag')}"
            again = compare(port, process, paths["a story"], requests, "Accept-Encoding: br", condition)
            compared["a story, known (304)"] += again
    sys.stdout.write(f"{'':28}  bytes  rate of hello's  CPU of hello's  hello's CPU, ms\n")
    for name, turns in compared.items():
        rate, cost, size, ground = map(statistics.median, zip(*turns, strict=True))
        sys.stdout.write(f"{name:28}{size:7.0f}{rate:17.2f}{cost:16.2f}{ground:17.3f}\n")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--requests", type=int, default=5000, help="for each page, and as many for hello")
    asked = words.parse_args()
    house.enter(asked.database)
    measure(asked.requests)


if __name__ == "__main__":
    main()
