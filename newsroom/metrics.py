"""Counts for Prometheus, of all web processes together, and what the house says of itself in numbers.

Each process counts into a file of its own in the folder PROMETHEUS_MULTIPROC_DIR, which gunicorn.conf.py makes before
the library is first imported: the library looks for it at that moment. No name of a story, path or person is a label.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.utils import timezone
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from newsroom import status
from newsroom.watch import MADE

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REGISTRY = CollectorRegistry()
ANSWERS = Counter("newsroom_requests", "Answers, by status and kind of page.", ("status", "kind"), registry=REGISTRY)
TIMES = Histogram(
    "newsroom_render_seconds", "How long making an answer took.", ("kind",), buckets=SECONDS, registry=REGISTRY
)
REFUSED = Counter("newsroom_logins_refused", "Logins that were refused.", registry=REGISTRY)
DONE = Counter("newsroom_done", "What journalists did, by the verb of the record.", ("verb",), registry=REGISTRY)


def counter() -> Callable[[str, str, float], None]:
    """What counts one answer: its status, its kind (newsroom.watch.KINDS) and the seconds that it took."""
    _listen()

    answers: dict[tuple[str, str], Callable[[], None]] = {}  # there are some dozens
    times: dict[str, Callable[[float], None]] = {}

    def count(status: str, kind: str, seconds: float) -> None:
        inc = answers.get((status, kind))
        if inc is None:
            inc = answers[status, kind] = ANSWERS.labels(status, kind).inc
        inc()
        if kind in MADE:
            if kind not in times:
                times[kind] = TIMES.labels(kind).observe
            times[kind](seconds)

    return count


def _listen() -> None:
    user_login_failed.connect(_refused, dispatch_uid="newsroom.metrics")
    import_string(settings.RECORDED).connect(_recorded, dispatch_uid="newsroom.metrics")


def _refused(**_signal: Any) -> None:
    REFUSED.inc()


def _recorded(verb: str, **_signal: Any) -> None:
    DONE.labels(verb).inc()


class House(Collector):
    """What the house says of itself, in numbers; a part that does not answer has none, and is not well."""

    def collect(self) -> Iterable[Metric]:
        well = GaugeMetricFamily("newsroom_well", "1 while nothing is to be done about a part.", labels=["part"])
        for fact in status.lately(timezone.now()):
            well.add_metric([fact.name], not fact.do)
            for name, value in fact.numbers.items():
                yield GaugeMetricFamily(f"newsroom_{name}", f"{fact.title}: {name.replace('_', ' ')}.", value)
        yield well


def page() -> bytes:
    """All of it, in Prometheus' text format 0.0.4."""
    counted, now = CollectorRegistry(), CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(counted)
    else:  # one process alone, as in development
        counted = REGISTRY
    now.register(House())
    return generate_latest(counted) + generate_latest(now)
