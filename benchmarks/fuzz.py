"""Sends junk to every address of the house, as a reader and as each role, through real gunicorn.

    .venv/bin/python -m benchmarks.fuzz --requests 10000

Half of it as readers send it, the rest logged in as each role in turn, over a site of some stories. Prints the answers
by status, the slowest, and each answer of 5xx with its request; ends with 1 where there is one, or where an answer took
longer than LONGEST.
"""

import argparse
import re
import shutil
import socket
import sys
import tempfile
import time
from collections import Counter
from random import Random

from . import house, server, stories
from .junk import Junk, Request, routes

LONGEST = 2.0  # seconds
AGAIN = 100  # requests after which somebody logs in again: junk may have logged them out, or taken their role
STORIES = 60


def people() -> dict[str, object]:
    """One account for each role."""
    from django.contrib.auth.models import Group

    from articles.models import User

    for group in Group.objects.all():
        name = f"fuzz-{group.name.lower().replace(' ', '-')}"
        user = User.objects.get_or_create(username=name, defaults={"is_staff": True})[0]
        User.objects.filter(pk=user.pk).update(is_staff=True, is_active=True)
        user.groups.set([group])
    return {user.username: user for user in User.objects.filter(username__startswith="fuzz-")}


def addresses() -> tuple[list[str], list[str]]:
    """Those of readers, and those of the newsroom and its previews."""
    from django.conf import settings
    from django.urls import get_resolver

    every = sorted(set(routes(get_resolver().url_patterns)))
    inside = [route for route in every if route.startswith((settings.ADMIN_PATH, "preview/"))]
    return [route for route in every if route not in inside], inside


def fields(port: int, cookie: str, inside: list[str]) -> list[str]:
    """The names in the forms of the newsroom, as an editor is shown them."""
    browser, names = server.Browser(port, cookie), set()
    for route in inside * 2:
        browser.connection.close()  # the next one may meet another worker: each is to be warm afterwards
        path = re.sub(r"<[^>]*>", "1", f"/{route}")
        if "(" not in path and "logout" not in path:
            names |= set(re.findall(rb'name="([\w-]+)"', browser.asks("GET", path, {})[1]))
    return sorted(name.decode() for name in names)


def send(port: int, asked: Request) -> tuple[int, float]:
    """The status of the answer, 0 where the connection was closed without one, and the seconds it took."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        try:
            line.sendall(asked.raw(f"127.0.0.1:{port}"))
            answer = b""
            while piece := line.recv(65536):
                answer = answer or piece
        except ConnectionError:
            answer = answer if "answer" in locals() else b""
    took = time.monotonic() - begun
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0, took


def run(port: int, count: int, seed: int) -> int:
    outside, inside = addresses()
    everybody = people()
    names = fields(port, server.session_of(everybody["fuzz-editor"]), inside)
    readers = Junk(Random(seed), outside, names)
    journalists = Junk(Random(seed + 1), inside, names)
    statuses: Counter[int] = Counter()
    slowest: list[tuple[float, str]] = []
    faults, browser = 0, None
    order = sorted(everybody)
    for number in range(count):
        if number % 2:
            if number % AGAIN == 1 or browser is None:
                everybody = people()
                user = everybody[order[number // AGAIN % len(order)]]
                browser = server.Browser(port, server.session_of(user))
                browser.connection.close()
            who = user.username
            origin = f"http://127.0.0.1:{port}"
            asked = journalists.request(cookie=browser.cookie, token=browser.token, origin=origin)
        else:
            who, asked = "reader", readers.request()
        status, took = send(port, asked)
        statuses[status] += 1
        told = f"{took:6.2f} s  {status}  {who}: {asked.method} {asked.target[:150].decode('latin-1')}"
        slowest = sorted([*slowest, (took, told)], reverse=True)[:5]
        if number % 500 == 0:
            sys.stderr.write(f"\r{number} of {count} requests ")
        if status >= 500 or took > LONGEST:
            faults += 1
            sys.stdout.write(f"{told} {asked.headers} {asked.body[:400]!r}\n")
            sys.stdout.flush()
    sys.stdout.write("".join(f"{status or 'closed'}: {n}\n" for status, n in sorted(statuses.items())))
    sys.stdout.write("slowest:\n" + "".join(f"{told}\n" for _took, told in slowest))
    sys.stdout.write(f"{count} requests to {len(outside)} and {len(inside)} addresses: {faults} faults\n")
    return faults


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--requests", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=8)
    asked = words.parse_args()
    scratch = tempfile.mkdtemp(prefix="newsroom-fuzz-")
    house.enter(f"sqlite:///{scratch}/fuzz.sqlite3")
    server.collect()
    stories.fill(STORIES, seed=asked.seed)
    try:
        with server.serving(LOG_LEVEL="ERROR") as (port, _master):
            found = run(port, asked.requests, asked.seed)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
