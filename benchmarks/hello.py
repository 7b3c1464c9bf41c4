"""The least that a WSGI server can do: as many bytes as it is told, from memory."""

import os

_body = b"h" * int(os.environ.get("HELLO_BYTES", "12"))
_headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(_body)))]


def application(environ, start_response):
    start_response("200 OK", _headers)
    return [_body]
