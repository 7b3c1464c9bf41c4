"""The plug is pulled while people write and a backup is being made: the next one is whole, and restores all of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.databases import manage, rows, stands
from tests.journeys.conftest import free_port
from tests.newsroom.test_settings import KEY, ROOT, measuring

pytestmark = pytest.mark.django_db(transaction=True)

# Writes stories and pictures for ever; says which it has been told were kept.
WRITES = """
from dataclasses import replace
from itertools import count
from articles import manuscript as manuscripts
from articles.desk import drafts, publishing
from articles.models import Article, User
from articles.photos import intake
from tests.photos import pictures

reporter, editor, photos = (User.objects.get(username=name) for name in ("reporter", "editor", "picture-editor"))
first = manuscripts.of(Article.objects.first())
for number in count():
    article = drafts.start(replace(first, headline=f"Base {number} handed over", slug=""), by=reporter)
    publishing.publish(drafts.sealed(article, by=editor), by=editor, over=None, change="update", note="")
    image = intake.receive(pictures.upload(pictures.jpeg(300 + number, 200)), by=photos)
    print(article.pk, image.pk, flush=True)
"""
KEPT = """
from articles.models import Article, Image, Publication
print(*Publication.objects.values_list("article_id", flat=True))
print(*Image.objects.values_list("pk", flat=True))
print(*Image.objects.exclude(file="").values_list("file", flat=True))
"""


class House:
    """The site's processes, and the folder in which backups and restored files lie."""

    def __init__(self, database: str, place: Path) -> None:
        self.database, self.place, self.running = database, place, []
        self.own = {
            "DATABASE_URL": database,
            "LOG_JSON": "false",
            "MEDIA_ROOT": str(place / "media"),
            "BACKUP_ROOT": str(place / "backups"),
            "STATIC_ROOT": str(place / "static"),
            "PORT": str(free_port()),
        }

    def starts(self, *command: str) -> subprocess.Popen:
        clean = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": KEY} | measuring() | self.own
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=clean,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self.running.append(process)
        return process

    def falls(self) -> None:
        """As if the machine had stopped: none of them gets to say anything, nor do their children."""
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running:
            process.wait()
            process.stdout.close()
        self.running = []

    def does(self, *command: str) -> str:
        done = manage(self.database, *command, **self.own)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def at_work(house: House) -> Iterator[list[tuple[int, int]]]:
    """Web, worker, clock and somebody who writes, until the plug is pulled; gives what was kept by then."""
    for command in (["-m", "gunicorn"], ["manage.py", "db_worker", "-v0"], ["manage.py", "clock"]):
        house.starts(*command)
    writer = house.starts("manage.py", "shell", "-v0", "-c", WRITES)
    kept: list[tuple[int, int]] = []
    try:
        kept += [tuple(map(int, writer.stdout.readline().split())) for _story in range(3)]
        yield kept
        os.killpg(writer.pid, signal.SIGKILL)
        kept += [tuple(map(int, line.split())) for line in writer.stdout if line.count(" ") == 1]
    finally:
        house.falls()


def there_soon(folder: Path, pattern: str) -> None:
    until = time.monotonic() + 60
    while not any(folder.glob(pattern)):
        assert time.monotonic() < until, f"no {pattern} came"
        time.sleep(0.001)


@pytest.fixture
def house(ours, tmp_path, story, editor, picture_editor) -> Iterator[House]:
    built = House(ours, tmp_path)
    yield built
    built.falls()


@pytest.mark.parametrize("moment", ["20*.part", "20*.part/database.*"], ids=["among the files", "at the rows"])
def test_nothing_acknowledged_is_lost_and_no_half_backup_counts(house, request, moment):
    backups, restored = house.place / "backups", house.place / "restored"
    with at_work(house) as kept:
        said = house.does("backup")
        backed_up = list(kept)
        half = house.starts("manage.py", "backup")
        there_soon(backups, moment)
        os.killpg(half.pid, signal.SIGKILL)
        assert half.wait() == -signal.SIGKILL
    assert "rows and" in said
    assert len([path for path in backups.iterdir() if path.name.endswith("Z")]) == 1

    to = _empty(request)
    house.does("restore", str(backups), "--database", to, "--files", str(restored))
    _all_there(to, restored, backed_up)

    house.does("backup")
    assert not list(backups.rglob("*.part"))
    house.does("restore", str(backups), "--database", to, "--files", str(restored), "--over", "database", "files")
    _all_there(to, restored, kept)
    assert rows(to) == rows(house.database)


def _empty(request) -> str:
    return request.getfixturevalue("file" if connection.vendor == "sqlite" else "new_postgresql")


def _all_there(database: str, files: Path, kept: list[tuple[int, int]]) -> None:
    stands(database)
    said = manage(database, "shell", "-v0", "-c", KEPT).stdout.splitlines()
    stories, pictures, originals = (line.split() for line in said)
    assert {str(story) for story, _picture in kept} <= set(stories)
    assert {str(picture) for _story, picture in kept} <= set(pictures)
    assert [name for name in originals if not (files / "private" / name).is_file()] == []
