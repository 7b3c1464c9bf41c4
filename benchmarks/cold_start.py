"""How long the web process takes from nothing to its first story, and what its workers hold after a load.

    .venv/bin/python -m benchmarks.stories sqlite:////tmp/newsroom-20k.sqlite3 --stories 20000
    .venv/bin/python -m benchmarks.cold_start sqlite:////tmp/newsroom-20k.sqlite3

Beside it, by the same gunicorn.conf.py in the same run, an application that says hello. CPU is of all
processes together; memory is the proportional set (PSS) of the master and its workers, so what they share counts once.
"""

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

from . import house, server

STARTS, WORKERS, REQUESTS, AT_ONCE = 5, 2, 4000, 8
HELLO = "benchmarks.hello:application"
# One request through the application, with no server round it; it prints its seconds of processor time.
_FIRST_STORY = """
import json, os, sys, time
from newsroom.wsgi import application
environ = {"REQUEST_METHOD": "GET", "PATH_INFO": sys.argv[1], "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000",
           "wsgi.url_scheme": "http", "wsgi.input": sys.stdin.buffer, "wsgi.errors": sys.stderr}
said = []
b"".join(application(environ, lambda status, headers: said.append(status)))
print(json.dumps([said[0], time.process_time(), len(sys.modules)]))
"""


def pages() -> tuple[str, list[str]]:
    """One story, and a newsroom's worth of others, each a different one: seven stories to three lists."""
    from django.db import connection
    from django.utils import timezone

    from articles.models import Publication

    random = Random(1)
    live = list(
        Publication.objects.at(timezone.now()).stories().order_by("dated_at").values_list("address__path", "dated_at")
    )
    connection.close()
    random.shuffle(live)
    lists = [
        page
        for path, dated_at in live
        for page in (
            f"/{path.split('/')[1]}/?before={dated_at:%Y-%m-%dT%H:%M:%S}Z-1",
            f"/archive/{timezone.localtime(dated_at):%Y/%-m/%-d}/",
            f"/topic/topic-{random.randrange(100)}/?before={dated_at:%Y-%m-%dT%H:%M:%S}Z-1",
        )
    ]
    mixed = [path for path, _dated_at in live] + random.sample(lists, len(live) * 3 // 7)
    random.shuffle(mixed)
    return live[0][0], mixed


def first_story(path: str) -> tuple[float, float, int]:
    """Seconds by the clock and of processor time, and how many modules are there then."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _FIRST_STORY, path], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    status, cpu, modules = json.loads(done.stdout)
    if status != "200 OK":
        raise SystemExit(f"{path} answers {status}.")
    return time.monotonic() - begun, cpu, modules


def first_answer(path: str, application: str = "") -> tuple[float, float]:
    """As ``first_story``, for gunicorn with one worker."""
    begun = time.monotonic()
    with server.serving(application, WEB_CONCURRENCY="1") as (port, master):
        _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), path)
        return time.monotonic() - begun, server.processor_seconds(master, *server.children(master))


def loaded(paths: list[str], application: str = "") -> tuple[list[float], list[float]]:
    """Memory of master and workers before and after all ``paths`` were asked for; last, the milliseconds for each."""
    with server.serving(application, WEB_CONCURRENCY=str(WORKERS)) as (port, master):
        _ask_all(port, paths[:AT_ONCE])
        before, begun = memory(master), server.processor_seconds(master, *server.children(master))
        _ask_all(port, paths)
        return before, [
            *memory(master),
            (server.processor_seconds(master, *server.children(master)) - begun) * 1000 / len(paths),
        ]


def memory(master: int) -> list[float]:
    """PSS in megabytes: all of it, of it memory of their own, and of it files that are mapped."""
    found = dict.fromkeys(("Pss:", "Pss_Anon:", "Pss_File:"), 0.0)
    for process in (master, *server.children(master)):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]:
            name, size = line.split()[:2]
            if name in found:
                found[name] += int(size) / 1024
    return list(found.values())


def _ask(connection: http.client.HTTPConnection, path: str) -> None:
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}.")


def _ask_all(port: int, paths: list[str]) -> None:
    """Every path once, over so many connections that every thread of every worker has work."""
    failed: list[BaseException] = []

    def reader(mine: list[str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            for path in mine:
                _ask(connection, path)
        except BaseException as fault:
            failed.append(fault)

    readers = [threading.Thread(target=reader, args=[paths[n::AT_ONCE]]) for n in range(AT_ONCE)]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    if failed:
        raise failed[0]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--requests", type=int, default=REQUESTS)
    asked = words.parse_args()
    house.enter(asked.database)
    server.collect()
    story, mixed = pages()
    first_story(story)  # which compiles what was never imported

    def middle(starts: list[tuple]) -> str:
        clock, processor = (statistics.median(start[n] for start in starts) for n in (0, 1))
        return f"{clock:10.2f}{processor:10.2f}"

    alone = [first_story(story) for _start in range(STARTS)]
    print(f"{f'to the first answer, median of {STARTS}':<44}{'clock s':>10}{'CPU s':>10}")
    print(f"{f'a story, no server ({alone[0][2]} modules)':<44}{middle(alone)}")
    print(f"{'a story, gunicorn with one worker':<44}{middle([first_answer(story) for _start in range(STARTS)])}")
    print(f"{'hello, gunicorn with one worker':<44}{middle([first_answer('/', HELLO) for _start in range(STARTS)])}")
    print(
        f"\n{f'PSS of the master and {WORKERS} workers, MB':<44}{'all':>10}{'own':>10}{'files':>10}{'CPU ms each':>13}"
    )
    for name, held in {
        "newsroom": loaded(mixed[: asked.requests]),
        "hello": loaded(["/"] * asked.requests, HELLO),
    }.items():
        for number, figures in zip((AT_ONCE, asked.requests), held, strict=True):
            print(f"{f'{name}, after {number} requests':<44}" + "".join(f"{each:10.1f}" for each in figures))


if __name__ == "__main__":
    main()
