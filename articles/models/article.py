"""The story on the desk: its identity, its working copy, and what lies in it. Readers never see these rows."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from .natural import NaturalKey, NaturalKeyQuerySet


class ArticleQuerySet(NaturalKeyQuerySet):
    def in_state(self, *states: str):
        return self.filter(state__in=states)

    def of_person(self, user):
        """Stories that ``user`` started, is assigned to, or signs."""
        mine = models.Q(created_by=user) | models.Q(assignee=user) | models.Q(bylines__author__user=user)
        return self.filter(models.Exists(self.model._default_manager.filter(mine, pk=models.OuterRef("pk"))))

    def keys_of_person(self, user):
        """The keys of the stories that ``user`` started, is assigned to, or signs, each from an index of its own."""
        signed = Byline.objects.filter(author__user=user).order_by().values("article")
        started, given = (self.filter(**{who: user}).order_by().values("pk") for who in ("created_by", "assignee"))
        return started.union(given, signed)


class Article(NaturalKey):  # type: ignore[django-manager-missing]  # mypy cannot see taggit’s
    """A story: who it is (uid), its working copy, and the desk's side of its life (state)."""

    natural_field = "uid"

    class Kind(models.TextChoices):
        NEWS = "news", _("news")
        ANALYSIS = "analysis", _("analysis")
        OPINION = "opinion", _("opinion")
        EXPLAINER = "explainer", _("explainer")
        INTERVIEW = "interview", _("interview")
        GALLERY = "gallery", _("gallery")

    class State(models.TextChoices):
        PITCHED = "pitched", _("pitched")
        WRITING = "writing", _("writing")
        SUBMITTED = "submitted", _("submitted")
        LEGAL = "legal", _("with the lawyers")
        SECURITY = "security", _("in security review")
        READY = "ready", _("ready")
        SPIKED = "spiked", _("spiked")

    class Sensitivity(models.TextChoices):
        NORMAL = "normal", _("normal")
        LEGAL = "legal", _("legal")
        SECURITY = "security", _("security")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    # The manuscript: changed by desk.drafts only.
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NEWS)
    section = models.ForeignKey(
        "articles.Section", models.PROTECT, null=True, blank=True, verbose_name=_("section"), related_name="articles"
    )
    kicker = models.CharField(
        _("kicker"), max_length=60, blank=True, help_text=_("One or two words above the headline.")
    )
    headline = models.CharField(_("headline"), max_length=300, blank=True)
    short_headline = models.CharField(_("headline on the home page"), max_length=160, blank=True)
    search_headline = models.CharField(_("headline for search and social"), max_length=160, blank=True)
    feed_headline = models.CharField(_("headline in feeds"), max_length=300, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("One sentence under the headline."))
    slug = models.SlugField(
        _("address"), max_length=200, blank=True, help_text=_("Left empty, it is made from the headline.")
    )
    dateline = models.CharField(_("dateline"), max_length=80, blank=True, help_text=_("Where it was reported from."))
    body = models.TextField(_("story"), blank=True)
    cover = models.ForeignKey(
        "articles.Image",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("cover picture"),
        related_name="cover_of",
    )
    tags = TaggableManager(through="articles.TaggedArticle", blank=True, verbose_name=_("topics"))
    related = models.JSONField(_("related stories"), default=list, blank=True)
    language = models.CharField(_("language"), max_length=12, default="en-GB")
    dated_on = models.DateField(
        _("dated"), null=True, blank=True, help_text=_("Only for a story from before it came here: its own day.")
    )
    dated_note = models.CharField(_("how we know the date"), max_length=300, blank=True)

    # The desk's side: each has its own verb.
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WRITING, editable=False)
    sensitivity = models.CharField(
        _("sensitivity"), max_length=12, choices=Sensitivity.choices, default=Sensitivity.NORMAL, editable=False
    )
    embargo_until = models.DateTimeField(_("embargo until"), null=True, blank=True, editable=False)
    embargo_source = models.CharField(_("embargo set by"), max_length=150, blank=True, editable=False)
    assignee = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, editable=False, related_name="assigned_articles"
    )
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(_("priority"), default=3, editable=False)
    created_at = models.DateTimeField(_("started"), auto_now_add=True)
    created_by = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, editable=False, related_name="created_articles"
    )
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True, editable=False)
    saved_by = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, editable=False, related_name="saved_articles"
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        default_permissions = ("add", "change", "view")
        permissions = [
            ("submit_article", _("Can submit a story")),
            ("send_back_article", _("Can send a story back")),
            ("publish_article", _("Can publish and update a story")),
            ("withdraw_article", _("Can withdraw a story")),
            ("spike_article", _("Can spike and revive a story")),
            ("change_any_article", _("Can change everybody’s stories")),
            ("assign_article", _("Can commission stories, assign them and set deadlines")),
            ("classify_article", _("Can say how sensitive a story is")),
            ("embargo_article", _("Can set an embargo and ask to lower one")),
            ("release_embargo", _("Can grant that an embargo ends early")),
            ("hold_article", _("Can set casualty holds")),
            ("lift_hold", _("Can lift casualty holds")),
            ("approve_legal", _("Can approve a story for law")),
            ("approve_security", _("Can review a story for security")),
        ]
        # The story list walks one of these from its end: see admin.story_rows.
        indexes = [
            models.Index(fields=["-saved_at", "-id"], name="article_newest_first"),
            models.Index(fields=["state", "-saved_at", "-id"], name="article_by_state"),
            models.Index(fields=["section", "-saved_at", "-id"], name="article_by_section"),
            models.Index(fields=["kind", "-saved_at", "-id"], name="article_by_kind"),
            models.Index(fields=["assignee", "-saved_at", "-id"], name="article_by_assignee"),
            models.Index(
                fields=["-saved_at", "-id"],
                condition=models.Q(embargo_until__isnull=False),
                name="article_under_embargo",
            ),
            models.Index(
                fields=["embargo_until"],
                condition=models.Q(embargo_until__isnull=False),
                name="article_by_end_of_embargo",
            ),
            models.Index(
                fields=["deadline_at"], condition=models.Q(deadline_at__isnull=False), name="article_by_deadline"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(version__gte=1), name="article_version_counts_from_one")
        ]

    def __str__(self) -> str:
        return self.headline or str(_("Story without a headline"))


