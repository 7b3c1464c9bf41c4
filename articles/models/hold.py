"""What keeps a story from going out: holds, and embargoes that somebody wants to end early. Written by desk.holds and
desk.embargoes only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HoldQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(lifted_at=None)

    def of_names(self):
        return self.filter(article=None)


class Hold(models.Model):
    """A casualty hold, on one story or on a name wherever it stands, until next of kin are known to be informed."""

    article = models.ForeignKey("articles.Article", models.PROTECT, null=True, blank=True, related_name="holds")
    name = models.CharField(
        _("name"), max_length=150, blank=True, help_text=_("Held in every story, caption, text alternative and topic.")
    )
    variants = models.JSONField(_("other spellings"), default=list, blank=True, help_text=_("A list of strings."))
    reason = models.CharField(_("why"), max_length=300)
    set_at = models.DateTimeField(_("set"))
    set_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    informed_by = models.CharField(
        _("who informed the next of kin"), max_length=150, blank=True, help_text=_("Name and office, as told to us.")
    )
    informed_at = models.DateTimeField(_("when they were informed"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lift_note = models.CharField(_("how we know"), max_length=300, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at", "-id"]
        verbose_name = _("casualty hold")
        verbose_name_plural = _("casualty holds")
        default_permissions = ("view",)
        indexes = [models.Index(fields=["article"], condition=Q(lifted_at=None), name="hold_standing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, name="") | (Q(article=None) & ~Q(name="")),
                name="hold_is_on_a_story_or_a_name",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, informed_by="", informed_at=None, lift_note="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False, informed_at__isnull=False) & ~Q(informed_by="")),
                name="hold_lifting_is_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="hold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.article)


class EmbargoRelease(models.Model):
    """Somebody asks that an embargo end earlier; a second person grants or refuses it."""

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="embargo_releases")
    was_until = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text=_("Empty: no embargo any more."))
    why = models.CharField(_("why"), max_length=300)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="+")
    is_granted = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("request to lower an embargo")
        verbose_name_plural = _("requests to lower embargoes")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(answered_at=None), name="one_open_embargo_release_per_story"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, is_granted=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_granted__isnull=False),
                name="embargo_release_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=None) | ~Q(answered_by=models.F("asked_by")),
                name="embargo_release_takes_two",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="embargo_release_has_a_reason"),
        ]

    def __str__(self) -> str:
        return str(self.article)


class Opening(models.Model):
    """Who has opened a story while it was under embargo or on hold: once for each person and day."""

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="openings")
    user = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    first_at = models.DateTimeField(_("first opened"))
    last_at = models.DateTimeField(_("last opened"))

    class Meta:
        ordering = ["-last_at", "-id"]
        verbose_name = _("opening of an embargoed story")
        verbose_name_plural = _("openings of embargoed stories")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "user", "on"], name="opening_once_a_day")]

    def __str__(self) -> str:
        return f"{self.user}: {self.article}"
