"""Two addresses for machines: is the process alive, and can it serve? They tell nothing but words."""

from collections.abc import Callable
from functools import cache

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from newsroom import clock, storage


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all; asks nothing of database or disk."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer 200 when a story could be read and written here, else 503; one word, "ok" or "failed", for each part."""
    answers = {name: _passes(probe) for name, probe in PROBES.items()}
    # Told, but not counted: a clock that stands still spoils no page.
    told = answers | {"clock": clock.is_beating()}
    words = {name: "ok" if passed else "failed" for name, passed in told.items()}
    return JsonResponse(words, status=200 if all(answers.values()) else 503)


def _passes(probe: Callable[[], None]) -> bool:
    try:
        probe()
    except Exception:  # whatever it is, this machine is not ready; the reason is in the log of whoever meets it first
        return False
    return True


def database_answers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@cache  # only a passed probe is kept: applied migrations stay applied while this code runs
def migrations_applied() -> None:
    from django.db.migrations.executor import MigrationExecutor  # no reader needs it, and it slows every start

    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError(f"{len(plan)} migrations wait: run manage.py migrate")


def media_writable() -> None:
    for half in storage.halves():
        half.probe()


PROBES: dict[str, Callable[[], None]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "media": media_writable,
}
