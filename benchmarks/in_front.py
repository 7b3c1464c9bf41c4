"""Puts real Varnish in front of gunicorn, sends it a day's mix of readers while stories are published, and counts hits.

    .venv/bin/python -m benchmarks.in_front sqlite:////tmp/newsroom-1k.sqlite3 --requests 100000

Of a hundred readers 25 ask for the home page, 10 for a section, 5 for a feed, 60 for one of 500 stories, the newest of
them most (by 1/rank). Every two seconds a story is published again, and asked for until its new headline comes.
"""

import argparse
import multiprocessing
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from . import house, server
from .pages import Line
from .publishing import Story

READERS, STORIES, BETWEEN = 2, 500, 2.0
CONFIGURATION = Path(__file__).parent.parent / "deploy" / "varnish.vcl"


@contextmanager
def varnish(port: int, origin: int) -> Iterator[None]:
    """Real Varnish at ``port`` with the configuration that we ship, before gunicorn at ``origin``."""
    program = shutil.which("varnishd") or shutil.which("varnishd", path="/usr/sbin")
    if not program:
        raise SystemExit("Varnish is not installed. On Debian: apt-get install varnish varnish-modules")
    with tempfile.TemporaryDirectory(prefix="newsroom-varnish-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        told = CONFIGURATION.read_text(encoding="utf-8").replace('.port = "8000"', f'.port = "{origin}"')
        (place / "site.vcl").write_text(told, encoding="utf-8")
        own = ["-F", "-a", f"127.0.0.1:{port}", "-f", str(place / "site.vcl"), "-n", str(place / "work")]
        process = subprocess.Popen([program, *own, "-j", "none", "-s", "malloc,256m"], stderr=subprocess.DEVNULL)
        try:
            server.wait_for(port, process)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def mix() -> tuple[list[str], list[float]]:
    """Paths, and how often each is asked for, added up."""
    from django.utils import timezone

    from articles.models import Publication, Section

    newest = Publication.objects.at(timezone.now()).stories().latest_first().values_list("address__path", flat=True)
    stories = list(newest[:STORIES])
    sections = [f"/{slug}/" for slug in Section.objects.values_list("slug", flat=True)]
    ranks = sum(1 / rank for rank in range(1, len(stories) + 1))
    weights = {"/": 25.0, "/feed.xml": 5.0} | dict.fromkeys(sections, 10 / len(sections))
    weights |= {path: 60 / ranks / rank for rank, path in enumerate(stories, start=1)}
    return list(weights), list(accumulate(weights.values()))


def read(port: int, paths: list[str], weights: list[float], requests: int, seed: int, told) -> None:
    """A reader's share of the requests; tells how many, hits, and answers that were no 200."""
    line, hits, wrong = Line(port), 0, 0
    for path in random.Random(seed).choices(paths, cum_weights=weights, k=requests):
        status, _size = line.ask(path)
        wrong += status != 200
        hits += " " in line.header(b"X-Varnish")  # it names the request that fetched it, too
    told.put((requests, hits, wrong))


def publish(port: int, readers: list[multiprocessing.Process]) -> list[float]:
    """Publish a story again while the readers read: the milliseconds from each publication to its first reader."""
    story, line, took = Story(), Line(port), []
    line.ask(story.path)
    while any(reader.is_alive() for reader in readers):
        headline, _milliseconds = story.again()
        begun = time.perf_counter()
        while headline.encode() + b"<" not in line.body:
            line.ask(story.path)
        took.append((time.perf_counter() - begun) * 1000)
        time.sleep(BETWEEN)
    return took


def measure(front: int, requests: int) -> None:
    own = {"SITE_URL": f"http://127.0.0.1:{front}", "WEB_CONCURRENCY": "2"}
    with server.serving(**own) as (origin, master):
        Line(origin).ask("/healthz")  # a server that still loads would be taken for a sick one
        with varnish(front, origin):
            paths, weights = mix()
            line = Line(front)
            for path in paths:
                line.ask(path)
            told = multiprocessing.Queue()
            share, had = requests // READERS, server.processor_seconds(*server.children(master))
            readers = [
                multiprocessing.Process(target=read, args=(front, paths, weights, share, seed, told))
                for seed in range(READERS)
            ]
            begun = time.perf_counter()
            for reader in readers:
                reader.start()
            took = publish(front, readers)
            seconds, answers = time.perf_counter() - begun, [told.get() for _reader in readers]
            worked = server.processor_seconds(*server.children(master)) - had
    asked, hits, wrong = (sum(column) for column in zip(*answers, strict=True))
    sys.stdout.write(
        f"{asked} requests in {seconds:.0f} s, {wrong} of them no 200; {len(took)} publications\n"
        f"hits: {hits / asked:.2%}; gunicorn worked {worked:.1f} s\n"
        f"from published to fresh: {statistics.median(took):.0f} ms at the median, {max(took):.0f} ms at most\n"
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--requests", type=int, default=100_000)
    asked = words.parse_args()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        front = door.getsockname()[1]
    os.environ |= {"PURGE_URL": f"varnish://127.0.0.1:{front}", "CDN_SECONDS": "300"}
    house.enter(asked.database)
    server.collect()
    measure(front, asked.requests)


if __name__ == "__main__":
    main()
