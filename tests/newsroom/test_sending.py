"""Finished pages leave gunicorn in one go, in the words that gunicorn itself would have sent."""

from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidHeader, InvalidHeaderName

from newsroom import sending
from newsroom.shelf import Lines
from tests.newsroom.test_settings import start

PAGE = [("Content-Type", "text/html; charset=utf-8"), ("ETag", 'W/"1"'), ("Content-Length", "5"), ("X", "é ")]


class Line:
    """Remembers each thing that is sent over it."""

    def __init__(self):
        self.sent = []

    def sendall(self, data):
        self.sent.append(bytes(data))


def sent(kind, headers, *body, status="200 OK", method="GET", closing=False) -> list[bytes]:
    """What went over the line, piece by piece, and at last what an access log would say of it."""
    line = Line()
    request = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: closing)
    answer = kind(request, line, Config())
    answer.start_response(status, headers)
    for part in body:
        answer.write(part)
    answer.close()
    return [*line.sent, f"{answer.status} {answer.sent} {answer.should_close()}".encode()]


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    sending._first.cache_clear()
    monkeypatch.setattr("gunicorn.util.http_date", lambda: "Sun, 29 Nov 2026 12:00:00 GMT")


@pytest.mark.parametrize(
    "told",
    [
        {"body": [b"hello"]},
        {"body": [b"he", b"llo"]},
        {"body": [b"hello"], "method": "HEAD"},
        {"body": [], "method": "HEAD"},
        {"body": [], "status": "304 Not Modified", "headers": PAGE[:2]},
        {"body": [b"hello"], "status": "410 Gone"},
        {"body": [b"hello"], "closing": True},
        {"body": [b"hello and more"]},
        {"body": [b"hello"], "headers": [*PAGE, ("Connection", "close"), ("Transfer-Encoding", "chunked")]},
    ],
    ids=str,
)
def test_a_finished_page_is_sent_as_gunicorn_would(told):
    headers, body = told.pop("headers", PAGE), told.pop("body")
    assert b"".join(sent(sending.Answer, Lines(headers), *body, **told)) == b"".join(
        sent(wsgi.Response, headers, *body, **told)
    )


def test_its_lines_and_its_body_leave_together():
    assert len(sent(sending.Answer, Lines(PAGE), b"hello")) == 1 + 1
    assert len(sent(sending.Answer, PAGE, b"hello")) == 2 + 1


def test_a_long_body_is_not_copied():
    body = bytes(sending.TOGETHER + 1)
    headers = [("Content-Length", str(len(body)))]
    assert sent(sending.Answer, Lines(headers), body)[1] == body


def test_each_second_has_its_date(monkeypatch):
    at = iter((100.1, 100.9, 101.0))
    dates = iter(("the first", "the second"))
    monkeypatch.setattr(sending, "time", SimpleNamespace(time=lambda: next(at)))
    monkeypatch.setattr("gunicorn.util.http_date", lambda: next(dates))
    said = [sent(sending.Answer, Lines(PAGE), b"hello")[0].split(b"\r\n")[2] for _time in range(3)]
    assert said == [b"Date: the first", b"Date: the first", b"Date: the second"]


@pytest.mark.parametrize("line", [("X", "a\r\nSet-Cookie: b"), ("X\r\nY", "a"), ("X", "a\0")])
def test_a_line_that_would_become_two_is_refused_each_time(line):
    for _time in range(2):
        with pytest.raises((InvalidHeader, InvalidHeaderName)):
            sent(sending.Answer, Lines([*PAGE, line]), b"hello")


def test_what_is_no_finished_page_is_not_remembered():
    sending._written.cache_clear()
    sent(sending.Answer, [*PAGE, ("Set-Cookie", "session=1")], b"hello")
    assert sending._written.cache_info().currsize == 0


def test_gunicorns_workers_send_so():
    look = """
import runpy
from gunicorn.http import wsgi
runpy.run_path("gunicorn.conf.py")["post_worker_init"](None)
print(wsgi.Response)
"""
    assert "newsroom.sending.Answer" in start("-c", look).stdout
