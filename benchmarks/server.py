"""Runs the real server for a measurement: gunicorn on loopback, over a scratch database, with somebody logged in."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

SOON = 60  # seconds in which gunicorn begins to answer


@dataclass
class Browser:
    """One logged-in connection that stays open, as a browser's would."""

    port: int
    cookie: str
    token: str = ""
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self):
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        said = json.loads(self.asks("GET", "/admin/token/", {"Accept": "application/json"})[1])
        self.token = said["token"]

    def asks(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body of the answer; a cookie that is set is kept."""
        self.connection.request(method, path, body, headers | {"Cookie": self.cookie})
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            if cookie.startswith("csrf="):
                self.cookie = f"{self.cookie.split('; csrf=')[0]}; {cookie.split(';')[0]}"
        return answer.status, answer.read()

    def posts(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer to a form."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://127.0.0.1:{self.port}/admin/",
        }
        sent = urlencode(form | {"csrfmiddlewaretoken": self.token})
        return self.asks("POST", path, headers, sent.encode())

    def sends(self, path: str, words: dict) -> dict:
        """The JSON answer to JSON; anything but 200 stops the measurement."""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-CSRFToken": self.token,
            "Referer": f"http://127.0.0.1:{self.port}/admin/",
        }
        status, answer = self.asks("POST", path, headers, json.dumps(words).encode())
        if status != 200:
            raise SystemExit(f"{path} answered {status}: {answer[:300]!r}")
        return json.loads(answer)


_LEFT_OUT = frozenset({"submit", "file", "checkbox", "radio"})  # what a browser sends only when it was chosen


class _Form(HTMLParser):
    """What a browser would send from the form that has a field ``name``, as it stands."""

    def __init__(self, name: str):
        super().__init__()
        self.name, self.found, self.sent = name, {}, {}
        self._text: str | None = None
        self._select = ""

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        name = told.get("name") or ""
        if tag == "form":
            self.found = {}
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in told:
            self.found[self._select] = told.get("value") or ""
        elif tag == "textarea":
            self._text, self.found[name] = name, ""
        elif tag == "input" and name and ("checked" in told or told.get("type") not in _LEFT_OUT):
            self.found[name] = told.get("value") or ""

    def handle_data(self, data):
        if self._text is not None:
            self.found[self._text] += data.removeprefix("\n") if not self.found[self._text] else data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._text = None
        if tag == "form" and self.name in self.found:
            self.sent = self.found


def form_of(page: bytes, *, with_field: str) -> dict[str, str]:
    """The fields of a page's form with their values, as a browser would send them."""
    form = _Form(with_field)
    form.feed(page.decode())
    return form.sent


def session_of(user) -> str:
    """A session in which ``user`` is logged in, as the cookie's name and value."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def serving(application: str = "", **environment: str) -> Iterator[tuple[int, int]]:
    """gunicorn over the database that ``house.enter`` opened, or with another application: its port and its process."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    env = os.environ | {"PORT": str(port), "HOST": "127.0.0.1", "SITE_URL": f"http://127.0.0.1:{port}"} | environment
    process = subprocess.Popen([sys.executable, "-m", "gunicorn", *application.split()], env=env)
    try:
        wait_for(port, process)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def collect() -> None:
    """Collect static files as a release does: pages name them by their hashes."""
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"], check=True)


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Return when something listens at ``port``; stop the measurement where ``process`` has ended."""
    until = time.monotonic() + SOON
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("gunicorn does not answer; its reason stands above.") from None
            time.sleep(0.02)


def children(process: int) -> list[int]:
    """The processes that ``process`` has started and that still run."""
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += [int(child) for child in thread.read_text().split()]
        except FileNotFoundError:
            continue  # it ended meanwhile
    return found


def worker_of(master: int) -> int:
    """gunicorn's only worker."""
    until = time.monotonic() + SOON
    while not (found := children(master)):
        if time.monotonic() > until:
            raise SystemExit("gunicorn has no worker.")
        time.sleep(0.1)
    return found[0]


def processor_seconds(*processes: int) -> float:
    """How long they have worked since they began, by Linux's own clock of each (clock_getcpuclockid of glibc)."""
    return sum(time.clock_gettime(~process << 3 | 2) for process in processes)