class BylineQuerySet(models.QuerySet):
    def get_by_natural_key(self, uid, order):
        return self.get(article__uid=uid, order=order)


class Byline(models.Model):
    """One line of who made the story, in order: an author, or a free text."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="bylines")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    author = models.ForeignKey(
        "articles.Author", models.PROTECT, null=True, blank=True, verbose_name=_("author"), related_name="bylines"
    )
    text = models.CharField(_("or a free text"), max_length=120, blank=True)
    role = models.CharField(
        _("role"), max_length=40, blank=True, help_text=_("Empty for “By”; for example “Pictures by”.")
    )

    objects = BylineQuerySet.as_manager()

    class Meta:
        ordering = ["order"]
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        indexes = [models.Index(fields=["author", "article"], name="byline_of_author")]
        constraints = [
            models.UniqueConstraint(fields=["article", "order"], name="byline_order_once"),
            models.CheckConstraint(
                condition=(models.Q(author__isnull=False) & models.Q(text=""))
                | (models.Q(author=None) & ~models.Q(text="")),
                name="byline_is_an_author_or_a_text",
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.author)

    def natural_key(self) -> tuple[str, int]:
        return (str(self.article.uid), self.order)

    natural_key.dependencies = ["articles.article"]  # type: ignore[attr-defined]  # how Django wants it


class Placement(models.Model):
    """Where a picture is used in a working copy. Derived: desk.drafts writes it anew on each save."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="placements")
    image = models.ForeignKey("articles.Image", models.PROTECT, related_name="placements")
    position = models.PositiveSmallIntegerField(help_text=_("0 is the cover; figures count from 1."))

    class Meta:
        ordering = ["position"]
        verbose_name = _("picture in a story")
        verbose_name_plural = _("pictures in stories")
        constraints = [models.UniqueConstraint(fields=["article", "position"], name="one_picture_per_place")]

    def __str__(self) -> str:
        return f"{self.image} ({self.position})"
