"""The only writer of events. Each is chained to the one before by its digest; none is ever changed or deleted."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone

from articles.models import Chain, Event, EventOrigin, User

CHAIN = "audit"

recorded = Signal()  # of each event that stands, with its ``verb``; for whoever counts them


@dataclass(frozen=True)
class Origin:
    """Where something is done from: the address and the browser, or the command, of whoever does it."""

    address: str = ""
    device: str = ""


@dataclass(frozen=True)
class Fault:
    """The first event that is not as it was written, and why."""

    number: int
    why: str


_origin: ContextVar[Origin | None] = ContextVar("audit origin", default=None)


@contextmanager
def done_from(address: str, device: str) -> Iterator[None]:
    """What is recorded inside was done from there."""
    token = _origin.set(Origin(address[:45], device[:300]))
    try:
        yield
    finally:
        _origin.reset(token)


def record(verb: str, subject: models.Model, *, by: User | None, at: datetime | None = None, **details: Any) -> Event:
    """Write down that ``by`` did ``verb`` to ``subject``. Call it last in the transaction: it locks the chain's end.

    ``by`` is None for what the system does by itself. ``details`` are plain JSON values.
    """
    with transaction.atomic():
        chain = Chain.objects.select_for_update().get_or_create(name=CHAIN)[0]
        event = Event(
            number=chain.length + 1,
            at=at or timezone.now(),
            actor_key=by.pk if by else None,
            actor_name=str(by)[:150] if by else "Newsroom",
            verb=verb,
            subject_kind=str(subject._meta.model_name),
            subject_key=str(subject.pk),
            subject_name=str(subject)[:300],
            details=details,
            previous=chain.head,
        )
        if origin := _origin.get():
            event.origin = _remember(origin, event)
        event.digest = digest(event)
        event.save(force_insert=True)
        Chain.objects.filter(name=CHAIN).update(length=event.number, head=event.digest)
    if recorded.receivers:
        transaction.on_commit(partial(recorded.send_robust, sender=Event, verb=verb))
    return event


def digest(event: Event) -> str:
    """SHA-256 (hex) over everything the event says and the digest of the one before."""
    said = [
        event.number,
        event.at.timestamp(),
        event.actor_key,
        event.actor_name,
        event.verb,
        event.subject_kind,
        event.subject_key,
        event.subject_name,
        event.details,
        event.previous,
        *([event.origin] if event.origin else []),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_fault(*, expect: tuple[int, str] | None = None, using: str = "default") -> Fault | None:
    """The first event that does not fit the chain, or None when all is as it was written.

    Whoever can write to the database can cut off the newest events and the end of the chain with them. ``expect`` is an
    event's number and digest that were noted down outside (see ``anchor``): then that is found too.
    """
    head, number = "0" * 64, 0
    for event in Event.objects.using(using).order_by("number").iterator(chunk_size=1000):
        number += 1
        if event.number != number:
            return Fault(number, f"it is missing: after it comes {event.number}")
        if event.previous != head:
            return Fault(number, "it does not follow the one before")
        if event.digest != digest(event):
            return Fault(number, "what it says is not what was written")
        if expect and expect[0] == number and expect[1] != event.digest:
            return Fault(number, "it is not the event that was noted down outside")
        head = event.digest
    chain = Chain.objects.using(using).filter(name=CHAIN).first()
    if (chain.head, chain.length) != (head, number) if chain else number:
        return Fault(number + 1, "the end of the record is missing")
    if expect and expect[0] > number:
        return Fault(number + 1, f"the record was cut off: event {expect[0]} was noted down outside")
    return None


def trouble(using: str) -> str:
    """The first fault of the record in that database, as a sentence; else an empty text."""
    fault = first_fault(using=using)
    return f"The record is not as it was written: event {fault.number}: {fault.why}." if fault else ""


def faults(*, read: bool = False) -> Iterator[str]:
    """The trouble of this database's record, for the check of the whole house."""
    yield from filter(None, [trouble("default")])


def anchor(using: str = "default") -> tuple[int, str]:
    """The number and digest of the newest event, to be noted down where nobody who is here can change it."""
    chain = Chain.objects.using(using).filter(name=CHAIN).first()
    return (chain.length, chain.head) if chain else (0, "0" * 64)


def noted(using: str) -> str:
    """The same as it is written down: “NUMBER:DIGEST”."""
    number, head = anchor(using)
    return f"{number}:{head}"


def lines() -> Iterator[str]:
    """The whole record, oldest first, one JSON object a line; where things were done from is not in it."""
    for event in Event.objects.order_by("number").iterator(chunk_size=1000):
        said = {field.name: getattr(event, field.name) for field in Event._meta.concrete_fields if field.name != "id"}
        yield json.dumps(said | {"at": event.at.isoformat()}, ensure_ascii=False, sort_keys=True) + "\n"


def forget_origins(now: datetime) -> None:
    """A duty of the clock: where things were done from is personal, and kept for ORIGIN_DAYS only."""
    EventOrigin.objects.filter(at__lt=now - timedelta(days=settings.ORIGIN_DAYS)).delete()


def _remember(origin: Origin, event: Event) -> str:
    """Keep ``origin`` beside the record; its digest, with a salt of its own, is what the chain holds."""
    salt = secrets.token_hex(16)
    EventOrigin.objects.create(
        event_number=event.number, salt=salt, address=origin.address, device=origin.device, at=event.at
    )
    return hashlib.sha256(json.dumps([salt, origin.address, origin.device]).encode()).hexdigest()
