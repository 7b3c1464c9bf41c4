"""Real gunicorn with two processes: what is published is seen by the very next request in each, and nothing else moves."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from articles.desk import drafts, schedule
from articles.models import Publication, Section
from tests.journeys.conftest import free_port

pytestmark = pytest.mark.django_db(transaction=True)

PUBLICATIONS, CONNECTIONS = 12, 6
SOON = 60  # seconds in which a server on a busy machine begins to answer


@pytest.fixture
def clock() -> None:
    """The real one: gunicorn has no other."""


@pytest.fixture
def site() -> Iterator[int]:
    """The port of gunicorn over the database of this test."""
    port, database = free_port(), connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        url = f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}"
    own = {"PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "2", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    whole = os.environ | own | {"TEST_DATABASE_URL": url}
    process = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=settings.BASE_DIR, env=whole)
    try:
        until = time.monotonic() + SOON
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < until, "gunicorn does not answer"
            time.sleep(0.2)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def lines(site) -> Iterator[list[Callable[[str], tuple[str, str]]]]:
    """Connections that stay open, so that both processes have some: each gives a page and how it came by it."""
    opened = [http.client.HTTPConnection("127.0.0.1", site, timeout=30) for _connection in range(CONNECTIONS)]

    def asking(line: http.client.HTTPConnection) -> Callable[[str], tuple[str, str]]:
        def ask(path: str) -> tuple[str, str]:
            line.request("GET", path, headers={"Host": "127.0.0.1:8000"})  # which the settings of tests name
            answer = line.getresponse()
            return answer.read().decode(), answer.headers["Cache-Status"]

        return ask

    yield list(map(asking, opened))
    for line in opened:
        line.close()


def test_what_is_published_is_seen_at_once_in_every_process_and_other_pages_stay(lines, tell, retell):
    Section.objects.create(name="Europe", slug="europe", order=2)
    story, other = tell(slug="one", tags=()), tell(slug="other", section="europe", tags=())
    for ask in lines:
        ask(other.address.path)
    for number in range(PUBLICATIONS):
        headline = f"Edition {number}"
        retell(story, at=timezone.now(), headline=headline)
        for ask in lines:
            for path in ("/middle-east/one/", "/middle-east/", "/", "/feed.xml"):
                assert headline in ask(path)[0], f"{path} after publication {number}"
            assert ask(other.address.path)[1] == "Newsroom; hit"


def test_a_withdrawal_and_a_schedule_are_seen_at_once_too(lines, tell, withdraw, manuscript, reporter, editor):
    story = tell(slug="one")
    for ask in lines:
        assert "Base handed over" in ask("/middle-east/one/")[0]
    withdraw(Publication.objects.get(pk=story.pk), at=timezone.now(), notice="It named the wrong man.")
    for ask in lines:
        assert "It named the wrong man." in ask("/middle-east/one/")[0]
    starts = timezone.now() + timedelta(seconds=3)
    article = drafts.start(replace(manuscript, slug="later", headline="Later"), by=reporter)
    schedule.schedule(drafts.sealed(article, by=editor), to=starts, by=editor)
    while timezone.now() < starts:
        for ask in lines:
            page = ask("/middle-east/")[0]
            assert "Later" not in page or timezone.now() >= starts
    for ask in lines:
        assert "Later" in ask("/middle-east/")[0]
