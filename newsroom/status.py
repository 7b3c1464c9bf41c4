"""What the house says of itself: part by part, whether it is well, and where it is not, what somebody is to do.

The parts are named in settings (STATUS_PARTS): functions of a moment that return what becomes a Fact, as a mapping.
The same facts stand on the operators' page, in ``manage.py status``, in /readyz for operators and in the metrics. No
part can keep the others from being told: each has so many seconds to answer.
"""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from newsroom.probes import Probes

PATIENCE = 2.0  # seconds
KEPT = 1.0  # seconds for which a machine that asks again is told the same

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fact:
    """One part of the house. ``says`` is how it is; ``do`` what somebody is to do, empty while it is well."""

    name: str
    title: str
    says: str
    do: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


_probes: Probes[Mapping[str, Any]] = Probes()
_kept: dict[tuple[str, ...], tuple[float, list[Fact]]] = {}
_lock = threading.Lock()


def look(now: datetime, *, parts: Iterable[str] = ()) -> list[Fact]:
    """The facts as of ``now``, in the order of the settings; those of ``parts`` alone where some are named."""
    wanted = tuple(parts) or tuple(settings.STATUS_PARTS)
    questions = {name: partial(import_string(settings.STATUS_PARTS[name]), now) for name in wanted}
    return [_fact(name, answer) for name, answer in _probes.ask(questions, within=PATIENCE).items()]


def lately(now: datetime, *, parts: Iterable[str] = ()) -> list[Fact]:
    """As ``look``, or what it found within the last second: however often machines ask, the house is asked seldom.
    While somebody else is asking, what was found last, so that one part that hangs does not keep every thread.
    """
    wanted = tuple(parts)
    moment, facts = _kept.get(wanted, (0.0, []))
    if facts and (_is_new(moment) or not _lock.acquire(blocking=False)):
        return facts
    if not facts:
        _lock.acquire()
    try:
        moment, facts = _kept.get(wanted, (0.0, []))
        if not (facts and _is_new(moment)):
            facts = look(now, parts=wanted)
            _kept[wanted] = (time.monotonic(), facts)
        return facts
    finally:
        _lock.release()


def _is_new(moment: float) -> bool:
    return time.monotonic() - moment < KEPT


def forget() -> None:
    """Ask anew at the next question."""
    _kept.clear()


def _fact(name: str, answer: Mapping[str, Any] | Exception) -> Fact:
    if not isinstance(answer, Exception):
        return Fact(name, **answer)
    log.warning("The house cannot say how its part “%s” is: %s", name, answer, exc_info=answer)
    return Fact(
        name,
        title=name.replace("_", " ").capitalize(),
        says=_("It did not answer within %(seconds)d seconds.") % {"seconds": PATIENCE}
        if isinstance(answer, TimeoutError)
        else _("It could not be asked (%(fault)s).") % {"fault": type(answer).__name__},
        do=_("See that it runs; the log says what it answered."),
    )
