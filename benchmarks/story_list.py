"""Measures the story list on a database that benchmarks.stories has filled, through all of Django but the network.

    .venv/bin/python -m benchmarks.story_list sqlite:////tmp/newsroom-50k.sqlite3

For each question: queries, median and 95th percentile by the clock and by processor time (other work on the machine
moves the first, hardly the second), and the ratio to the newsroom's cheapest page, measured in the same run.
"""

import argparse
import sys
import time
from collections.abc import Callable

from . import house
from .stories import COMMON, PHRASE, RARE

LIST, CHEAPEST = "/admin/articles/article/", "/admin/password_change/done/"
QUESTIONS = {
    "everything, newest first": {},
    "state": {"state": "submitted"},
    "section": {"section": "sea"},
    "author, many stories": {"author": "author-0"},
    "author, few stories": {"author": "author-7"},
    "assignee": {"assignee": "person-3"},
    "kind": {"kind": "opinion"},
    "live": {"live": "yes"},
    "not live": {"live": "no"},
    "mine": {"whose": "mine"},
    "under embargo": {"embargo": "yes"},
    "conflict": {"conflict": "yes"},
    "saved in a month": {"since": "2020-03-01", "until": "2020-03-31"},
    "saved long ago": {"until": "2017-12-31"},
    "rare word": {"q": f"{RARE} "},
    "common word": {"q": f"{COMMON} "},
    "common word, best first": {"q": f"{COMMON} ", "order": "best"},
    "phrase": {"q": f'"{PHRASE}"'},
    "unfinished word": {"q": COMMON[:3]},
    "common word, not another": {"q": f"{COMMON} -{RARE}"},
    "common word, section, not live": {"q": f"{COMMON} ", "section": "sea", "live": "no"},
    "a page far down": {"before": "1514764800000000-1"},
    "two words that never meet": {"q": f"{RARE} zyzzyva"},
}


def measure(times: int) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from articles.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(username="person-1"), backend=settings.AUTHENTICATION_BACKENDS[-1])

    def load(address: str, asked: dict[str, str]) -> None:
        answer = client.get(address, asked)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code} to {asked}.")

    ground = taken(lambda: load(CHEAPEST, {}), times)
    sys.stdout.write(f"{'':34}queries   clock p50    p95   processor p50    p95   ratio\n")
    sys.stdout.write(row("cheapest page", "", ground, ground))
    for name, question in QUESTIONS.items():
        with CaptureQueriesContext(connection) as queries:
            load(LIST, question)
            count = str(len(queries))
        cost = taken(lambda question=question: load(LIST, question), times)
        sys.stdout.write(row(name, count, cost, ground))


Taken = tuple[tuple[float, float], tuple[float, float]]


def taken(work: Callable[[], None], times: int) -> Taken:
    """Median and 95th percentile, by the clock and by processor time."""
    by_clock, own = (house.milliseconds(work, times, clock=clock) for clock in (time.perf_counter, time.process_time))
    return house.p50_p95(by_clock), house.p50_p95(own)


def row(name: str, queries: str, taken: Taken, ground: Taken) -> str:
    clock, work = taken
    ratio = work[0] / ground[1][0]
    return f"{name:34}{queries:>7}{clock[0]:12.1f}{clock[1]:7.1f}{work[0]:16.1f}{work[1]:7.1f}{ratio:8.1f}\n"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--times", type=int, default=40, help="how often each question is asked")
    asked = words.parse_args()
    house.enter(asked.database)
    measure(asked.times)


if __name__ == "__main__":
    main()
