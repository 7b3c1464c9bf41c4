"""A real Redis for what processes share: script/test's where it has started one, else one for this run alone."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings


def start(folder: Path) -> tuple[subprocess.Popen, str]:
    """A server on a socket in ``folder``, which keeps nothing, and its address."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if not program:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("redis-server is not installed")
    socket = folder / "redis.sock"
    own = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen([program, *own], stdout=subprocess.DEVNULL)
    address = f"unix://{socket}"
    for _try in range(200):
        try:
            redis.Redis.from_url(address).ping()
        except redis.ConnectionError:
            time.sleep(0.05)
        else:
            return process, address
    raise RuntimeError("redis-server did not start.")


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory) -> Iterator[str]:
    """The address of a running server."""
    if settings.CACHE_URL:
        yield settings.CACHE_URL
        return
    process, address = start(tmp_path_factory.mktemp("redis"))
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def shared_shelf(redis_server, settings) -> str:
    """The site shares its pages there; nothing is in it."""
    redis.Redis.from_url(redis_server).flushdb()
    settings.CACHE_URL = redis_server
    return redis_server


@pytest.fixture
def own_redis(tmp_path) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a server of this test's own, and how it dies."""
    process, address = start(tmp_path)

    def die() -> None:
        process.kill()
        process.wait()

    yield address, die
    die()


@pytest.fixture(autouse=True)
def _nothing_is_shared_between_tests() -> None:
    """Each test has a database of its own, so pages of another would be strangers' pages."""
    if settings.CACHE_URL:
        redis.Redis.from_url(settings.CACHE_URL).flushdb()
