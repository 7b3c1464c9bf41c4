"""Questions to parts of the house that may hang, each with a time after which it counts as unanswered."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from django.db import connections

Answer = TypeVar("Answer")


class Probes(Generic[Answer]):
    """Asks all at once, each in a thread of its own. A question that is still open is waited for and not asked again,
    so that nothing piles up behind a disk or a database that hangs.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: dict[str, _Question] = {}

    def ask(self, questions: Mapping[str, Callable[[], Answer]], *, within: float) -> dict[str, Answer | Exception]:
        """By name the answer, or the exception that came instead: TimeoutError after so many seconds."""
        end = time.monotonic() + within
        with self.lock:
            asked = {name: self._asked(name, question) for name, question in questions.items()}
        for question in asked.values():
            question.join(max(0.0, end - time.monotonic()))
        return {name: question.answer for name, question in asked.items()}

    def _asked(self, name: str, ask: Callable[[], Answer]) -> "_Question":
        question = self.open.get(name)
        if question is None or not question.is_alive():
            question = self.open[name] = _Question(ask)
            question.start()
        return question


class _Question(threading.Thread, Generic[Answer]):
    def __init__(self, ask: Callable[[], Answer]) -> None:
        super().__init__(daemon=True)
        self.ask = ask
        self.answer: Answer | Exception = TimeoutError("It did not answer in time.")

    def run(self) -> None:
        try:
            self.answer = self.ask()
        except Exception as fault:  # whatever it is, it is the answer
            self.answer = fault
        finally:
            connections.close_all()  # this thread's own
