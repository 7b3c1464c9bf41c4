"""What a log line says, and what it never says."""

import logging

from django.test import RequestFactory

from newsroom.logs import WithoutSecrets

TOKEN = "3f2b6a0e1c9d4f5a8b7c6d5e4f3a2b1c.vly-Sh60z7u9TZIp0Rrp_5l6G0iVAPhEZ1TsywQgpmI"


def test_no_line_tells_what_opens_a_preview():
    path = f"/preview/{TOKEN}/"
    line = logging.makeLogRecord({"msg": "%s: %s", "args": ("Gone", path), "request": RequestFactory().get(path)})

    assert WithoutSecrets().filter(line)
    assert line.getMessage() == "Gone: /preview/…/"
    assert "/preview/…/" in line.request
    assert TOKEN not in line.request


def test_other_lines_stay_as_they_are():
    line = logging.makeLogRecord({"msg": "The public file %s is gone.", "args": ("ab/cd.jpg",)})

    assert WithoutSecrets().filter(line)
    assert line.getMessage() == "The public file ab/cd.jpg is gone."
