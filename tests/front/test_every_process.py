"""Real gunicorn, two processes: what is published is seen by the very next request in each, and no more changes."""

import http.client
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from articles.desk import drafts, schedule
from articles.models import Publication, Section
from newsroom import cdn, database
from tests.journeys.conftest import free_port, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PUBLICATIONS, EACH, READERS = 12, 3, 200  # EACH: connections to each process
SOON = 60  # seconds in which a server on a busy machine has loaded


@pytest.fixture
def clock() -> None:
    """The real one: gunicorn has no other."""


@pytest.fixture
def own_settings() -> dict[str, str]:
    """What the site has set besides what all tests have."""
    return {}


@contextmanager
def serving(own_settings: dict[str, str], *, processes: int) -> Iterator[int]:
    """The port of gunicorn over the database of this test."""
    port, database = free_port(), connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        url = f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}"
    own = {"PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": str(processes)}
    own |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": url}
    whole = os.environ | own | {"TEST_SETTINGS": json.dumps(own_settings)}
    process = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=settings.BASE_DIR, env=whole)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@pytest.fixture
def site(own_settings) -> Iterator[int]:
    """The port of gunicorn with two processes."""
    with serving(own_settings, processes=2) as port:
        yield port


@pytest.fixture
def lines(own_settings) -> Iterator[list[Callable[[str], tuple[str, str]]]]:
    """Connections that stay open, in turn to one of two processes: each gives a page and how it came by it.

    Each has a port of its own, because of processes that share one the first takes all who come while it is idle.
    """
    with serving(own_settings, processes=1) as one, serving(own_settings, processes=1) as other:
        opened = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for port in (one, other) * EACH]
        yield list(map(_asking, opened))
        for line in opened:
            line.close()


def _asking(line: http.client.HTTPConnection) -> Callable[[str], tuple[str, str]]:
    def ask(path: str) -> tuple[str, str]:
        line.request("GET", path, headers={"Host": "127.0.0.1:8000"})  # which the settings of tests name
        answer = line.getresponse()
        return answer.read().decode(), answer.headers["Cache-Status"]

    return ask


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
                assert headline in words(ask(path)), f"{path} after publication {number}"
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


