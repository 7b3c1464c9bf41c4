"""Where an imported story came from, so that the same source is never taken in twice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """A text that came in from outside, known by its id; the digest tells whether it has changed since."""

    key = models.CharField(_("id"), max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="sources")
    received_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.key
