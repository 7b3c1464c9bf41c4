"""What a log line says, and what it never says."""

import json
import logging

import pytest
from django.test import RequestFactory

from newsroom import logs, requests

TOKEN = "3f2b6a0e1c9d4f5a8b7c6d5e4f3a2b1c.vly-Sh60z7u9TZIp0Rrp_5l6G0iVAPhEZ1TsywQgpmI"


@pytest.fixture(params=[True, False], ids=["json", "words"])
def line_of(request):
    """The line that is written of a record, as JSON or in words."""
    said = logs.configuration(level="INFO", structured=request.param)
    made = dict(said["formatters"]["json" if request.param else "words"])
    form = getattr(logs, made.pop("()").rpartition(".")[2])
    formatter = form(**made)

    def write(record: logging.LogRecord) -> str:
        assert logs.WithRequest().filter(record)
        return formatter.format(record)

    return write


def test_no_line_tells_what_opens_a_preview(line_of):
    path = f"/preview/{TOKEN}/"
    try:
        raise ValueError(path)
    except ValueError as fault:
        trace = (type(fault), fault, fault.__traceback__)
    line = line_of(
        logging.makeLogRecord({"msg": "%s: %s", "args": ("Gone", path), "exc_info": trace, "path": path, "name": "x"})
    )
    assert "Gone: /preview/…/" in line
    assert TOKEN not in line


def test_no_line_tells_what_opens_an_account(line_of):
    token = "d9x2ab-0123456789abcdef0123456789abcdef"
    line = line_of(logging.makeLogRecord({"msg": "Gone: %s", "args": (f"/desk/welcome/MQ/{token}/",), "name": "x"}))
    assert "Gone: /desk/welcome/MQ/…/" in line
    assert token not in line


def test_no_line_tells_what_a_reader_searched_for(line_of):
    request = RequestFactory().get("/search/?q=surrender")
    line = line_of(logging.makeLogRecord({"msg": "Not Found: /search/", "args": (), "request": request, "name": "x"}))
    assert "surrender" not in line


def test_other_lines_stay_as_they_are(line_of):
    line = line_of(logging.makeLogRecord({"msg": "The public file %s is gone.", "args": ("ab/cd.jpg",), "name": "x"}))
    assert "The public file ab/cd.jpg is gone." in line


def test_a_line_written_while_a_request_is_answered_says_which(line_of):
    record = logging.makeLogRecord({"msg": "Something is odd.", "args": (), "name": "x"})
    with requests.answering({}) as asked:
        line = line_of(record)
    assert asked.number in line


def test_a_json_line_is_one_object_on_one_line():
    formatter = logs.Json(fmt="%(message)s")
    assert json.loads(formatter.format(logging.makeLogRecord({"msg": "Two\nlines", "args": ()})))["message"] == (
        "Two\nlines"
    )
