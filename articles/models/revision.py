"""Every version of a story's text. Written by desk.drafts only; once sealed, a revision never changes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(sealed_at=None)

    def sealed(self):
        return self.exclude(sealed_at=None)

    def newest_first(self):
        return self.order_by("-number")


class Revision(models.Model):
    """One writing spell of one person: open while it lasts, then sealed for ever."""

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(help_text=_("The version of the story that this revision holds."))
    manuscript = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    written_by = models.ForeignKey("articles.User", models.PROTECT, related_name="revisions")
    tab = models.CharField(max_length=64, blank=True, help_text=_("Which browser tab the writing spell belongs to."))
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_why = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["article"], condition=Q(sealed_at=None), name="one_open_revision_per_story"
            ),
            models.CheckConstraint(
                condition=Q(sealed_at=None, sealed_why="") | (Q(sealed_at__isnull=False) & ~Q(sealed_why="")),
                name="revision_seal_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.manuscript.get('headline', '')} ({self.number})"

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None
