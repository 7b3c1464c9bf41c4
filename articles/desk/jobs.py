"""Jobs that have failed: work behind the pages, such as the public files of a picture. Who looks after the site may
have one tried again; why it failed stands in the log.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from articles import audit
from articles.models import User

from . import roles


class NotFailed(Exception):
    """There is no such job, or it has not failed."""

    def __init__(self) -> None:
        super().__init__(_("That job has not failed, or somebody has had it tried again already."))


def failed(*, most: int = 20) -> list[DBTaskResult]:
    """The newest."""
    return list(DBTaskResult.objects.failed().order_by("-finished_at")[:most])


@transaction.atomic
def try_again(key: UUID, *, by: User) -> None:
    """Queue a failed job again, as if it were new. Raises Refused and NotFailed."""
    roles.require(by, "look_after")
    job = DBTaskResult.objects.failed().filter(pk=key)
    queued = job.update(
        status=TaskResultStatus.READY,
        enqueued_at=timezone.now(),
        started_at=None,
        finished_at=None,
        worker_ids=[],
        exception_class_path="",
        traceback="",
    )
    if not queued:
        raise NotFailed
    again = DBTaskResult.objects.get(pk=key)
    audit.record("had tried again", again, by=by, job=again.task_path)
