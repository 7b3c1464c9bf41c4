"""Telling people what they must act on, once, on their desk and by mail. The only writer of notices.

A notice is written in the transaction of what happened; its mail goes out later, by a duty of the clock. So a mail
server that is down stops nothing, and whoever reads no mail finds the notice on the desk. No mail names a story that is
under embargo, held or sensitive, and no sentence here does.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from itertools import groupby
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article, Hold, Notice, NoticeChoice, User

# The mail server is asked again after so many minutes, each time after longer; then it is left to people.
WAITS = (1, 5, 15, 60, 240)
IN_A_MAIL = 50
# What happened to an account is mailed at once, whatever its owner chose, and also when it was seen: by whom?
ACCOUNT = "account"

log = logging.getLogger(__name__)


def holders(permission: str) -> list[User]:
    """The active accounts whose roles hold ``permission``."""
    held = User.objects.filter(is_active=True, groups__permissions__codename=permission)
    return list(held.distinct().order_by("pk"))


def tell(
    people: Iterable[User], sentence: str, *, key: str, kind: str, at: datetime, article: Article | None = None, path=""
) -> None:
    """Tell each of ``people``, in the transaction of what happened; ``key`` names that, so nobody is told twice."""
    told = [person for person in people if person.is_active]
    choices = {choice.user_id: choice for choice in NoticeChoice.objects.filter(user__in=told)} if told else {}
    rows = [
        Notice(
            user=person,
            key=key,
            kind=kind,
            article=article,
            sentence=sentence[:500],
            path=path,
            made_at=at,
            mail_at=_mail_at(person, None if kind == ACCOUNT else choices.get(person.pk), at),
        )
        for person in told
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def choose(person: User, *, mail: str, digest_at: time) -> NoticeChoice:
    """How ``person`` wants to be told by mail from now on."""
    choice, _made = NoticeChoice.objects.update_or_create(user=person, defaults={"mail": mail, "digest_at": digest_at})
    return choice


def see(person: User, *, at: datetime) -> int:
    """``person`` has seen all that there is for them; how many were new. What was seen is not mailed any more."""
    unseen = Notice.objects.unseen().filter(user=person)
    return unseen.update(seen_at=at)


def of(person: User, *, most: int = 50) -> list[Notice]:
    """The newest notices of ``person``, unseen ones first."""
    rows = Notice.objects.filter(user=person).select_related("article")
    return list(rows.order_by(F("seen_at").desc(nulls_first=True), "-made_at", "-id")[:most])


def new_of(person: User, *, most: int = 8) -> list[Notice]:
    """The newest that ``person`` has not seen."""
    return list(Notice.objects.unseen().filter(user=person).select_related("article")[:most])


def send_mails(now: datetime) -> None:
    """A duty of the clock: send what is due, to each person in one mail. One that fails waits, and stops no other."""
    mailed = Q(seen_at=None) | Q(kind=ACCOUNT)
    due = Notice.objects.to_mail(now).filter(mailed, user__is_active=True).exclude(user__email="")
    waiting = due.filter(tries__lte=len(WAITS)).select_related("user").order_by("user_id", "made_at", "id")
    for _key, notices in groupby(waiting[:1000], key=lambda notice: notice.user_id):
        _send(list(notices)[:IN_A_MAIL], now)


def given_up() -> int:
    """How many notices could not be mailed, however often it was tried."""
    return Notice.objects.unseen().filter(mailed_at=None, mail_at__isnull=False, tries__gt=len(WAITS)).count()


def _send(notices: list[Notice], now: datetime) -> None:
    """Claimed first, then sent: whatever breaks in between, nobody gets the same mail twice."""
    keys = [notice.pk for notice in notices]
    with transaction.atomic():
        claimed = list(
            Notice.objects.select_for_update().filter(pk__in=keys, mailed_at=None).values_list("pk", flat=True)
        )
        Notice.objects.filter(pk__in=claimed).update(mailed_at=now)
    claimed_notices = [notice for notice in notices if notice.pk in set(claimed)]
    if not claimed_notices:
        return
    try:
        _mail(claimed_notices).send()
    except (SMTPException, OSError):
        log.exception("A mail to %s could not be sent; it waits.", claimed_notices[0].user)
        for notice in claimed_notices:
            wait = timedelta(minutes=WAITS[min(notice.tries, len(WAITS) - 1)])
            Notice.objects.filter(pk=notice.pk).update(mailed_at=None, mail_at=now + wait, tries=notice.tries + 1)


def _mail(notices: list[Notice]) -> EmailMessage:
    named = _named([notice.article_id for notice in notices if notice.article_id])
    lines = [f"- {notice.sentence}{_about(notice, named)}" for notice in notices]
    number = len(notices)
    subject = ngettext("%(site)s newsroom: something for you", "%(site)s newsroom: %(number)s things for you", number)
    desk = f"{settings.SITE_URL}/{settings.ADMIN_PATH}"
    body = "\n".join([*lines, "", _("Your desk: %(address)s") % {"address": desk}, ""])
    person = notices[0].user
    return EmailMessage(
        subject % {"site": settings.SITE_NAME, "number": number}, body, settings.DEFAULT_FROM_EMAIL, [person.email]
    )


def _about(notice: Notice, named: dict[int, str]) -> str:
    return f" “{named[notice.article_id]}”" if notice.article_id in named else ""


def _named(keys: list[int]) -> dict[int, str]:
    """The headlines of those stories that a mail may name: neither under embargo nor sensitive, and nothing is held."""
    if not keys or Hold.objects.standing().of_names().exists():
        return {}
    open_ones = Article.objects.filter(pk__in=keys, sensitivity=Article.Sensitivity.NORMAL).filter(
        Q(embargo_until=None) | Q(embargo_until__lte=timezone.now())
    )
    held = Hold.objects.standing().filter(article=OuterRef("pk"))
    return dict(open_ones.exclude(Exists(held)).values_list("pk", "headline"))


def _mail_at(person: User, choice: NoticeChoice | None, at: datetime) -> datetime | None:
    if not person.email or (choice and choice.mail == NoticeChoice.Mail.NEVER):
        return None
    if choice is None or choice.mail == NoticeChoice.Mail.AT_ONCE:
        return at
    today = timezone.localtime(at).replace(
        hour=choice.digest_at.hour, minute=choice.digest_at.minute, second=0, microsecond=0
    )
    return today if today >= at else today + timedelta(days=1)
