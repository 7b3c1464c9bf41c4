"""Every version of a story's text. Written by desk.drafts only; once sealed, a revision never changes."""

import json
import zlib
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(sealed_at=None)

    def sealed(self):
        return self.exclude(sealed_at=None)

    def of_the_story(self):
        """Those that once were the story's working copy."""
        return self.filter(departed_from=None)

    def asides(self):
        """Texts that never became the story's; one that is still open waits to be put together with it."""
        return self.exclude(departed_from=None)

    def newest_first(self):
        return self.order_by("-number")


class Revision(models.Model):
    """One writing spell of one person: open while it lasts, then sealed for ever.

    An aside is a text that never became the story's: what clashed with a colleague's words, what a tab held when
    another took over, what came while the story rested. ``departed_from`` is the version it was written over.
    """

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField(help_text=_("The version of the story that this revision holds."))
    manuscript = models.JSONField()
    fingerprint = models.CharField(max_length=64, blank=True, help_text=_("Empty while it is open."))
    written_by = models.ForeignKey("articles.User", models.PROTECT, related_name="revisions")
    tab = models.CharField(max_length=64, blank=True, help_text=_("Which browser tab the writing spell belongs to."))
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_why = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    departed_from = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Only of an aside: the version of the story that it was written over.")
    )
    ancestor = models.JSONField(
        null=True, blank=True, help_text=_("Only of an aside: the words that it and the story both began from.")
    )
    # Against the revision of the story before it; counted when it is sealed.
    words_added = models.PositiveIntegerField(default=0)
    words_removed = models.PositiveIntegerField(default=0)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["article"],
                condition=Q(sealed_at=None, departed_from=None),
                name="one_open_revision_per_story",
            ),
            models.UniqueConstraint(
                fields=["article", "written_by", "tab"],
                condition=Q(sealed_at=None, departed_from__isnull=False),
                name="one_open_aside_per_tab",
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

    @property
    def is_aside(self) -> bool:
        return self.departed_from is not None


class RevisionName(models.Model):
    """What people call a revision: “as sent to the lawyers”. Its own row, because a sealed revision never changes."""

    revision = models.OneToOneField(Revision, models.PROTECT, related_name="label")
    name = models.CharField(_("name"), max_length=120)
    named_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    named_at = models.DateTimeField()

    class Meta:
        verbose_name = _("name of a revision")
        verbose_name_plural = _("names of revisions")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class MergeBase(models.Model):
    """The words of one accepted version, kept for a day, so that whoever writes over it can be merged with the rest."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="merge_bases")
    version = models.PositiveIntegerField()
    packed = models.BinaryField(help_text=_("The manuscript as JSON, compressed by zlib."))
    # Which opened page sent it, and its words before they were merged with others' (empty: they were the same). What
    # this page sends next began from them, even when our answer never reached it.
    sender = models.CharField(max_length=64, blank=True)
    packed_as_sent = models.BinaryField(blank=True, default=b"")
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("merge base")
        verbose_name_plural = _("merge bases")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "version"], name="one_merge_base_per_version")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.version})"

    @staticmethod
    def pack(manuscript: dict[str, Any]) -> bytes:
        return zlib.compress(json.dumps(manuscript, ensure_ascii=False).encode(), 1)

    @property
    def manuscript(self) -> dict[str, Any]:
        return _unpacked(self.packed)

    @property
    def as_sent(self) -> dict[str, Any]:
        """The manuscript as its writer had it before them."""
        return _unpacked(self.packed_as_sent or self.packed)


def _unpacked(packed: bytes | memoryview) -> dict[str, Any]:
    return json.loads(zlib.decompress(packed))
