"""A picture with its facts (Image), and the public files made from it (Rendition)."""

import uuid
from datetime import date, timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from .natural import NaturalKey, NaturalKeyQuerySet

# The IPTC's digital source types that readers must be told of (cv.iptc.org/newscodes/digitalsourcetype).
AI = {
    "trainedAlgorithmicMedia": "ai-made",
    "algorithmicMedia": "ai-made",
    "compositeWithTrainedAlgorithmicMedia": "ai-changed",
    "algorithmicallyEnhanced": "ai-changed",
}


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
        POOL = "pool", _("pool: shared by the newsrooms that were there")
        CREATIVE_COMMONS = "cc", _("Creative Commons")
        SOCIAL = "social", _("from social media, with the permission of whoever took it")
        PUBLIC_DOMAIN = "public-domain", _("public domain")
        OTHER = "other", _("another reason, said in “about the rights”")

    class Verified(models.TextChoices):
        """How far a picture from a conflict has been proved to show what is said of it."""

        NOT_ASKED = "", _("no need to: it comes from where we know it comes from")
        UNVERIFIED = "unverified", _("not verified")
        PLACE = "place", _("the place is verified")
        DATE = "date", _("the date is verified")
        FULLY = "fully", _("place, date and what it shows are verified")

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
    extended_description = models.TextField(
        _("longer description"), blank=True, help_text=_("For maps and charts, whose content no line can say.")
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
    supplied_by = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Who sent it to us."))
    copyright_notice = models.CharField(_("copyright notice"), max_length=300, blank=True)
    usage_terms = models.CharField(_("usage terms"), max_length=500, blank=True)
    web_statement = models.CharField(_("page about the rights"), max_length=300, blank=True)
    licensor = models.CharField(_("licensor"), max_length=300, blank=True)
    data_mining = models.CharField(_("data mining"), max_length=60, blank=True)
    rights_note = models.CharField(_("about the rights"), max_length=300, blank=True)
    rights_from = models.DateField(
        _("may be used from"), null=True, blank=True, help_text=_("The first day. Empty where it may be used already.")
    )
    rights_until = models.DateField(
        _("may be used until"), null=True, blank=True, help_text=_("The last day. Empty where the rights have no end.")
    )
    fallback = models.UUIDField(
        _("shown when the rights end"),
        null=True,
        blank=True,
        help_text=_("The picture that takes its place in every story from that second on; without one there is none."),
    )
    fee = models.CharField(_("fee"), max_length=100, blank=True)
    rights_contact = models.CharField(_("whom to ask about the rights"), max_length=200, blank=True)
    restrictions = models.TextField(_("restrictions"), blank=True)
    keep_whole = models.BooleanField(_("may not be cropped"), default=False)

    taken_on = models.DateField(_("taken on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    virin = models.CharField(_("VIRIN"), max_length=40, blank=True)
    job_id = models.CharField(_("job or transmission number"), max_length=100, blank=True)
    keywords = models.CharField(_("keywords"), max_length=500, blank=True, help_text=_("With commas between them."))
    digital_source_type = models.CharField(_("digital source type"), max_length=100, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focus from the left, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focus from the top, in %"), default=50, validators=[MaxValueValidator(100)]
    )
    own_crops = models.JSONField(
        _("crops set by hand"),
        default=dict,
        blank=True,
        help_text=_("{shape: [left, top, right, bottom]}, in thousandths of the upright picture."),
    )
    verification = models.CharField(
        _("verified"), max_length=12, choices=Verified.choices, default=Verified.NOT_ASKED, blank=True, editable=False
    )
    verification_note = models.TextField(_("how it was verified"), blank=True, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    seconded_at = models.DateTimeField(null=True, blank=True, editable=False)
    seconded_by = models.ForeignKey(
        "articles.User", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    carried = models.JSONField(
        default=list, blank=True, editable=False, help_text=_("What the original carries that must not get out.")
    )
    tint = models.CharField(
        max_length=2, blank=True, editable=False, help_text=_("The colour that stands in while it loads: “00” to “1a”.")
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
        permissions = [
            ("take_down_image", _("Can take a picture off the site")),
            ("replace_image", _("Can put another file in the place of a picture, everywhere")),
            ("verify_image", _("Can vouch for what a picture shows")),
            ("waive_rights", _("Can let a story go out with a picture whose credit or rights are missing")),
        ]
        indexes = [
            # Alike pictures are looked for by the quarters of their hash: of few differing bits one quarter has none.
            *(models.Index(Substr("perceptual_hash", at, 4), name=f"picture_likeness_{at}") for at in (1, 5, 9, 13)),
            models.Index(fields=["-id"], name="picture_no_credit", condition=models.Q(credit="")),
            models.Index(fields=["-id"], name="picture_no_basis", condition=models.Q(rights_basis="")),
            models.Index(fields=["-id"], name="picture_no_alt", condition=models.Q(alt_text="", is_decorative=False)),
            models.Index(fields=["-id"], name="picture_no_file", condition=models.Q(file="")),
            models.Index(
                fields=["rights_until"], name="picture_rights_end", condition=models.Q(rights_until__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=~models.Q(sha256=""), name="picture_original_once"),
            models.CheckConstraint(
                condition=models.Q(file="", sha256="", width=0, height=0)
                | (~models.Q(file="") & ~models.Q(sha256="") & models.Q(width__gt=0, height__gt=0)),
                name="picture_file_and_its_facts_together",
            ),
            models.CheckConstraint(condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="picture_focus_inside"),
            models.CheckConstraint(
                condition=models.Q(verified_by=None, verified_at=None)
                | models.Q(verified_by__isnull=False, verified_at__isnull=False),
                name="picture_verified_by_and_at",
            ),
            models.CheckConstraint(
                condition=models.Q(seconded_by=None, seconded_at=None)
                | models.Q(seconded_by__isnull=False, seconded_at__isnull=False, verified_by__isnull=False)
                & ~models.Q(seconded_by=models.F("verified_by")),
                name="picture_verified_by_two",
            ),
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

    def labels(self, on: date) -> list[str]:
        """What readers must be told of it in a story of that day: handout, file, ai-made, ai-changed, unverified …"""
        is_old = self.taken_on is not None and self.taken_on < on - timedelta(days=settings.FILE_PICTURE_DAYS)
        return [
            *(["handout"] if self.rights_basis == self.Rights.HANDOUT else []),
            *(["file"] if is_old else []),
            *([AI[self.digital_source_type]] if self.digital_source_type in AI else []),
            *([self.told_verification] if self.told_verification else []),
        ]

    @property
    def told_verification(self) -> str:
        """How far it is verified as readers may be told: what one person alone calls fully verified is not yet that."""
        if self.verification == self.Verified.FULLY and not self.is_fully_verified:
            return self.Verified.UNVERIFIED
        return self.verification

    @property
    def is_fully_verified(self) -> bool:
        """Place, date and content, and by two people."""
        return self.verification == self.Verified.FULLY and self.seconded_by_id is not None


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
