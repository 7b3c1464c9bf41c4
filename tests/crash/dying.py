"""Lets a process of its own do something and die in the middle of it, at a step that the test names.

A step is a statement to the database, the moment before or after a commit, or a change among the files. The process is
killed by SIGKILL, so nothing of it can tidy up: what it leaves is what a power cut or the kernel would leave.
"""

import contextlib
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection, connections

NEVER = sys.maxsize
CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree"})


class Steps:
    """Counts the steps of this process, and kills it before the one that is meant."""

    def __init__(self, last: int):
        self.last, self.taken = last, 0

    def take(self) -> None:
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        sys.addaudithook(self._audit)
        commit = connection._commit

        def committing():
            self.take()
            commit()
            self.take()

        connection._commit = committing
        with connection.execute_wrapper(self._ask):
            yield

    def _ask(self, execute, sql, params, many, context):
        self.take()
        return execute(sql, params, many, context)

    def _audit(self, event: str, arguments: tuple) -> None:
        if event in CHANGES and str(arguments[0]).startswith(str(settings.MEDIA_ROOT)):
            self.take()


def does(work: Callable[[], object], *, dies_at: int = NEVER) -> int | None:
    """Let a child of this process do ``work``: how many steps it took, or None where it was killed before the end."""
    connections.close_all()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 warns of forks beside threads: the child does this work alone, and ends without returning.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _be_the_child(work, dies_at, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    assert said.isdigit(), said
    return int(said)


def _be_the_child(work: Callable[[], object], dies_at: int, writing: int) -> None:
    said = "it said nothing"
    try:
        steps = Steps(dies_at)
        with steps.counted():
            work()
        said = str(steps.taken)
    except BaseException:
        said = traceback.format_exc()
    finally:
        os.write(writing, said.encode())
        os._exit(0)
