"""What the photo desk keeps beside its pictures: agencies' names, collections, changes of many at once, waivers.

And what is on its way in, or out.
"""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyName(models.Model):
    """One spelling of an agency in credit lines, and the one name that we print. Written by photos.agencies only."""

    spelling = models.CharField(
        _("spelling"), max_length=150, unique=True, help_text=_("As it comes in; capitals and spaces do not matter.")
    )
    name = models.CharField(_("our name for it"), max_length=150)

    class Meta:
        ordering = ["name", "spelling"]
        verbose_name = _("spelling of an agency")
        verbose_name_plural = _("spellings of agencies")
        default_permissions = ("add", "change", "delete", "view")

    def __str__(self) -> str:
        return f"{self.spelling} → {self.name}"


class Collection(models.Model):
    """Pictures that somebody wants together. Written by photos.collecting only."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+", editable=False)
    pictures = models.ManyToManyField("articles.Image", related_name="collections", blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("collection of pictures")
        verbose_name_plural = _("collections of pictures")
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return self.name


class PictureText(models.Model):
    """What a picture is found by: its words in small letters without accents. Written by photos.looking only.

    A narrow table beside the pictures' wide one, so that looking through all of them stays quick.
    """

    image = models.OneToOneField("articles.Image", models.CASCADE, primary_key=True, related_name="text")
    words = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.words[:80]


class BulkChange(models.Model):
    """The facts of several pictures changed at once, with what they were, so that it can be undone.

    Written by photos.bulk only. ``changes``: {picture's key: {"version": after it, "was": {field: value}}}.
    """

    made_at = models.DateTimeField()
    made_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")
    changes = models.JSONField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change of many pictures")
        verbose_name_plural = _("changes of many pictures")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.made_by}, {len(self.changes)}"


class Waiver(models.Model):
    """A named editor lets one story go out with a picture that lacks its credit or basis. Written by desk.waivers."""

    article = models.ForeignKey("articles.Article", models.PROTECT, related_name="waivers")
    image = models.ForeignKey("articles.Image", models.PROTECT, related_name="waivers")
    why = models.CharField(_("why"), max_length=300)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("articles.User", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("waiver of a picture’s credit or rights")
        verbose_name_plural = _("waivers of pictures’ credits or rights")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["article", "image"], name="one_waiver_for_each_story"),
            models.CheckConstraint(condition=~models.Q(why=""), name="waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.image}"


class Delivery(models.Model):
    """A file that somebody sends in pieces. Written by photos.deliveries only.

    ``pieces``: [{"file": name in the private storage, "sha256": hex}], ``got``: bytes of them together. Once it is
    whole and looked at, the pieces go and ``pictures`` are the uids of what was made of it.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    account = models.ForeignKey("articles.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    byte_size = models.PositiveBigIntegerField()
    got = models.PositiveBigIntegerField(default=0)
    pieces = models.JSONField(default=list)
    pictures = models.JSONField(default=list)
    heard_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("file on its way")
        verbose_name_plural = _("files on their way")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="one_delivery_of_a_file"),
            models.CheckConstraint(condition=models.Q(got__lte=models.F("byte_size")), name="no_more_than_the_file"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_whole(self) -> bool:
        return self.got == self.byte_size


class LooseFile(models.Model):
    """A file that may lie there without a row: about to be kept, or about to go. Written by photos.loose_ends only.

    It is written down before the file is, and struck out in the transaction that writes the file's row; so whatever a
    process that died has left is known by name, and nothing else is ever taken for litter.
    """

    half = models.CharField(max_length=12, help_text=_("Which storage: “default” for originals, or “public”."))
    name = models.CharField(max_length=200)
    since = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["half", "name"], name="a_loose_file_once")]

    def __str__(self) -> str:
        return f"{self.half}: {self.name}"
