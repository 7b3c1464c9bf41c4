"""The only writer of events. Each is chained to the one before by its digest; none is ever changed or deleted."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from articles.models import Chain, Event, User

CHAIN = "audit"


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
        event.digest = digest(event)
        event.save(force_insert=True)
        Chain.objects.filter(name=CHAIN).update(length=event.number, head=event.digest)
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
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_fault() -> int | None:
    """The number of the first event that does not fit the chain, or None when all is as it was written."""
    head, expected = "0" * 64, 1
    for event in Event.objects.order_by("number").iterator():
        if event.number != expected or event.previous != head or event.digest != digest(event):
            return event.number
        head, expected = event.digest, expected + 1
    chain = Chain.objects.filter(name=CHAIN).first()
    return None if chain is None or (chain.head, chain.length) == (head, expected - 1) else expected
