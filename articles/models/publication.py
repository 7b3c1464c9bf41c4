"""What readers see: intervals of time in which one sealed text is public. Written by articles.live.store only."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

# An open end. Far enough for every story, near enough that no time zone pushes it over the end of the calendar.
FAR_FUTURE = datetime(9000, 1, 1, tzinfo=UTC)


class MonthInUtc(Func):
    """Year and month of a moment, as 202611. In UTC, so that it is the same whatever the outlet's time zone is."""

    output_field = models.PositiveIntegerField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template=_MONTH_SQLITE, **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template=_MONTH_POSTGRESQL, **extra)


_MONTH_SQLITE = "CAST(substr(%(expressions)s, 1, 4) || substr(%(expressions)s, 6, 2) AS INTEGER)"
_MONTH_POSTGRESQL = (
    "(EXTRACT(YEAR FROM %(expressions)s AT TIME ZONE 'UTC') * 100"
    " + EXTRACT(MONTH FROM %(expressions)s AT TIME ZONE 'UTC'))::integer"
)


class IntervalQuerySet(models.QuerySet):
    def at(self, t: datetime):
        """The rows that are true at ``t``: [live_from, live_until)."""
        return self.filter(live_from__lte=t, live_until__gt=t)

    def next_boundary(self, *, after: datetime) -> datetime | None:
        """The earliest start or end after ``after`` among these rows, or None when nothing will change by itself."""
        starts = self.filter(live_from__gt=after).aggregate(t=models.Min("live_from"))["t"]
        ends = self.filter(live_until__gt=after, live_until__lt=FAR_FUTURE).aggregate(t=models.Min("live_until"))["t"]
        return min((t for t in (starts, ends) if t), default=None)

    def latest_first(self):
        return self.order_by("-dated_at", "-id")


class PublicationQuerySet(IntervalQuerySet):
    def at(self, t: datetime):
        """What readers see at ``t``: the one predicate behind every page, list, feed, sitemap and file."""
        return super().at(t).filter(parked_at=None)

    def stories(self):
        return self.filter(kind=Publication.Kind.STORY)

    def next_boundary(self, *, after: datetime) -> datetime | None:
        """As of all intervals; what is parked never begins."""
        return super(PublicationQuerySet, self.filter(parked_at=None)).next_boundary(after=after)


class Publication(models.Model):
    """One interval of one story's public life. Words, names and picture facts are frozen; body_html is derived."""

    class Kind(models.TextChoices):
        STORY = "story", _("story")
        NOTICE = "notice", _("notice of withdrawal")

    class Change(models.TextChoices):
        FIRST = "first", _("first publication")
        TYPO = "typo", _("typo")
        UPDATE = "update", _("update")
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        APOLOGY = "apology", _("apology")
        WITHDRAWAL = "withdrawal", _("withdrawal")

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    revision = models.ForeignKey("articles.Revision", models.PROTECT, related_name="publications")
    address = models.ForeignKey("articles.Address", models.PROTECT, related_name="publications")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("articles.User", models.PROTECT, related_name="publications")
    change = models.CharField(max_length=16, choices=Change.choices)
    note = models.TextField(blank=True, help_text=_("What readers are told about this change."))

    live_from = models.DateTimeField()
    live_until = models.DateTimeField(default=FAR_FUTURE)
    dated_at = models.DateTimeField()
    dated_month = models.GeneratedField(
        expression=MonthInUtc("dated_at"), output_field=models.PositiveIntegerField(), db_persist=True
    )
    modified_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True, blank=True)
    parked_by = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="+")
    parked_why = models.CharField(max_length=300, blank=True)
    base = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("What was live when this was scheduled: a later correction of that is carried into this."),
    )
    flagged_at = models.DateTimeField(null=True, blank=True)
    flagged_why = models.CharField(max_length=300, blank=True, help_text=_("Why a person must look at it."))

    fingerprint = models.CharField(max_length=64)
    manuscript = models.JSONField()
    headline = models.CharField(max_length=300)
    short_headline = models.CharField(max_length=160, blank=True)
    search_headline = models.CharField(max_length=160, blank=True)
    feed_headline = models.CharField(max_length=300, blank=True)
    kicker = models.CharField(max_length=60, blank=True)
    standfirst = models.TextField(blank=True)
    story_kind = models.CharField(max_length=12)
    language = models.CharField(max_length=12)
    dated_by_day = models.BooleanField(default=False, help_text=_("Only the day of the story is known, not the hour."))
    section = models.ForeignKey("articles.Section", models.PROTECT, related_name="publications")
    cover = models.CharField(max_length=36, blank=True, help_text=_("The uid of the cover picture."))
    bylines = models.JSONField(default=list, help_text=_("[{name, slug, role, kind}] as published."))
    topics = models.JSONField(default=list, help_text=_("[{name, slug, kind}] as published."))
    pictures = models.JSONField(
        default=dict,
        help_text=_("{uid: {caption, credit, alt, title, taken_on, width, height, awaiting, whole}} as published."),
    )
    stories = models.JSONField(
        default=dict, help_text=_("{uid: number} of the stories that it names, in links and as related. Derived.")
    )
    body_html = models.TextField(blank=True, help_text=_("Derived from the manuscript; pictures are markers."))
    word_count = models.PositiveIntegerField(default=0)
    composed_digest = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("SHA-256 of all that readers are shown; what does not fit it is not shown."),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-dated_at", "-id"], name="publication_by_date"),
            models.Index(fields=["article", "live_from"], name="publication_of_story"),
            models.Index(fields=["address"], name="publication_by_address"),
            models.Index(fields=["live_until"], name="publication_by_end"),
            models.Index(fields=["live_from"], name="publication_by_start"),
            # What changed last of a month, for the sitemap.
            models.Index(fields=["dated_month", "-modified_at"], name="publication_by_month"),
            # Whether a story is live, answered from the index alone. The story comes first, or lists would be tempted.
            models.Index(
                fields=["article", "kind", "live_until", "live_from"],
                condition=Q(parked_at=None),
                name="publication_awake",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="publication_number_once"),
            models.CheckConstraint(
                condition=Q(live_from__lt=F("live_until")), name="publication_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(parked_at=None, parked_why="") | (Q(parked_at__isnull=False) & ~Q(parked_why="")),
                name="publication_parking_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(change__in=["correction", "clarification", "apology", "withdrawal"]) | ~Q(note=""),
                name="publication_says_what_was_wrong",
            ),
            models.CheckConstraint(
                condition=Q(flagged_at=None, flagged_why="") | (Q(flagged_at__isnull=False) & ~Q(flagged_why="")),
                name="publication_flag_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.headline} ({self.number})"


class Listing(models.Model):
    """A publication in a list, with the dates copied so that one index answers the page."""

    HANGS_ON: str  # the field that says which list

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="+")
    dated_at = models.DateTimeField()
    live_from = models.DateTimeField()
    live_until = models.DateTimeField()

    objects = IntervalQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self) -> str:
        return f"{type(self).__name__} of publication {self.publication_id}"


