"""The audit: what was done, by whom, to what. Written by articles.audit only; never changed, never deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet):
    def about(self, kind: str, key):
        return self.filter(subject_kind=kind, subject_key=str(key))

    def newest_first(self):
        return self.order_by("-number")


class Event(models.Model):
    """One thing that was done. No foreign keys: the record outlives what it names."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(_("when"))
    actor_key = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(_("who"), max_length=150)
    verb = models.CharField(_("did"), max_length=40)
    subject_kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=40)
    subject_name = models.CharField(_("what"), max_length=300)
    details = models.JSONField(default=dict)
    origin = models.CharField(
        max_length=64, blank=True, help_text=_("Salted digest of where it was done from; the details may be forgotten.")
    )
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["subject_kind", "subject_key", "-number"], name="event_by_subject"),
            # What is not about stories, which most are: for the desks of those who may not see stories.
            models.Index(fields=["-number"], condition=~models.Q(subject_kind="article"), name="event_beside_stories"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.subject_name}"


class EventOrigin(models.Model):
    """Where something was done from. Personal, so it stands beside the record and is forgotten after a time."""

    event_number = models.PositiveBigIntegerField(unique=True)
    salt = models.CharField(max_length=32)
    address = models.CharField(_("address"), max_length=45, blank=True)
    device = models.CharField(_("device"), max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("origin of an event")
        verbose_name_plural = _("origins of events")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["at"], name="event_origin_by_age")]

    def __str__(self) -> str:
        return self.address


class Chain(models.Model):
    """The end of the chain of events: its length and last digest. Locked last in each transaction."""

    name = models.CharField(max_length=20, primary_key=True)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.length}"
