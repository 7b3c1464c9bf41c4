"""How people come in and from where: keys of their own, browsers that are known, sessions that run, links by mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Passkey(models.Model):
    """A key that a telephone, computer or stick keeps for somebody; only its public half is here.

    Written by desk.passkeys only.
    """

    user = models.ForeignKey("articles.User", models.PROTECT, related_name="passkeys")
    name = models.CharField(_("name"), max_length=60)
    credential_id = models.CharField(max_length=1400, unique=True, help_text=_("Base64url, as browsers write it."))
    credential = models.TextField(help_text=_("Attested credential data (WebAuthn 6.5.1), base64url."))
    count = models.PositiveBigIntegerField(default=0, help_text=_("What its own counter said last; many say 0."))
    asked_at = models.FloatField(default=0, help_text=_("When the newest question that it answered was asked."))
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Identity(models.Model):
    """An account at a provider of OpenID Connect, which opens somebody's account here.

    Written by desk.identities only.
    """

    user = models.ForeignKey("articles.User", models.PROTECT, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255, help_text=_("Who it is there: a number that is never given again."))
    name = models.CharField(_("name"), max_length=150, help_text=_("What it is called there; it opens nothing."))
    asked_at = models.FloatField(default=0, help_text=_("When the newest question that it answered was asked."))
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["user", "issuer"], name="identity_one_of_each_issuer"),
        ]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A browser in which somebody has come in before: it holds a random cookie, we its digest.

    Written by desk.devices only.
    """

    user = models.ForeignKey("articles.User", models.PROTECT, related_name="devices")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    misses = models.PositiveIntegerField(default=0, help_text=_("Wrong passwords in a row."))
    wait_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="device_once")]

    def __str__(self) -> str:
        return f"Device {self.pk} of {self.user}"


class Visit(models.Model):
    """A session of somebody who has come in, as its owner sees it. Written by desk.visits only."""

    user = models.ForeignKey("articles.User", models.PROTECT, related_name="visits")
    session_key = models.CharField(max_length=40, unique=True)
    how = models.CharField(max_length=20, blank=True, help_text=_("By which second factor."))
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=300, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text=_("When something was last sent from it, to some minutes."))

    class Meta:
        ordering = ["-seen_at", "-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"Session {self.pk} of {self.user}"


class Letter(models.Model):
    """A mail about an account that waits to be sent. No link stands in it: that is made as it goes out.

    Written by desk.letters only.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        FORGOTTEN = "forgotten", _("forgotten password")
        NOTE = "note", _("note")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    user = models.ForeignKey("articles.User", models.PROTECT, null=True, blank=True, related_name="letters")
    to = models.CharField(max_length=254, help_text=_("A mail address; of a forgotten password, what was typed."))
    sentence = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=45, blank=True, help_text=_("From which address it was asked for."))
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: it is sent, or given up."))
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="letter_due"),
            models.Index(fields=["address", "asked_at"], name="letter_from"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
