"""A signed address by which somebody outside may read a story before it is public. Written by desk.previews only."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class PreviewLinkQuerySet(models.QuerySet):
    def alive(self, t: datetime):
        """Those that still open at ``t``: not run out, not revoked, and made by somebody who still works here."""
        return self.filter(expires_at__gt=t, revoked_at=None, made_by__is_active=True)

    def following(self):
        """Those that show the story as it stands."""
        return self.filter(revision=None)


class PreviewLink(models.Model):
    """For whom, until when, how often it was used. With a revision it shows that one, else the story as it stands."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="preview_links")
    revision = models.ForeignKey(
        "articles.Revision", models.PROTECT, null=True, blank=True, related_name="preview_links"
    )
    label = models.CharField(_("for whom"), max_length=120)
    password = models.CharField(max_length=128, blank=True, help_text=_("Hashed; empty where none is asked."))
    made_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("until"))
    revoked_by = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    views = models.PositiveIntegerField(default=0)
    last_viewed_at = models.DateTimeField(null=True, blank=True)
    # Who guesses a password has ten tries an hour, then an hour's rest.
    guesses = models.PositiveSmallIntegerField(default=0, help_text=_("Wrong passwords since guessing began."))
    guessed_since = models.DateTimeField(null=True, blank=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ("add",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_by=None, revoked_at=None)
                | models.Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="preview_link_revocation_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.label
