"""Fills a scratch site with stories and pictures, backs it up, restores it into an empty place, and compares the bytes.

    .venv/bin/python -m benchmarks.backup sqlite:////tmp/newsroom-10k.sqlite3

A PostgreSQL needs a second empty database: ``--to postgres://…``. Each picture has an original of half a megabyte and
six public files of 40 KB, of bytes that no compression makes fewer, as pictures are; with ``--sealed`` under a key.
Seconds are those of the commands as an operator runs them, the start of Python included.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from . import house, stories

ORIGINAL, PUBLIC, PUBLIC_EACH = 500_000, 40_000, 6  # bytes, bytes, files
# Where SQLite counts how often the file was written and its tables changed (sqlite.org/fileformat2.html, 1.3).
COUNTERS = (slice(24, 28), slice(40, 44), slice(92, 96))


def picture_all(count: int, random: Random) -> None:
    """Give ``count`` pictures their files."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import storages

    from articles.models import Image, Rendition

    missing = count - Image.objects.count()
    Image.objects.bulk_create(Image(title=f"Picture {number}", credit="Sample Agency") for number in range(missing))
    for image in Image.objects.order_by("pk")[:count]:
        content = random.randbytes(ORIGINAL)
        name = storages["default"].save(f"originals/{image.uid.hex[:2]}/{image.uid}.jpg", ContentFile(content))
        digest = hashlib.sha256(content).hexdigest()
        facts = {"sha256": digest, "byte_size": ORIGINAL, "format": "JPEG", "width": 1200, "height": 800}
        Image.objects.filter(pk=image.pk).update(file=name, **facts)
        for number in range(PUBLIC_EACH):
            public = f"{digest[:2]}/{digest[2:38]}{number}.avif"
            storages["public"].save(public, ContentFile(random.randbytes(PUBLIC)))
            facts = {"crop": "natural", "format": "avif", "width": 900, "height": 600, "byte_size": PUBLIC}
            Rendition.objects.create(image=image, recipe=f"natural-{number}.avif", name=public, **facts)


def seconds_of(*command: str, **environment: str) -> float:
    """Of ``manage.py`` and this command; its last line is shown."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(done.stderr)
    print(f"{' '.join(command[:2]):60.60} {taken:6.1f} s  {done.stdout.strip().splitlines()[-1]}", flush=True)
    return taken


def files_in(place: Path) -> dict[str, str]:
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def rows_are_the_same(here: str, there: str) -> bool:
    """On SQLite the file, to the byte; on PostgreSQL a sum over all rows of each table."""
    from django.db import connection

    from newsroom import database
    from newsroom.backups import databases
    from newsroom.backups.manifest import Rows

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return _pages(here) == _pages(there)
    ours, theirs = Rows("", ""), Rows("", "")
    databases.describe("default", ours)
    with databases.connected("there", database.options(there)):
        databases.describe("there", theirs)
    return ours == theirs


def _pages(address: str) -> str:
    content = bytearray(Path(address.removeprefix("sqlite:///")).read_bytes())
    for counter in COUNTERS:
        content[counter] = bytes(4)
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("database", help="a scratch database: sqlite:////tmp/x.sqlite3 or postgres://user@host/name")
    words.add_argument("--to", help="an empty database to restore into; of SQLite a new file beside it")
    words.add_argument("--stories", type=int, default=10_000)
    words.add_argument("--pictures", type=int, default=1_000)
    words.add_argument("--sealed", action="store_true")
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsroom-backup-") as scratch:
        measure(asked, Path(scratch))


def measure(asked: argparse.Namespace, place: Path) -> None:
    from newsroom.backups import sealing

    os.environ["BACKUP_ROOT"] = str(place / "backups")
    os.environ["BACKUP_KEY"] = sealing.new_key() if asked.sealed else ""
    house.enter(asked.database)
    stories.fill(asked.stories, seed=asked.seed)
    picture_all(asked.pictures, Random(asked.seed))
    to = asked.to or f"sqlite:///{place / 'restored.sqlite3'}"
    seconds_of("backup")
    seconds_of("backup")
    seconds_of("backup", "--verify", str(place / "backups"))
    taken = seconds_of("restore", str(place / "backups"), "--database", to, "--files", str(place / "media"))
    same_files = files_in(Path(os.environ["MEDIA_ROOT"])) == files_in(place / "media")
    print(f"restored in {taken:.1f} s; files {_said(same_files)}, rows {_said(rows_are_the_same(asked.database, to))}")


def _said(same: bool) -> str:
    return "byte-identical" if same else "DIFFERENT"


if __name__ == "__main__":
    main()