def test_two_hundred_readers_at_once_find_nothing_made_and_it_is_made_once_in_each_process(site, tell):
    tell(slug="one", at=timezone.now())
    together = threading.Barrier(READERS)

    def ask(_reader: int) -> tuple[int, str, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", site, timeout=SOON)) as line:
            line.connect()
            together.wait()
            line.request("GET", "/middle-east/one/", headers={"Host": "127.0.0.1:8000"})
            answer = line.getresponse()
            return answer.status, answer.read().decode(), answer.headers["Cache-Status"]

    with ThreadPoolExecutor(READERS) as readers:
        answers = list(readers.map(ask, range(READERS)))
    assert {status for status, _page, _how in answers} == {200}
    assert len({page for _status, page, _how in answers}) == 1
    assert [how for _status, _page, how in answers].count("Newsroom; fwd=miss") <= 2  # one in each process


# --- With a pool and a replica ---


def words(answer: tuple[str, str]) -> str:
    """Its text without the marks around what was searched for."""
    return re.sub("<[^>]+>", "", answer[0])


@pytest.fixture
def replica(own_settings) -> Iterator[Callable[[str], list[tuple]]]:
    """The standby of script/test's PostgreSQL, which the site has as its replica; asks it in SQL."""
    if "TEST_REPLICA_URL" not in os.environ:
        on_ci = os.environ.get("CI") == "true" and connection.vendor == "postgresql"
        (pytest.fail if on_ci else pytest.skip)("needs the standby that script/test starts")
    import psycopg

    url = f"{os.environ['TEST_REPLICA_URL'].rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    own_settings |= {"DATABASE_REPLICA_URL": url, "DATABASE_POOL": "2"}
    options = database.options(url)
    with psycopg.connect(host=options["HOST"], user=options["USER"], dbname=options["NAME"], autocommit=True) as line:
        yield lambda sql: line.execute(sql).fetchall()
        line.execute("SELECT pg_wal_replay_resume()")


def test_a_replica_makes_pages_only_while_it_is_as_new_as_the_database(replica, lines, tell, retell):
    asked = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%articles_%' AND pid <> pg_backend_pid()"
    story = tell(slug="one", at=timezone.now())
    until = time.monotonic() + SOON
    for number in itertools.count():  # until the standby has the story
        assert "Base handed over" in words(lines[0](f"/search/?q=handed&from=2020-01-{number % 28 + 1:02}"))
        if replica(f"{asked} AND query NOT LIKE '%articles_stamp%'"):
            break
        assert time.monotonic() < until, "the replica was never asked"
    replica("SELECT pg_wal_replay_pause()")
    for number in range(3):
        headline = f"Edition {number}"
        retell(story, at=timezone.now(), headline=headline)
        for ask in lines:
            for path in (f"/archive/{timezone.now():%Y/%m/}", "/search/?q=edition", "/middle-east/one/"):
                assert headline in words(ask(path)), f"{path} after publication {number}"


def test_without_its_replica_the_database_answers(replica, lines, tell):
    tell(slug="one", at=timezone.now())
    lines[0]("/search/?q=handed")
    assert replica(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for number, ask in enumerate(lines):
        assert "Base handed over" in words(ask(f"/search/?q=handed&from=2020-01-{number + 1:02}"))


# --- With Varnish in front ---


@pytest.fixture
def cache(settings, own_settings, request, tmp_path) -> Iterator[Callable[[str], http.client.HTTPResponse]]:
    """Real Varnish with the configuration that we ship, before the site; gives what it answers."""
    varnishd = shutil.which("varnishd") or shutil.which("varnishd", path="/usr/sbin")
    if not varnishd:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("varnish is not installed")
    port = free_port()
    settings.PURGE_URL, settings.CDN_SECONDS = f"varnish://127.0.0.1:{port}", 300
    own_settings |= {"PURGE_URL": settings.PURGE_URL, "CDN_SECONDS": "300"}
    origin = request.getfixturevalue("site")
    with closing(http.client.HTTPConnection("127.0.0.1", origin, timeout=SOON)) as line:
        line.request("GET", "/healthz")  # a server that still loads would be taken for a sick one
        assert line.getresponse().status == 200
    shipped = (settings.BASE_DIR / "deploy" / "varnish.vcl").read_text(encoding="utf-8")
    (tmp_path / "site.vcl").write_text(shipped.replace('.port = "8000"', f'.port = "{origin}"'), encoding="utf-8")
    (tmp_path / "work").mkdir()
    tmp_path.chmod(0o755)
    own = ["-F", "-a", f"127.0.0.1:{port}", "-f", str(tmp_path / "site.vcl"), "-n", str(tmp_path / "work")]
    process = subprocess.Popen([varnishd, *own, "-j", "none", "-s", "malloc,32m"])

    def ask(
        path: str, method: str = "GET", headers: Mapping[str, str] = MappingProxyType({})
    ) -> http.client.HTTPResponse:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as line:
            line.request(method, path, headers={"Host": "127.0.0.1:8000", **headers})
            answer = line.getresponse()
            answer.text = answer.read().decode()
            answer.is_hit = " " in (answer.headers["X-Varnish"] or "")  # it names the request that fetched it
            return answer

    try:
        wait_for(port, process)
        yield ask
    finally:
        process.terminate()
        process.wait(timeout=30)


def _told() -> None:
    """Wait until the cache has been told: that happens beside whoever published."""
    for thread in threading.enumerate():
        if thread.name == "purge":
            thread.join(30)


def test_a_cache_in_front_answers_by_itself_until_it_is_told(cache, tell, retell):
    Section.objects.create(name="Europe", slug="europe", order=2)
    story, other = tell(slug="one", tags=()), tell(slug="other", section="europe", tags=())
    _told()
    paths = ("/middle-east/one/", "/middle-east/", other.address.path)
    for path in paths:
        cache(path)
    assert [cache(path).is_hit for path in paths] == [True, True, True]
    retell(story, at=timezone.now(), headline="Put right")
    _told()
    answers = [cache(path) for path in paths]
    assert [answer.is_hit for answer in answers] == [False, False, True]
    assert "Put right" in answers[0].text
    assert "Put right" in answers[1].text
    for name in ("xkey", "CDN-Cache-Control", "Surrogate-Control"):
        assert answers[2].headers[name] is None


def test_a_cache_in_front_keeps_nothing_past_a_scheduled_moment(cache, tell, manuscript, reporter, editor):
    tell(slug="one")
    starts = timezone.now() + timedelta(seconds=4)
    article = drafts.start(replace(manuscript, slug="later", headline="Later"), by=reporter)
    schedule.schedule(drafts.sealed(article, by=editor), to=starts, by=editor)
    _told()
    assert "Later" not in cache("/middle-east/").text
    time.sleep(max(0, (starts - timezone.now()).total_seconds()))
    assert "Later" in cache("/middle-east/").text


def test_a_cache_in_front_passes_journalists_by(cache, tell):
    tell(slug="one")
    _told()
    assert not cache("/admin/login/").is_hit
    assert not cache("/admin/login/").is_hit
    assert "no-store" in cache("/admin/login/").headers["Cache-Control"]


def test_a_cache_in_front_takes_no_order_that_came_through_the_proxy_beside_it(cache, tell, settings):
    """All that nginx hands on comes from this machine, whoever sent it."""
    tell(slug="one")
    _told()
    cache("/middle-east/one/")
    told = {"xkey-purge": cdn.key("stories") + " " + cdn.key("story:1")}
    for forwarded, status in (({"X-Forwarded-For": "192.0.2.1"}, 403), ({}, 200)):
        assert cache("/", "PURGE", told | forwarded).status == status
