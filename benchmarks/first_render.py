"""Measures what it costs to make a reader's page for the first time, before newsroom.pages keeps it as finished bytes.

    .venv/bin/python -m benchmarks.first_render sqlite:////tmp/newsroom-1k.sqlite3

Each page is asked of Django's own WSGI application as newsroom.pages asks it, with what many pages show remembered
between them; but no page is kept, and nothing compressed. For each kind: queries, this process's own work in
milliseconds, and the ratio to what gunicorn's worker spends on a hello-world (see benchmarks.pages); the two take
turns, so that whatever else the machine does meets both. A story is another one each time, as a first render is.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from typing import Any
from wsgiref.util import setup_testing_defaults

from . import house, pages, readers

HELLO_BYTES = 20_000
HELLOS = 1000
WARM_UP = 40


def environ(path: str) -> dict[str, object]:
    path, _mark, query = path.partition("?")
    asked = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1:8000", "wsgi.errors": sys.stderr}
    setup_testing_defaults(asked)
    return asked


def kinds(most: int) -> dict[str, Sequence[str]]:
    """The addresses at which each kind of page is measured, in turn."""
    from django.utils import timezone

    from articles.models import Publication

    known = readers.pages()
    live = Publication.objects.at(timezone.now()).stories().order_by("-dated_at")
    stories = list(live.values_list("address__path", flat=True)[:most])
    wanted = ("home", "a section", "a topic", "an author of many", "a month", "search: a rare word", "feed")
    return {"a story": stories, **{name: [known[name]] for name in wanted}}


def load(application: Callable, path: str, keeper: Any = None) -> None:
    """``keeper`` remembers what many pages show."""
    said: list[str] = []
    asked = environ(path) | (as_kept_by(keeper) if keeper else {})
    answer = application(asked, lambda status, headers, *_: said.append(status))
    for _piece in answer:
        pass
    answer.close()
    if not said[0].startswith("200"):
        raise SystemExit(f"{path} answers {said[0]}.")


def as_kept_by(keeper: Any) -> dict[str, object]:
    """What newsroom.pages adds to a request, to be told what the page stands on."""
    from newsroom.pages import KEEP, MEMORY, Memory

    return {KEEP: lambda **_said: None, MEMORY: Memory(keeper, keeper.version, time.time())}


def _load_next(application: Callable, paths: Iterator[str], keeper: Any) -> None:
    load(application, next(paths), keeper)


def measure(times: int) -> None:
    from django.core.wsgi import get_wsgi_application
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from newsroom.pages import Pages

    application = get_wsgi_application()
    keeper = Pages(application).keeper
    keeper.catch_up()
    house.as_in_gunicorn()
    os.environ["WEB_CONCURRENCY"] = "1"
    sys.stdout.write(f"{'':22}queries     p50     p95   of hello's   hello's\n")
    with pages.hello(HELLO_BYTES) as (port, process):
        for name, paths in kinds(times + WARM_UP + 2 * pages.TURNS).items():
            load_next = partial(_load_next, application, cycle(paths), keeper)
            for _run in range(WARM_UP):
                load_next()
            taken, grounds, ratios = [], [], []
            for _turn in range(pages.TURNS):
                grounds.append(pages.run(port, process, "/", HELLOS)[1])
                turn = house.milliseconds(load_next, times // pages.TURNS, clock=time.process_time)
                ratios.append(statistics.median(turn) / grounds[-1])
                taken.extend(turn)
            with CaptureQueriesContext(connection) as queries:
                load_next()
            p50, p95 = house.p50_p95(taken)
            ratio, ground = statistics.median(ratios), statistics.median(grounds)
            sys.stdout.write(f"{name:22}{len(queries):7}{p50:8.2f}{p95:8.2f}{ratio:13.1f}{ground:10.3f}\n")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--times", type=int, default=100, help="how often each kind of page is made")
    asked = words.parse_args()
    house.enter(asked.database)
    measure(asked.times)


if __name__ == "__main__":
    main()
