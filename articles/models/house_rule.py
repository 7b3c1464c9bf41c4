"""The house style as data: what a sub-editor wants to be warned of. Written by desk.house_style only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HouseRuleQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class HouseRule(models.Model):
    """One thing to look for in a story's words, and what is said about it."""

    class Kind(models.TextChoices):
        WORDING = "wording", _("words to avoid")
        ACRONYM = "acronym", _("abbreviation")
        RANK = "rank", _("rank")
        RELATIVE_DATE = "date", _("relative date")

    class Level(models.TextChoices):
        WARNING = "warning", _("asks")
        ERROR = "error", _("stops publication")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(
        _("text"), max_length=120, help_text=_("As it stands in stories. * stands for any word; capitals do not count.")
    )
    expansion = models.CharField(
        _("in full"), max_length=200, blank=True, help_text=_("What to write instead, or what it stands for.")
    )
    advice = models.CharField(_("advice"), max_length=300, blank=True)
    level = models.CharField(_("what it does"), max_length=8, choices=Level.choices, default=Level.WARNING)
    is_active = models.BooleanField(_("in use"), default=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = HouseRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "text"]
        verbose_name = _("house rule")
        verbose_name_plural = _("house rules")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.UniqueConstraint(fields=["kind", "text"], name="house_rule_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="house_rule_looks_for_something"),
        ]

    def __str__(self) -> str:
        return self.text
