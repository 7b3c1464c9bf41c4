"""The house's settings under test: a fixed environment, a temporary folder, a cheap password hasher, no .env file."""

import newsroom.sqlite  # noqa: F401  isort: skip  must come before Django

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path

_place = Path(tempfile.mkdtemp(prefix="newsroom-tests-"))
atexit.register(shutil.rmtree, _place, ignore_errors=True)

# What a developer has set for the site must not change what the tests see.
for _line in (Path(__file__).resolve().parent.parent / ".env.example").read_text(encoding="utf-8").splitlines():
    os.environ.pop(_line.lstrip("# ").partition("=")[0], None)

worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
cache = os.environ.get("TEST_CACHE_URL", "")
store = os.environ.get("TEST_STORAGE_URL", "")

# What a served site of a test has set, as JSON; it starts in a process of its own.
_also = json.loads(os.environ.get("TEST_SETTINGS", "{}"))

os.environ |= _also | {
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
    "SITE_URL": "http://127.0.0.1:8000",
    "SITE_NAME": "Northing",
    "TIME_ZONE": "Europe/London",
    "LOG_LEVEL": "WARNING",
    "MEDIA_ROOT": str(_place / "media"),
    "STATIC_ROOT": str(_place / "static"),
    # On disk, or in the store that script/test has started; processes beside each other have a bucket each.
    "STORAGE_URL": store and f"{store}-{worker}",
    # The Redis that script/test has started; of its sixteen databases one for each process beside another.
    "CACHE_URL": cache and f"{cache}?db={int(worker.removeprefix('gw')) % 16 if worker != 'alone' else 0}",
    # A real PostgreSQL when script/test has started one, else a file: threads meet real locks there, as in production.
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", f"sqlite:///{_place / 'site.sqlite3'}"),
}

for _folder in ("media/private", "media/public", "static"):
    (_place / _folder).mkdir(parents=True)

from newsroom.settings import *  # noqa: E402, F403
from newsroom.settings import DATABASES, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith(".sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(_place / "test.sqlite3")}
    # A test need not survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
elif "replica" in DATABASES:
    DATABASES["replica"]["TEST"] = {"MIRROR": "default"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TASKS = {"default": {"BACKEND": "tests.tasks.AfterCommit"}}
