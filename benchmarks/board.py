"""Measures the desk's first page on a database that benchmarks.stories has filled, as each role.

    .venv/bin/python -m benchmarks.board sqlite:////tmp/newsroom-50k.sqlite3

Some hundred stories are scheduled, under embargo, late or waiting first. For each role: queries, median and 95th
percentile by the clock and by processor time, and the ratio to the newsroom's cheapest page, measured in the same run.
"""

import argparse
import sys
from datetime import timedelta

from . import house
from .story_list import CHEAPEST, row, taken

BOARD = "/admin/"


def plan() -> None:
    """A busy day: embargoes that end, deadlines that have passed, notices that nobody has seen."""
    from django.utils import timezone

    from articles.desk import notices
    from articles.models import Article, User

    now = timezone.now()
    busy = list(Article.objects.filter(state="writing").order_by("-pk").values_list("pk", flat=True)[:300])
    for n, key in enumerate(busy):
        planned = Article.objects.filter(pk=key)
        if n % 3 == 0:
            planned.update(embargo_until=now + timedelta(hours=n + 1), embargo_source="A ministry")
        elif n % 3 == 1:
            planned.update(deadline_at=now - timedelta(minutes=n))
    for n in range(50):
        notices.tell(User.objects.all(), "A story waits for you.", key=f"benchmark:{n}", kind="benchmark", at=now)


def measure(times: int) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from articles.desk.roles import ROLES
    from articles.models import User

    sys.stdout.write(f"{'':34}queries   clock p50    p95   processor p50    p95   ratio\n")
    ground = None
    for role in ROLES:
        user = User.objects.filter(groups__name=role.name).order_by("pk").first()
        if user is None:
            continue
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
        if ground is None:
            ground = taken(lambda client=client: client.get(CHEAPEST), times)
            sys.stdout.write(row("cheapest page", "", ground, ground))
        with CaptureQueriesContext(connection) as queries:
            if client.get(BOARD).status_code != 200:
                raise SystemExit(f"The desk does not answer {user}.")
        sys.stdout.write(
            row(role.name, str(len(queries)), taken(lambda client=client: client.get(BOARD), times), ground)
        )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a database that benchmarks.stories has filled")
    words.add_argument("--times", type=int, default=40, help="how often each desk is opened")
    asked = words.parse_args()
    house.enter(asked.database)
    plan()
    measure(asked.times)


if __name__ == "__main__":
    main()
