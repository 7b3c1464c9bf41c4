"""What the desk's search reads, and the questions that a person keeps. Written by desk.finding and desk.views only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DeskText(models.Model):
    """The words of a working copy as plain text; readers' pages never see it.

    ``labels`` are names that stand in other rows: who signs, topics with their other names, the captions of pictures.
    """

    article = models.OneToOneField("articles.Article", models.CASCADE, primary_key=True, related_name="desk_text")
    title = models.TextField(blank=True)
    words = models.TextField(blank=True)
    labels = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("text for the desk’s search")
        verbose_name_plural = _("texts for the desk’s search")
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class Bookmark(models.Model):
    """How far a duty of the clock has read the record of events."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"


class SavedView(models.Model):
    """A question to the story list under a name of its own; it belongs to one person."""

    owner = models.ForeignKey("articles.User", models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.name
