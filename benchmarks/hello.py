"""The least that gunicorn can serve, for benchmarks.cold_start to stand beside."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"hello\n"]
