"""What people are told: notices to one person who must act, and alarms to all who look after the site.

Notices are written by desk.notices only, alarms by desk.alarms only.
"""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet):
    def unseen(self):
        return self.filter(seen_at=None)

    def to_mail(self, t):
        """Those whose mail is due at ``t`` and has not gone out."""
        return self.filter(mail_at__lte=t, mailed_at=None)


class Notice(models.Model):
    """One thing that one person must know. ``key`` names what happened: nobody is told the same twice."""

    user = models.ForeignKey("articles.User", models.PROTECT, related_name="notices")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    article = models.ForeignKey("articles.Article", models.PROTECT, null=True, blank=True, related_name="notices")
    sentence = models.CharField(max_length=500)
    path = models.CharField(max_length=300, blank=True, help_text=_("Where to act: a path in the newsroom."))
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(null=True, blank=True, help_text=_("When its mail is due; empty: no mail."))
    mailed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "-made_at"], condition=models.Q(seen_at=None), name="notice_unseen"),
            models.Index(
                fields=["mail_at"],
                condition=models.Q(mailed_at=None, mail_at__isnull=False),
                name="notice_to_mail",
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]

    def __str__(self) -> str:
        return self.sentence


class NoticeChoice(models.Model):
    """How one person wants to be told by mail. Without a row: at once."""

    class Mail(models.TextChoices):
        AT_ONCE = "at_once", _("at once")
        DIGEST = "digest", _("once a day, together")
        NEVER = "never", _("not by mail")

    user = models.OneToOneField("articles.User", models.PROTECT, related_name="notice_choice")
    mail = models.CharField(_("mail"), max_length=8, choices=Mail.choices, default=Mail.AT_ONCE)
    digest_at = models.TimeField(_("at"), default=time(7), help_text=_("In the outlet’s own time zone."))

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}: {self.get_mail_display()}"


class AlarmQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(cleared_at=None)


class Alarm(models.Model):
    """Something that is wrong with the site until it is cleared; ``key`` names it, so that it stands once."""

    key = models.CharField(max_length=120, unique=True)
    sentence = models.CharField(max_length=500)
    path = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at", "-id"]
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        default_permissions = ()

    def __str__(self) -> str:
        return self.sentence
