"""Mails about accounts: an invitation, a way back in, a word to an address that was changed. It alone writes letters.

A letter is written in the transaction of what happened and goes out with the clock's next beat. So nobody can tell by
the time that an answer takes whether an account exists, a mail server that is down stops nothing, and no link stands in
the database.

A link is one of Django's password-reset tokens: signed, and worth nothing as soon as a password was set.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMessage
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode
from django.utils.translation import gettext as _

from articles.models import Letter, User

from . import notices

INVITED_FOR = timedelta(days=7)
FORGOTTEN_FOR = timedelta(hours=1)
# Of forgotten passwords: from one address in an hour, from all together in an hour, and to one account one in so long.
MOST_ASKED, MOST_IN_ALL = 10, 1000
APART = timedelta(minutes=5)
KEPT = timedelta(days=1)
# The mail server is asked again after so many minutes; then the letter is given up.
WAITS = (1, 5, 15, 60)

log = logging.getLogger(__name__)


class Links(PasswordResetTokenGenerator):
    """Django's tokens, with one life for who was invited and a shorter one for who forgot a password."""

    key_salt = "articles.desk.letters"

    def check_token(self, user, token) -> bool:
        """Whether it still counts; none does for an account that may not come in."""
        if not super().check_token(user, token) or self._age(token) > life(user).total_seconds():
            return False
        return user.is_active and user.is_staff

    def _age(self, token: str) -> int:
        return self._num_seconds(self._now()) - base36_to_int(token.partition("-")[0])


links = Links()


def life(user: User) -> timedelta:
    """How long a link for ``user`` counts."""
    return FORGOTTEN_FOR if user.has_usable_password() else INVITED_FOR


def link(user: User) -> str:
    """The address at which ``user``, and whoever else holds it, can set a password once."""
    who = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.SITE_URL + reverse("admin:welcome", args=[who, links.make_token(user)])


def can_go_out(user: User) -> bool:
    """Whether there is a mail server, and an address of ``user``."""
    return bool(settings.EMAIL_HOST and user.email)


def invite(user: User, *, at: datetime) -> None:
    Letter.objects.create(kind=Letter.Kind.INVITATION, user=user, to=user.email, asked_at=at, due_at=at)


def note(user: User, to: str, sentence: str, *, at: datetime) -> None:
    """A sentence to an address that is not in the account any more."""
    Letter.objects.create(kind=Letter.Kind.NOTE, user=user, to=to, sentence=sentence[:500], asked_at=at, due_at=at)


def forgot(to: str, *, address: str, at: datetime) -> None:
    """Somebody says that they forgot the password of the account with the mail address ``to``; it may be nobody's.

    Whoever asks too often from one ``address`` is not told so: their letters are not written. Nor is any while so many
    ask from everywhere that they would fill the table; a site administrator can still invite.
    """
    lately = Letter.objects.filter(kind=Letter.Kind.FORGOTTEN, asked_at__gt=at - timedelta(hours=1))
    asked = lately.aggregate(here=Count("pk", filter=Q(address=address)), in_all=Count("pk"))
    if asked["here"] < MOST_ASKED and asked["in_all"] < MOST_IN_ALL:
        Letter.objects.create(kind=Letter.Kind.FORGOTTEN, to=to[:254], address=address, asked_at=at, due_at=at)


def send(now: datetime) -> None:
    """A duty of the clock: send what is due. A letter that fails waits, and stops no other."""
    for letter in Letter.objects.filter(due_at__lte=now).select_related("user").order_by("due_at", "id")[:200]:
        claimed = Letter.objects.filter(pk=letter.pk, due_at=letter.due_at).update(due_at=None)
        if claimed:  # so it goes out once
            _send(letter, now)
    Letter.objects.filter(asked_at__lt=now - KEPT, due_at=None).delete()


def _send(letter: Letter, now: datetime) -> None:
    try:
        for mail in _mails(letter, now):
            mail.send()
    except (SMTPException, OSError):
        log.exception("A letter of kind %s could not be sent; it waits.", letter.kind)
        wait = WAITS[letter.tries] if letter.tries < len(WAITS) else None
        due = now + timedelta(minutes=wait) if wait else None
        Letter.objects.filter(pk=letter.pk).update(due_at=due, tries=letter.tries + 1)
        if due is None and letter.kind == Letter.Kind.INVITATION:
            _say_undelivered(letter, now)


def _say_undelivered(letter: Letter, now: datetime) -> None:
    """Somebody waits for an invitation that will not come."""
    sentence = _("The invitation to %(name)s could not be sent. Look at the mail server, then send another link.")
    people = notices.holders("change_user")
    notices.tell(people, sentence % {"name": letter.user}, key=f"letter:{letter.pk}", kind="letter", at=now)


def _mails(letter: Letter, now: datetime) -> list[EmailMessage]:
    if letter.kind == Letter.Kind.NOTE:
        return [_mail(letter.to, _("Your account at %(site)s") % _site(), [letter.sentence])]
    if letter.kind == Letter.Kind.INVITATION:
        return [_invitation(letter.user)] if letter.user and letter.user.is_active else []
    return [_way_back(user) for user in _meant(letter, now)]


def _meant(letter: Letter, now: datetime) -> list[User]:
    """Whose address was typed, but for those who had a letter just now, or for whom a newer one was written.

    A letter that is left out forgets for whom it was, and so keeps no later one back: else who asks every few minutes
    would keep every letter from somebody.
    """
    if not letter.to:
        return []
    others = Letter.objects.filter(kind=Letter.Kind.FORGOTTEN, to__iexact=letter.to).exclude(pk=letter.pk)
    if others.filter(Q(pk__gt=letter.pk) | Q(due_at=None, asked_at__gt=now - APART)).exists():
        Letter.objects.filter(pk=letter.pk).update(to="")
        return []
    return list(User.objects.filter(email__iexact=letter.to, is_active=True, is_staff=True))


def _invitation(user: User) -> EmailMessage:
    lines = [
        _("An account in the newsroom of %(site)s was made for you. Your name to log in is: %(name)s")
        % (_site() | {"name": user.username}),
        _("Choose a password within %(days)s days, here:") % {"days": INVITED_FOR.days},
        link(user),
        _("The link counts once and is for nobody else. If you expected no such mail, do nothing."),
    ]
    return _mail(user.email, _("Your account at %(site)s") % _site(), lines)


def _way_back(user: User) -> EmailMessage:
    lines = [
        _("Somebody, we hope you, asked for a new password for your account in the newsroom of %(site)s.") % _site(),
        _("Your name to log in is: %(name)s") % {"name": user.username},
        _("Choose a new one here. The link counts once, and not for long:"),
        link(user),
        _("If that was not you, do nothing: your password is as it was."),
    ]
    return _mail(user.email, _("A new password at %(site)s") % _site(), lines)


def _mail(to: str, subject: str, lines: list[str]) -> EmailMessage:
    return EmailMessage(subject, "\n\n".join([*lines, ""]), settings.DEFAULT_FROM_EMAIL, [to])


def _site() -> dict[str, str]:
    return {"site": settings.SITE_NAME}
