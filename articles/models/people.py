"""Who works here and who signs stories: an account (User) and a byline (Author) are different things."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .natural import NaturalKey, Register, RegisterQuerySet


class User(AbstractUser):
    """An account in the newsroom. Never deleted, only made inactive: the record names its people."""

    factor_due_on = models.DateField(_("second factor due on"), null=True, blank=True, editable=False)
    # Counting it up ends all sessions that there are.
    session_turn = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        permissions = [("look_after_site", _("Can see how the machines are, and put right what is late"))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret=None):
        """Django's, which ends sessions with the password, and with the turn."""
        of_password = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # no stub knows it
        return f"{of_password}.{self.session_turn}" if self.session_turn else of_password


class SecondFactor(models.Model):
    """The app that proves somebody to be more than a password; keys are sealed. Written by desk.factors only."""

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor")
    sealed_key = models.CharField(max_length=300, blank=True)
    pending_key = models.CharField(
        max_length=300, blank=True, help_text=_("Sealed too, until its first code was right.")
    )
    set_at = models.DateTimeField(null=True, blank=True)
    last_step = models.BigIntegerField(default=0, help_text=_("The last number that was used, in steps of 30 s."))
    misses = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Second factor of {self.user}"


class RecoveryCode(models.Model):
    """A code on paper that counts once; only its digest is kept. Written by desk.factors only."""

    user = models.ForeignKey(User, models.PROTECT, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"Recovery code of {self.user}"


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
