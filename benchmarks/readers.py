"""Measures readers' pages on a database that benchmarks.stories has filled, through all of Django but the network.

    .venv/bin/python -m benchmarks.readers sqlite:////tmp/newsroom-10k.sqlite3

For each page: queries, kilobytes compressed, median and 95th percentile of this process's own work in milliseconds, and
the ratio to the cheapest page that Django gives here (robots.txt), measured in the same run.
"""

import argparse
import gzip
import sys
import time
from datetime import timedelta

from . import house
from .stories import COMMON, PHRASE, RARE

CHEAPEST = "/robots.txt"


def pages() -> dict[str, str]:
    """What is asked for, by name."""
    from django.utils import timezone

    from articles.models import Publication

    live = Publication.objects.at(timezone.now()).stories().select_related("address").order_by("-dated_at")
    newest = live.first()
    middle = live.filter(dated_at__lt=newest.dated_at - timedelta(days=1800)).first() or newest
    return {
        "home": "/",
        "a story": newest.address.path,
        "an old story": middle.address.path,
        "a section": "/sea/",
        "a section, far down": f"/sea/?before={middle.dated_at:%Y-%m-%dT%H:%M:%S}Z-1",
        "a topic": "/topic/topic-7/",
        "an author of many": "/author/author-0/",
        "latest": "/latest/",
        "the archive": "/archive/",
        "a month": f"/archive/{middle.dated_at:%Y/%-m}/",
        "search: a rare word": f"/search/?q={RARE}",
        "search: a common word": f"/search/?q={COMMON}",
        "search: a common word, best first": f"/search/?q={COMMON}&sort=best",
        "search: a phrase": f"/search/?q=%22{PHRASE.replace(' ', '+')}%22",
        "search: in a section and a year": f"/search/?q={COMMON}&section=sea&from=2020-01-01&until=2020-12-31",
        "search: a slip": f"/search/?q={RARE.replace('es', 'se')}",
        "search: two words that never meet": f"/search/?q={RARE}+zyzzyva",
        "feed": "/feed.xml",
        "news sitemap": "/news-sitemap.xml",
        "sitemap": "/sitemap.xml",
        "sitemap of a month": f"/sitemap-{middle.dated_at:%Y-%m}.xml",
        "nothing there": "/sea/no-such-story/",
    }


def measure(times: int) -> None:
    import logging

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    logging.getLogger("django.request").setLevel(logging.ERROR)  # of the page that is not there
    client = Client(SERVER_NAME="127.0.0.1")

    def load(path: str) -> bytes:
        answer = client.get(path)
        if answer.status_code not in (200, 404):
            raise SystemExit(f"{path} answers {answer.status_code}.")
        return answer.content

    def cost(path: str) -> tuple[float, float]:
        return house.p50_p95(house.milliseconds(lambda: load(path), times, clock=time.process_time))

    ground = cost(CHEAPEST)
    sys.stdout.write(f"{'':38}queries     KB     p50     p95   ratio\n")
    for name, path in {"robots.txt": CHEAPEST, **pages()}.items():
        with CaptureQueriesContext(connection) as queries:
            kilobytes, count = len(gzip.compress(load(path))) / 1024, len(queries)
        p50, p95 = cost(path)
        told = f"{name:38}{count:7}{kilobytes:7.1f}{p50:8.1f}{p95:8.1f}{p50 / ground[0]:8.1f}\n"
        sys.stdout.write(told)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--times", type=int, default=40, help="how often each page is asked for")
    asked = words.parse_args()
    house.enter(asked.database)
    measure(asked.times)


if __name__ == "__main__":
    main()