class SectionListing(Listing):
    """A story in its section, and in each section above that."""

    HANGS_ON = "section"

    section = models.ForeignKey("articles.Section", models.PROTECT, related_name="listings")

    class Meta(Listing.Meta):
        indexes = [models.Index(fields=["section", "-dated_at", "-publication"], name="section_listing_by_date")]
        constraints = [models.UniqueConstraint(fields=["publication", "section"], name="once_in_a_section")]


class TopicListing(Listing):
    """A story under one of its topics."""

    HANGS_ON = "tag"

    tag = models.ForeignKey("articles.Tag", models.PROTECT, related_name="listings")

    class Meta(Listing.Meta):
        indexes = [models.Index(fields=["tag", "-dated_at", "-publication"], name="topic_listing_by_date")]
        constraints = [models.UniqueConstraint(fields=["publication", "tag"], name="once_under_a_topic")]


class AuthorListing(Listing):
    """A story on the page of one who signed it."""

    HANGS_ON = "author"

    author = models.ForeignKey("articles.Author", models.PROTECT, related_name="listings")

    class Meta(Listing.Meta):
        indexes = [models.Index(fields=["author", "-dated_at", "-publication"], name="author_listing_by_date")]
        constraints = [models.UniqueConstraint(fields=["publication", "author"], name="once_by_an_author")]


class PictureUse(Listing):
    """A picture that a publication shows: the gate before public files asks this table."""

    HANGS_ON = "image"

    image = models.ForeignKey("articles.Image", models.PROTECT, related_name="uses")

    class Meta(Listing.Meta):
        indexes = [models.Index(fields=["image", "live_from", "live_until"], name="picture_use_by_time")]
        constraints = [models.UniqueConstraint(fields=["publication", "image"], name="picture_once_per_publication")]


class Correction(models.Model):
    """A mistake that readers saw, and what is right. On the record for ever."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        CLARIFICATION = "clarification", _("clarification")
        APOLOGY = "apology", _("apology")

    class Place(models.TextChoices):
        TOP = "top", _("above the story")
        FOOT = "foot", _("below the story")

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="corrections")
    publication = models.OneToOneField(Publication, models.PROTECT, related_name="correction")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.CORRECTION)
    place = models.CharField(_("where it stands"), max_length=4, choices=Place.choices, default=Place.TOP)
    text = models.TextField(_("correction"))
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="correction_says_something")]

    def __str__(self) -> str:
        return self.text


class Address(models.Model):
    """A path that has belonged to a story. Never deleted: an old one leads to the current one."""

    path = models.CharField(max_length=300, unique=True)
    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="addresses")
    is_current = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["article"], condition=Q(is_current=True), name="one_current_address_per_story"
            ),
            models.CheckConstraint(
                condition=Q(path__startswith="/", path__endswith="/"), name="address_is_a_whole_path"
            ),
        ]

    def __str__(self) -> str:
        return self.path


class OldAddress(models.Model):
    """An address from before this site, with its query where it has one, and what stands there now: a story or a path.

    Never deleted. Written by articles.live.addresses only.
    """

    path = models.CharField(max_length=500, unique=True)
    article = models.ForeignKey("articles.Article", models.PROTECT, null=True, related_name="old_addresses")
    leads_to = models.CharField(max_length=300, blank=True)
    since = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=False, leads_to="") | Q(article=None, leads_to__startswith="/"),
                name="old_address_leads_somewhere",
            ),
            models.CheckConstraint(condition=Q(path__startswith="/"), name="old_address_is_a_path"),
        ]

    def __str__(self) -> str:
        return self.path


class Translation(models.Model):
    """A story that tells in its language what the others of its ``group`` tell in theirs.

    Written by articles.live.translations only.
    """

    article = models.OneToOneField("articles.Article", models.PROTECT, related_name="+")
    group = models.UUIDField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.article_id} in {self.group}"
