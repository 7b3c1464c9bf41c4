"""Measures the photo desk's grid on a database that it fills with made-up pictures, without files.

    .venv/bin/python -m benchmarks.photo_grid sqlite:////tmp/newsroom-pictures.sqlite3 --pictures 100000

For each question: queries, median and 95th percentile by the clock and by processor time, and the ratio to the
newsroom's cheapest page, measured in the same run. It fills an empty database only.
"""

import argparse
import random
import sys
import uuid
from datetime import date, timedelta

from . import house
from .story_list import CHEAPEST, row, taken

GRID = "/admin/articles/image/"
QUESTIONS = (
    "",
    "q=kirkuk",
    "q=kirkuk+navy",
    "q=pictureno99",
    "q=nothingatall",
    "work=credit",
    "work=alt",
    "used=never",
    "used=yes",
    "ends=soon",
    "basis=pool",
    "verified=unverified",
    "q=navy&work=alt&used=never",
    "before=1000",
)
PLACES = ("Kirkuk", "Erbil", "Akrotiri", "Portsmouth", "Aldershot", "Lossiemouth", "Estonia", "Cyprus")
OWNERS = ("Royal Navy", "MOD", "US Army", "US Department of Defense", "AFP/Getty Images", "PA", "Reuters", "")
AT_ONCE = 2000


def fill(number: int) -> None:
    from articles.models import Image
    from articles.photos import looking

    if Image.objects.exists():
        return
    chance, today = random.Random(5), date.today()  # noqa: DTZ011  made-up pictures
    for start in range(0, number, AT_ONCE):
        Image.objects.bulk_create(_made_up(chance, n, today) for n in range(start, min(start + AT_ONCE, number)))
    looking.index_missing()
    _portray()


def _portray() -> None:
    """Every fiftieth picture is somebody's portrait, so it is used."""
    from articles.models import Author, Image

    keys = list(Image.objects.order_by("pk").values_list("pk", flat=True))[::50]
    people = (Author(name=f"Reporter {key}", slug=f"reporter-{key}", picture_id=key) for key in keys)
    Author.objects.bulk_create(people, batch_size=AT_ONCE)


def _made_up(chance: random.Random, n: int, today: date):
    from articles.models import Image

    place, owner = chance.choice(PLACES), chance.choice(OWNERS)
    return Image(
        uid=uuid.UUID(int=chance.getrandbits(128)),
        title=f"Soldiers at {place}, pictureno{n}",
        original_name=f"Soldiers at {place} 210320 CREDIT {owner.upper()} {n}.jpg",
        caption=f"Soldiers train at {place} in a long exercise that took several weeks. " * 2,
        alt_text="Soldiers in the field." if n % 9 else "",
        credit=owner,
        place=place,
        rights_basis=chance.choice(["crown", "us-federal", "agency", "pool", ""]),
        rights_until=today + timedelta(days=chance.randrange(-400, 400)) if n % 50 == 0 else None,
        verification="unverified" if n % 500 == 0 else "",
        facts={"caption": {"value": "x" * 300, "source": "XMP"}},
    )


def measure(times: int) -> None:
    from django.conf import settings
    from django.contrib.auth.models import Group
    from django.db import connection
    from django.test import Client

    from articles.models import User

    user, is_new = User.objects.get_or_create(username="grid", defaults={"is_staff": True})
    if is_new:
        user.groups.add(Group.objects.get(name="Picture editor"))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    sys.stdout.write(f"{'':34}queries   clock p50    p95   processor p50    p95   ratio\n")
    ground = taken(lambda: client.get(CHEAPEST), times)
    sys.stdout.write(row("cheapest page", "", ground, ground))
    for question in QUESTIONS:
        address = f"{GRID}?{question}" if question else GRID
        asked: list[str] = []
        with connection.execute_wrapper(
            lambda execute, sql, *more, asked=asked: asked.append(sql) or execute(sql, *more)
        ):
            if client.get(address).status_code != 200:
                raise SystemExit(f"The grid does not answer {question}.")
        seen = taken(lambda address=address: client.get(address), times)
        sys.stdout.write(row(question or "everything", str(len(asked)), seen, ground))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="an empty database, or one that this filled before")
    words.add_argument("--pictures", type=int, default=100_000)
    words.add_argument("--times", type=int, default=20, help="how often each question is asked")
    asked = words.parse_args()
    house.enter(asked.database)
    fill(asked.pictures)
    measure(asked.times)


if __name__ == "__main__":
    main()
