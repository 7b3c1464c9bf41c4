"""Faults are reported to a server that speaks Sentry's language: what went wrong and where, and nothing of anybody."""

import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from tests.newsroom.test_settings import start

SECRETS = (
    "hunter2",
    "surrender",
    "secret-cookie",
    "198.51.100.7",
    "rosa@news.example",
    "Rosa Diaz",
    "Agent 9",
    "only-for-tests",
)

UNPACKED = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}

STUMBLE = """
import newsroom.sqlite, os, sys, json
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
sys.path.insert(0, ".")
from io import BytesIO
from newsroom.wsgi import application
from django.conf import settings
import django.urls, logging
settings.ROOT_URLCONF = "tests.newsroom.places"
body = b"password=hunter2&email=rosa%40news.example"
environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/stumble/", "QUERY_STRING": "q=surrender",
           "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "HTTP_HOST": "127.0.0.1:8000",
           "wsgi.url_scheme": "http", "wsgi.input": BytesIO(body),
           "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/x-www-form-urlencoded",
           "HTTP_COOKIE": "session=secret-cookie", "REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "Agent 9",
           "wsgi.errors": sys.stderr}
said = []
page = b"".join(application(environ, lambda status, headers, *fault: said.append((status, dict(headers)))))
print(json.dumps([said[0][0], said[0][1]["X-Request-ID"]]))
logging.getLogger("articles.desk.notices").error("A mail to %s could not be sent; it waits.", "Rosa Diaz")
try:
    raise ValueError("the story about Rosa Diaz: hunter2")
except ValueError:
    logging.getLogger("newsroom.clock").exception("The clock's duty %s failed", "surrender")
logging.getLogger("newsroom").warning("hunter2 is no fault")
import sentry_sdk
sentry_sdk.flush(10)
"""


@pytest.fixture
def sink() -> Iterator[tuple[str, list[bytes]]]:
    """A server on this machine: the address to report to, and all that came."""
    came: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            came.append(UNPACKED[self.headers.get("Content-Encoding", "")](sent))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://public-key@127.0.0.1:{server.server_port}/7", came
    server.shutdown()
    server.server_close()


def events(came: list[bytes]) -> list[dict]:
    """An envelope is a head, and for each event a line about it and the event itself."""
    return [json.loads(sent.splitlines()[2]) for sent in came]


def test_a_fault_is_reported_with_its_place_and_number_and_nothing_of_who_met_it(sink):
    address, came = sink
    done = start("-c", STUMBLE, TEST_SETTINGS=json.dumps({"SENTRY_DSN": address, "REQUEST_LOG": "true"}))
    assert done.returncode == 0, done.stderr
    status, number = json.loads(done.stdout)
    told = events(came)

    assert status.startswith("500")
    assert [event.get("logentry", {}).get("message") for event in told] == [
        "%s: %s",
        "A mail to %s could not be sent; it waits.",
        "The clock's duty %s failed",
    ]
    fault = told[0]["exception"]["values"][-1]
    assert (fault["type"], fault["stacktrace"]["frames"][-1]["function"]) == ("ZeroDivisionError", "stumble")
    assert set().union(*fault["stacktrace"]["frames"]) == {"filename", "module", "function", "lineno", "in_app"}
    assert told[0]["tags"] == {"request": number}
    assert told[0]["release"].startswith("newsroom@")
    everything = b"".join(came).decode()
    assert [secret for secret in SECRETS if secret in everything] == []
    assert "only-for-tests" not in everything  # the secret key
    assert not {"request", "user", "extra", "breadcrumbs", "modules", "contexts"} & set(told[0])


def test_nothing_is_loaded_or_reported_without_an_address():
    look = "import sys, newsroom.wsgi; print({'sentry_sdk', 'prometheus_client'} & set(sys.modules))"
    assert start("-c", look).stdout == "set()\n"


def test_a_server_that_does_not_answer_costs_no_answer():
    done = start("-c", STUMBLE, TEST_SETTINGS=json.dumps({"SENTRY_DSN": "http://public-key@127.0.0.1:9/7"}))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0].startswith("500")
