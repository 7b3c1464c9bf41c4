"""Pages about the newsroom and its rules, and the intervals in which what is no story is public."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .publication import FAR_FUTURE, IntervalQuerySet


class FlatPage(models.Model):
    """The working copy of a page such as “Privacy”; readers see an Edition of it. Written by desk.flat_pages only."""

    title = models.CharField(_("title"), max_length=120)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_(
            "The end of its address below /about/; left empty, it is made from the title. It cannot change later."
        ),
    )
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("One sentence, for lists and search engines.")
    )
    body = models.TextField(_("text"), blank=True)
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first in the list.")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        default_permissions = ("view", "add", "change")
        constraints = [
            models.CheckConstraint(condition=~Q(slug="") & ~Q(title=""), name="page_has_a_title_and_an_address")
        ]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """What readers see of something that is no story, in [live_from, live_until). Written by live.editions only.

    ``subject`` says what it is of: “page:privacy”.
    """

    subject = models.CharField(max_length=120)
    content = models.JSONField()
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(default=FAR_FUTURE)
    made_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")

    objects = IntervalQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        default_permissions = ()
        indexes = [models.Index(fields=["subject", "-live_from"], name="edition_of_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=Q(live_until=FAR_FUTURE), name="one_open_edition_of_a_subject"
            ),
            models.CheckConstraint(condition=Q(live_from__lt=F("live_until")), name="edition_starts_before_it_ends"),
        ]

    def __str__(self) -> str:
        return self.subject
