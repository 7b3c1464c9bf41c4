"""Slow readers at a bare gunicorn: as long as threads are left, everybody else is served; then they wait, no longer.

docs/operators.md says why a proxy that buffers stands in front of it.
"""

import os
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.journeys.conftest import PROJECT, _environment, free_port, wait_for

THREADS = 4


@pytest.fixture
def bare(tmp_path):
    """The port of a real gunicorn with one worker of four threads; it is asked for nothing but its health."""
    port = free_port()
    env = _environment(tmp_path, port) | {"WEB_CONCURRENCY": "1", "WEB_THREADS": str(THREADS)}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=PROJECT, env=os.environ | env)
    wait_for(port, server)
    yield port
    server.terminate()
    server.wait(timeout=30)


def is_alive(port: int) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
        return answer.read() == b"ok\n"


def half_asked(port: int) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow:")
    return line


def test_slow_readers_do_not_stop_the_others_while_threads_are_left(bare):
    assert is_alive(bare)
    slow = [half_asked(bare) for _reader in range(THREADS - 1)]
    for _time in range(5):
        assert is_alive(bare)
    for line in slow:
        line.close()


def test_when_slow_readers_go_everybody_is_served_again(bare):
    slow = [half_asked(bare) for _reader in range(3 * THREADS)]
    for line in slow:
        line.close()
    assert is_alive(bare)


def test_a_request_line_that_is_too_long_or_has_too_many_headers_is_refused_unread(bare):
    for sent in (b"GET /" + b"a" * 5000, b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 70 + b"\r\n"):
        with socket.create_connection(("127.0.0.1", bare), timeout=60) as line:
            line.sendall(sent + b" HTTP/1.1\r\nHost: x\r\n\r\n" if sent.endswith(b"a") else sent)
            assert line.recv(100).split()[1] in {b"400", b"431", b"414"}
