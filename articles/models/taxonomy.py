"""Where stories belong and what they are about: the tree of sections, and topics (tags) by kind."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from .natural import NaturalKey, Register, RegisterQuerySet
from .reserved import refuse_reserved


class SectionQuerySet(RegisterQuerySet):
    def top(self):
        """The sections of the masthead, in their order."""
        return self.standing().filter(parent=None)


class Section(Register, NaturalKey):
    """A part of the site, such as Middle East. Its slug is one segment, unique over the whole tree."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        validators=[refuse_reserved],
        help_text=_("The first part of its stories’ addresses."),
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), default=0, help_text=_("Small numbers come first in the masthead.")
    )
    description = models.CharField(_("description"), max_length=300, blank=True)

    objects = SectionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.CheckConstraint(condition=~models.Q(slug=""), name="section_has_an_address"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="section_is_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def lineage(self) -> list["Section"]:
        """This section and those above it, nearest first. One query a level; a loop ends where it began."""
        line: list[Section] = []
        section: Section | None = self
        while section is not None and section not in line:
            line.append(section)
            section = section.parent
        return line


class Tag(TagBase):
    """What a story is about. Readers call it a topic."""

    class Kind(models.TextChoices):
        THEME = "theme", _("theme")
        SERVICE = "service", _("service")
        OPERATION = "operation", _("operation")
        UNIT = "unit", _("unit")
        SHIP = "ship", _("ship")
        EQUIPMENT = "equipment", _("equipment")
        PLACE = "place", _("place")
        PERSON = "person", _("person")
        CONFLICT = "conflict", _("conflict")
        ORGANISATION = "organisation", _("organisation")
        SERIES = "series", _("series")

    natural_field = "slug"

    # As Register has it: the two bases together are more than the type checker's plugin follows.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    stands = Register.stands

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.THEME)
    description = models.CharField(_("description"), max_length=300, blank=True)
    facts = models.TextField(
        _("key facts"),
        blank=True,
        max_length=2000,
        help_text=_("One a line, with its name before a colon: “Displacement: 65,000 tonnes”."),
    )
    synonyms = models.JSONField(_("other names"), default=list, blank=True)
    media_topic = models.CharField(
        _("IPTC Media Topic"), max_length=20, blank=True, help_text=_("For example 20000056.")
    )
    wikidata_id = models.CharField(_("Wikidata"), max_length=20, blank=True, help_text=_("For example Q796."))

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug="") & ~models.Q(name=""), name="tag_has_a_name_and_an_address"
            )
        ]

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class TaggedArticleQuerySet(models.QuerySet):
    def get_by_natural_key(self, uid, slug):
        return self.get(content_object__uid=uid, tag__slug=slug)


class TaggedArticle(ItemBase):
    """A topic on a story's working copy."""

    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="tagged")

    objects = TaggedArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic of a story")
        verbose_name_plural = _("topics of stories")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="topic_once_per_story")]

    def natural_key(self) -> tuple[str, str]:
        return (str(self.content_object.uid), self.tag.slug)

    natural_key.dependencies = ["articles.article", "articles.tag"]  # type: ignore[attr-defined]  # how Django wants it
