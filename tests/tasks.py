"""The task queue of the tests: what is ordered is done in this process, as soon as the transaction around it stands."""

from django.db import transaction
from django_tasks.backends.immediate import ImmediateBackend


class AfterCommit(ImmediateBackend):
    def _execute_task(self, task_result) -> None:
        transaction.on_commit(lambda: super(AfterCommit, self)._execute_task(task_result), robust=True)
