"""A picture with its facts (Image), and the public files made from it (Rendition)."""

import uuid

from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .natural import NaturalKey, NaturalKeyQuerySet


def private_storage():
    """Where originals lie: never under the public folder."""
    return storages["default"]


class ImageQuerySet(NaturalKeyQuerySet):
    def newest_first(self):
        return self.order_by("-id")


class Image(NaturalKey):
    """A picture: its private original, its facts, and who vouches for them. Without a file it is awaited."""

    natural_field = "uid"

    class Rights(models.TextChoices):
        UNKNOWN = "", _("not known yet")
        STAFF = "staff", _("our own picture")
        US_FEDERAL = "us-federal", _("US federal government work (no US copyright)")
        CROWN = "crown", _("Crown copyright, Open Government Licence or MOD terms")
        AGENCY = "agency", _("agency subscription")
        LICENSED = "licensed", _("licensed for this use")
        HANDOUT = "handout", _("handout for this news event")
        CREATIVE_COMMONS = "cc", _("Creative Commons")
        PUBLIC_DOMAIN = "public-domain", _("public domain")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    title = models.CharField(_("description"), max_length=300, help_text=_("What the desk calls this picture."))
    original_name = models.CharField(_("file name as received"), max_length=300, blank=True)
    file = models.FileField(_("original"), storage=private_storage, max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    perceptual_hash = models.CharField(max_length=16, blank=True, editable=False)
    format = models.CharField(max_length=8, blank=True, editable=False)
    byte_size = models.PositiveBigIntegerField(default=0, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False, help_text=_("Upright, in pixels."))
    height = models.PositiveIntegerField(default=0, editable=False, help_text=_("Upright, in pixels."))

    caption = models.TextField(_("caption"), blank=True)
    alt_text = models.CharField(
        _("text alternative"),
        max_length=500,
        blank=True,
        help_text=_("What is in the picture, for readers who cannot see it."),
    )
    is_decorative = models.BooleanField(
        _("decorative"), default=False, help_text=_("It adds nothing that the text does not say.")
    )

    credit = models.CharField(
        _("credit"), max_length=300, blank=True, help_text=_("As it is printed after “Picture:”.")
    )
    photographer = models.CharField(_("photographer"), max_length=150, blank=True)
    holder = models.CharField(_("rights holder"), max_length=150, blank=True)
    agency = models.CharField(_("agency"), max_length=150, blank=True)
    credit_year = models.PositiveSmallIntegerField(_("year of the credit"), null=True, blank=True)
    rights_basis = models.CharField(
        _("why we may use it"), max_length=16, choices=Rights.choices, default=Rights.UNKNOWN, blank=True
    )
    rights_note = models.CharField(_("about the rights"), max_length=300, blank=True)
    rights_until = models.DateField(
        _("may be used until"), null=True, blank=True, help_text=_("The last day. Empty where the rights have no end.")
    )
    restrictions = models.TextField(_("restrictions"), blank=True)
    keep_whole = models.BooleanField(_("may not be cropped"), default=False)

    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    virin = models.CharField(_("VIRIN"), max_length=40, blank=True)
    digital_source_type = models.CharField(_("digital source type"), max_length=100, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focus from the left, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focus from the top, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    facts = models.JSONField(
        default=dict, blank=True, editable=False, help_text=_("Each fact with its source: {field: {value, source}}.")
    )

    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    received_by = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, editable=False, related_name="pictures_received"
    )

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("take_down_image", _("Can take a picture off the site"))]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=~models.Q(sha256=""), name="picture_original_once"),
            models.CheckConstraint(
                condition=models.Q(file="", sha256="", width=0, height=0)
                | (~models.Q(file="") & ~models.Q(sha256="") & models.Q(width__gt=0, height__gt=0)),
                name="picture_file_and_its_facts_together",
            ),
            models.CheckConstraint(condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="picture_focus_inside"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_awaiting_file(self) -> bool:
        return not self.file

    @property
    def printed_credit(self) -> str:
        """The line after the caption, with its label: “Picture: US Department of Defense”."""
        return f"Picture: {self.credit}" if self.credit else ""


class Rendition(models.Model):
    """A public file made from a picture. Its name is ours (an HMAC), never the journalist's."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="renditions")
    recipe = models.CharField(max_length=40, help_text=_("Crop, width and format: “natural-800.avif”."))
    name = models.CharField(max_length=100, unique=True)
    crop = models.CharField(max_length=16)
    format = models.CharField(max_length=8)
    width = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    height = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    byte_size = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("public file")
        verbose_name_plural = _("public files")
        constraints = [models.UniqueConstraint(fields=["image", "recipe"], name="one_file_per_recipe")]

    def __str__(self) -> str:
        return self.name
