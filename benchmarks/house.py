"""Opens the newsroom on a scratch database for a measurement. It never touches the one that the settings name."""

import newsroom.sqlite  # noqa: F401  isort: skip  must come before Django

import os
import runpy
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_SETTINGS = {
    "ENV_FILE": os.devnull,
    "SECRET_KEY": "only-for-measuring-" + "0123456789abcdef" * 4,
    "SITE_URL": "http://127.0.0.1:8000",
    "LOG_LEVEL": "WARNING",
    "LOG_JSON": "false",
    "DJANGO_SETTINGS_MODULE": "newsroom.settings",
}


def enter(database_url: str) -> None:
    """Set Django up on ``database_url`` and migrate it. Call it once, before anything of the newsroom is imported."""
    place = Path(tempfile.mkdtemp(prefix="newsroom-benchmark-"))
    for folder in ("media/private", "media/public", "static"):
        (place / folder).mkdir(parents=True)
    folders = {"MEDIA_ROOT": str(place / "media"), "STATIC_ROOT": str(place / "static")}
    os.environ.update(_SETTINGS | folders | {"DATABASE_URL": database_url})
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    call_command("migrate", verbosity=0)


def as_in_gunicorn() -> None:
    """Let this process look for waste as seldom as gunicorn's workers do. Call it when all is loaded."""
    runpy.run_path("gunicorn.conf.py")["post_worker_init"](None)


def milliseconds(
    work: Callable[[], object], times: int, *, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """How long each of ``times`` runs of ``work`` took, after one that is not counted.

    By ``time.process_time`` it is this process's own work, which other work on the machine hardly moves.
    """
    work()
    taken = []
    for _run in range(times):
        begun = clock()
        work()
        taken.append((clock() - begun) * 1000)
    return taken


def p50_p95(taken: list[float]) -> tuple[float, float]:
    """The median, and the time that nineteen of twenty runs stay under."""
    return statistics.median(taken), statistics.quantiles(taken, n=20, method="inclusive")[-1]
