"""Who works here and who signs stories: an account (User) and a byline (Author) are different things."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .natural import NaturalKey, Register, RegisterQuerySet


class User(AbstractUser):
    """An account in the newsroom. Never deleted, only made inactive: the record names its people."""

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [("look_after_site", _("Can see how the machines are, and put right what is late"))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Author(Register, NaturalKey):
    """Who signs a story: a person or an organisation, with or without an account."""

    class Kind(models.TextChoices):
        PERSON = "person", _("person")
        ORGANISATION = "organisation", _("organisation")

    name = models.CharField(_("name"), max_length=120, help_text=_("As it is printed: “Brodie Miller”, “News desk”."))
    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The end of the author’s page address."),
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PERSON)
    role = models.CharField(
        _("job"), max_length=120, blank=True, help_text=_("For example “land warfare correspondent”.")
    )
    bio = models.TextField(_("about"), blank=True)
    picture = models.ForeignKey(
        "articles.Image", models.PROTECT, null=True, blank=True, verbose_name=_("portrait"), related_name="portrait_of"
    )
    email = models.EmailField(_("public email"), blank=True)
    website = models.URLField(
        _("website"),
        blank=True,
        validators=[RegexValidator(r"^https?://", _("A website starts with https:// or http://."))],
    )
    user = models.OneToOneField(
        "articles.User", models.PROTECT, null=True, blank=True, verbose_name=_("account"), related_name="author"
    )

    objects = RegisterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "slug"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="author_has_a_name")]

    def __str__(self) -> str:
        return self.name
