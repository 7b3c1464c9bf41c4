"""That a second person has read exactly this text: for the law, or for security. Written by desk.approvals only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ApprovalQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has taken back. Whether one still fits the text is another question: see ``of_text``."""
        return self.filter(revoked_at=None)

    def of_text(self, fingerprint: str):
        """Those that were given to exactly this text, with its picture facts and names."""
        return self.filter(fingerprint=fingerprint)


class Approval(models.Model):
    """A person stands for one text. It is bound to the text's fingerprint: one changed character suspends it."""

    class Level(models.TextChoices):
        LEGAL = "legal", _("read for law")
        SECURITY = "security", _("security review")

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="approvals")
    level = models.CharField(_("what was looked at"), max_length=12, choices=Level.choices)
    fingerprint = models.CharField(max_length=64, help_text=_("Of the manuscript with its picture facts and names."))
    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="approvals")
    note = models.TextField(_("note"), blank=True)
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey("articles.User", models.PROTECT, related_name="approvals", verbose_name=_("by"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="+")
    revoked_why = models.CharField(max_length=300, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["article", "level", "fingerprint"], name="approval_of_text")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revoked_why="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_why="")),
                name="approval_revocation_is_whole",
            ),
            models.CheckConstraint(condition=~Q(fingerprint=""), name="approval_names_its_text"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.article}"


class SecurityReview(models.Model):
    """What a security reviewer looked for and found. Read by security reviewers only, and never exported."""

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="security_reviews")
    fingerprint = models.CharField(max_length=64)
    answers = models.JSONField(default=dict, help_text=_("{question: {answer: yes|no, note}}."))
    found = models.JSONField(default=list, help_text=_("What the scan showed to the reviewer, as it was then."))
    note = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    approval = models.OneToOneField(
        Approval, models.PROTECT, null=True, blank=True, related_name="review", help_text=_("Empty where it refused.")
    )

    class Meta:
        ordering = ["-reviewed_at", "-id"]
        verbose_name = _("security review")
        verbose_name_plural = _("security reviews")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{_('security review')} ({self.reviewed_at:%Y-%m-%d})"
