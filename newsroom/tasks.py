"""The task queue: what waits, and what a dead worker left behind. What a task does is none of its business."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

log = logging.getLogger(__name__)

ATTEMPTS = 4  # the first one and three more


class WorkerLost(RuntimeError):
    """The worker of a task died with it, too often to try again."""


@dataclass(frozen=True)
class Waiting:
    """How many tasks wait for a worker, and for how many seconds the oldest of them has."""

    number: int
    seconds: float


def waiting(now: datetime) -> Waiting:
    rows = DBTaskResult.objects.ready().aggregate(number=Count("pk"), since=Min("enqueued_at"))
    return Waiting(rows["number"], max(0.0, (now - rows["since"]).total_seconds()) if rows["since"] else 0.0)


def reap(now: datetime) -> None:
    """Queue again what a dead worker left running; after three more attempts let it fail, so that somebody looks.

    Every task must be one that may run twice: a worker that is only slow may still finish its own attempt.
    """
    long_ago = now - timedelta(minutes=settings.TASK_STUCK_MINUTES)
    for task in DBTaskResult.objects.running().filter(started_at__lt=long_ago):
        if len(task.worker_ids) < ATTEMPTS:
            _queue_again(task)
        else:
            task.set_failed(WorkerLost(f"{task.task_path} lost its worker {len(task.worker_ids)} times."))
            log.error("Task %s lost its worker %s times and is given up", task.task_path, len(task.worker_ids))


def _queue_again(task: DBTaskResult) -> None:
    """Put the task back as it was seen; one that has moved meanwhile is left alone."""
    as_seen = DBTaskResult.objects.running().filter(pk=task.pk, started_at=task.started_at)
    if as_seen.update(status=TaskResultStatus.READY):
        log.warning("Task %s lost its worker and is queued again", task.task_path)
