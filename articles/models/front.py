"""The working copies of the home page and of the tops of sections."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Front(models.Model):
    """What is being laid out: the home page, or with a section the top of its page. Readers see an Edition of it.

    Written by desk.fronts only; ``content`` is a live.layouts.Layout.
    """

    subject = models.CharField(max_length=120, unique=True)
    section = models.ForeignKey("articles.Section", models.PROTECT, null=True, blank=True, related_name="+")
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("front")
        verbose_name_plural = _("fronts")
        default_permissions = ()
        permissions = [
            ("arrange_front", "Can arrange the home page and the fronts of sections"),
            ("launch_front", "Can launch the home page and the fronts of sections"),
        ]

    def __str__(self) -> str:
        return str(self.section or _("Home page"))
