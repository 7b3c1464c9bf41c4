"""Who has a story open, in which tab, and who typed last. Written by desk.presence only."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

# Whoever has not been heard of for this long is not there any more, whatever became of their browser.
AWAY_AFTER = timedelta(minutes=2)


class PresenceQuerySet(models.QuerySet):
    def here(self, now: datetime):
        """Those heard of lately. A row that is older says nothing, so no one holds a story from a closed laptop.

        Nor does one from far ahead: the clock was put back since.
        """
        return self.filter(seen_at__gt=now - AWAY_AFTER, seen_at__lte=now + AWAY_AFTER)

    def taken_over(self, now: datetime):
        """Tabs from which a colleague took over who is still there: nothing outlives the one who took it."""
        holders = Presence.objects.here(now).filter(
            article=models.OuterRef("article"), user=models.OuterRef("ended_by")
        )
        return self.here(now).filter(models.Exists(holders))


class Presence(models.Model):
    """One tab of one person in one story."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="presences")
    user = models.ForeignKey("articles.User", models.CASCADE, related_name="+")
    tab = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    typed_at = models.DateTimeField(null=True, blank=True)
    # A colleague took over: this tab may read on, but what it still sends is kept beside the story.
    ended_by = models.ForeignKey("articles.User", models.CASCADE, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "user", "tab"], name="one_presence_per_tab"),
            models.CheckConstraint(
                condition=models.Q(ended_by=None, ended_at=None)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="presence_end_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.article_id})"
