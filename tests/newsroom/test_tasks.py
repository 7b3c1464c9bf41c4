"""A task whose worker died is queued again, and given up in the end."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsroom import tasks

pytestmark = pytest.mark.django_db(transaction=True)

told: list[str] = []


@task
def tell(word: str) -> None:
    told.append(word)


@pytest.fixture
def left_behind(settings):
    """A task that its worker began an hour ago and never finished."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    tell.enqueue("hello")
    row = DBTaskResult.objects.get()
    row.claim("worker-that-died")
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    told.clear()
    return row


def test_a_task_left_behind_is_queued_again_and_then_done(left_behind):
    tasks.reap(timezone.now())
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    left_behind.refresh_from_db()
    assert left_behind.status == TaskResultStatus.SUCCESSFUL
    assert told == ["hello"]


def test_a_task_that_runs_for_a_minute_is_left_alone(left_behind):
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(minutes=1))
    tasks.reap(timezone.now())
    left_behind.refresh_from_db()
    assert left_behind.status == TaskResultStatus.RUNNING


def test_a_task_that_finished_meanwhile_is_left_alone(left_behind):
    as_seen = DBTaskResult.objects.get()
    left_behind.refresh_from_db()
    left_behind.set_successful(None)
    tasks._queue_again(as_seen)
    left_behind.refresh_from_db()
    assert left_behind.status == TaskResultStatus.SUCCESSFUL


def test_after_three_more_attempts_it_fails_and_says_so(left_behind, caplog):
    for attempt in range(4):
        tasks.reap(timezone.now())
        left_behind.refresh_from_db()
        if attempt < 3:
            assert left_behind.status == TaskResultStatus.READY
            left_behind.claim(f"worker-{attempt}")
            DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert left_behind.status == TaskResultStatus.FAILED
    assert "lost its worker 4 times" in left_behind.traceback
    assert "given up" in caplog.text
