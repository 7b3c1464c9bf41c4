"""Counts for Prometheus, of real gunicorn with two processes: whichever answers, it says what both have counted."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.conf import settings
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from articles import audit
from tests.journeys.conftest import free_port, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "a-token-that-nobody-can-guess"
SOON = 10  # seconds
ROOMS = (Path("/dev/shm"), Path("/tmp"))


def folder_of(master: subprocess.Popen) -> Path:
    """Where the processes of this master count, by their numbers: other tests may run servers of their own."""
    workers = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text(encoding="utf-8").split()
    rooms = [folder for room in ROOMS for folder in room.glob("newsroom-metrics-*")]
    [mine] = {folder for folder in rooms for worker in workers if list(folder.glob(f"*_{worker}.db"))}
    return mine


@pytest.fixture
def server() -> Iterator[tuple[int, subprocess.Popen]]:
    """gunicorn over the database of this test: its port and its process."""
    port, database = free_port(), connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        url = f"{os.environ['TEST_DATABASE_URL'].rpartition('/')[0]}/{database['NAME']}"
    watching = {"METRICS": "true", "HEALTH_TOKEN": TOKEN}
    own = {"PORT": str(port), "HOST": "127.0.0.1", "WEB_CONCURRENCY": "2", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    whole = os.environ | own | watching | {"TEST_DATABASE_URL": url, "TEST_SETTINGS": json.dumps(watching)}
    process = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=settings.BASE_DIR, env=whole)
    try:
        wait_for(port, process)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


@pytest.fixture
def ask(server) -> Callable[..., tuple[int, str]]:
    """One request over a connection of its own, so that either process may have it."""

    def ask(path: str, **headers: str) -> tuple[int, str]:
        line = http.client.HTTPConnection("127.0.0.1", server[0], timeout=30)
        line.request("GET", path, headers={"Host": "127.0.0.1:8000"} | headers)
        answer = line.getresponse()
        said = answer.read().decode()
        line.close()
        return answer.status, said

    return ask


@pytest.fixture
def counted(ask) -> Callable[[], dict[str, float]]:
    """All counts, by name and labels as they are written."""

    def read() -> dict[str, float]:
        code, text = ask("/metricsz", Authorization=f"Bearer {TOKEN}")
        assert code == 200
        return {
            f"{sample.name}{dict(sorted(sample.labels.items())) or ''}": sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    return read


def test_both_processes_count_together_and_go_on_counting_after_new_ones_have_come(server, ask, counted):
    def answered(counts: dict[str, float]) -> float:
        """Finished, made, or, where processes share what they make, taken from the other one."""
        kinds = ("finished", "made", "shared")
        return sum(counts.get(f"newsroom_requests_total{{'kind': '{kind}', 'status': '200'}}", 0) for kind in kinds)

    def settled(number: int) -> dict[str, float]:
        """A request is counted after it was answered."""
        until = time.monotonic() + SOON
        while answered(counts := counted()) < number and time.monotonic() < until:
            time.sleep(0.1)
        return counts

    made = "newsroom_requests_total{'kind': 'made', 'status': '200'}"
    for _request in range(40):
        assert ask("/")[0] == 200

    seen = [settled(40), *(counted() for _time in range(5))]
    assert {answered(each) for each in seen} == {40}
    assert seen[0][made] <= 2  # each process makes it once
    assert seen[0]["newsroom_render_seconds_count{'kind': 'made'}"] == seen[0][made]

    port, process = server
    process.send_signal(signal.SIGHUP)
    wait_for(port, process)
    for _request in range(20):
        assert ask("/")[0] == 200
    assert answered(settled(60)) == 60


def test_a_refused_login_is_counted_and_names_nobody(server, counted):
    address = f"http://127.0.0.1:{server[0]}/admin/login/"
    browser = build_opener(HTTPCookieProcessor())
    browser.addheaders = [("Host", "127.0.0.1:8000")]
    page = browser.open(address).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    assert counted()["newsroom_logins_refused_total"] == 0

    form = {"csrfmiddlewaretoken": token, "username": "rosa", "password": "wrong"}
    assert "do not go together" in browser.open(address, urlencode(form).encode()).read().decode()

    assert counted()["newsroom_logins_refused_total"] == 1
    assert "rosa" not in str(counted())


def test_strangers_get_no_counts_and_no_path_or_person_is_a_label(ask, counted):
    assert ask("/metricsz")[0] == 403
    ask("/a-path-of-nobodys-business/?q=surrender")
    said = str(counted())
    assert "business" not in said
    assert "surrender" not in said
    labels = set(re.findall(r"[{ ]'(\w+)': '", said))
    assert labels <= {"kind", "status", "le", "verb", "part"}


def test_the_house_says_how_it_is_in_numbers(counted):
    said = counted()
    assert said["newsroom_well{'part': 'database'}"] == 1
    assert said["newsroom_well{'part': 'clock'}"] == 0
    assert said["newsroom_disk_free_bytes"] > 0
    assert said["newsroom_queue_waiting"] == 0


def test_the_folder_of_counts_goes_with_the_last_master(server, ask):
    _port, process = server
    assert ask("/")[0] == 200
    mine = folder_of(process)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    assert not mine.exists()


def test_without_the_setting_there_is_no_such_address(reader):
    assert reader.get("/metricsz").status_code == 404


def test_what_is_recorded_is_heard_once_it_stands(editor, django_capture_on_commit_callbacks):
    heard = []

    def hear(verb, **_signal):
        heard.append(verb)

    audit.recorded.connect(hear)
    try:
        audit.record("published", editor, by=editor)
    finally:
        audit.recorded.disconnect(hear)
    assert heard == ["published"]
