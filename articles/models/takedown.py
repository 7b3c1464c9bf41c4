"""A picture that must not be shown any more, or not for a time, and what stands in its place. Written by
live.takedowns only."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .publication import FAR_FUTURE, IntervalQuerySet


class Takedown(models.Model):
    """An interval in which a picture is shown nowhere, in no story, and its public files answer to nobody.

    Somebody took it down, or we have no rights to it then: those intervals follow the picture's own dates.
    """

    class Kind(models.TextChoices):
        TAKEN = "taken", _("taken down")
        RIGHTS = "rights", _("no rights")

    image = models.ForeignKey("articles.Image", models.PROTECT, related_name="takedowns")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TAKEN)
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(default=FAR_FUTURE)
    fallback = models.ForeignKey(
        "articles.Image",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stands_in_for",
        help_text=_("The picture that readers see instead; without one they see a plain placeholder."),
    )
    why = models.CharField(_("why"), max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    ended_by = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = IntervalQuerySet.as_manager()

    class Meta:
        ordering = ["-live_from", "-id"]
        verbose_name = _("takedown of a picture")
        verbose_name_plural = _("takedowns of pictures")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["image", "live_from", "live_until"], name="takedown_by_time")]
        constraints = [
            models.CheckConstraint(condition=Q(live_from__lt=F("live_until")), name="takedown_starts_before_it_ends"),
            models.CheckConstraint(condition=~Q(why=""), name="takedown_has_a_reason"),
            models.CheckConstraint(
                condition=Q(fallback=None) | ~Q(fallback=F("image")), name="takedown_does_not_fall_back_on_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.image)
