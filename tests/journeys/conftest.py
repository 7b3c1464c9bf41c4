"""A newsroom for a day: its own database and folders, a real gunicorn and worker, the source story, five accounts."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

PROJECT = Path(settings.BASE_DIR)
SOON = 60  # seconds in which a server on a busy machine begins to answer


@dataclass
class House:
    """Where it stands, the password of each account, and its server, which can fall and stand again."""

    port: int
    env: dict[str, str]
    passwords: dict[str, str]
    web: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def desk(self) -> str:
        return f"{self.url}/admin/"

    def stands(self) -> None:
        """Serve, until it falls. The server is a group of processes of its own, so that all of it can fall at once."""
        command = [sys.executable, "-m", "gunicorn"]
        self.web = subprocess.Popen(command, cwd=PROJECT, env=self.env, start_new_session=True)
        wait_for(self.port, self.web)

    def falls(self) -> None:
        """As if somebody had pulled the plug: no process of the server gets to say anything."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait(timeout=30)

    def says(self, code: str) -> str:
        """What ``code`` prints inside the newsroom, in a process of its own."""
        return _manage(self.env, "shell", "-v0", "-c", code).strip()


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    """The newsroom as ``script/server`` would have it, in a folder of its own."""
    place = tmp_path_factory.mktemp("house")
    port = free_port()
    env = _environment(place, port)
    for command in (
        ["migrate", "-v0"],
        ["collectstatic", "--no-input", "-v0"],
        ["import_stories", "seeds/", "--publish"],
    ):
        _manage(env, *command)
    passwords = dict(re.findall(r"^  ([\w-]+) +(\w+)$", _manage(env, "create_first_accounts"), re.MULTILINE))
    built = House(port, env, passwords)
    worker = subprocess.Popen([sys.executable, "manage.py", "db_worker", "-v0"], cwd=PROJECT, env=env)
    try:
        built.stands()
        yield built
    finally:
        worker.terminate()
        if built.web:
            built.web.terminate()
            built.web.wait(timeout=30)
        worker.wait(timeout=30)
        shutil.rmtree(place, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _environment(place: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "only-for-a-day-" + "0123456789abcdef" * 4,
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{place / 'house.sqlite3'}",
        "MEDIA_ROOT": str(place / "media"),
        "STORAGE_URL": "",
        "CACHE_URL": "",
        "STATIC_ROOT": str(place / "static"),
        "WEB_CONCURRENCY": "2",
    }


def _manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def wait_for(port: int, process: subprocess.Popen) -> None:
    """Until somebody listens; the first page waits for the rest."""
    until = time.monotonic() + SOON
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5):
                return
        except OSError:
            assert process.poll() is None, "gunicorn stopped before it answered"
            assert time.monotonic() < until, f"nobody listens on port {port} after {SOON} seconds"
            time.sleep(0.2)
