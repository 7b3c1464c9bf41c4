"""What should have happened by now and has not: parts of the status, told without the name of any story."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Alarm, Event, Notice, Publication

from . import notices

PATIENCE = timedelta(minutes=10)  # for a mail that is due; the clock beats three times a minute
LOOKED_BACK = timedelta(days=30)

Said = dict[str, Any]


def late(now: datetime) -> Said:
    """Versions whose moment has passed while they were parked, with nothing of the story put in their place since; but
    for those that a person took out of the schedule.
    """
    of_story = Publication.objects.filter(article=OuterRef("article"))
    replaced = of_story.filter(parked_at=None, published_at__gte=OuterRef("parked_at"))
    taken_out = Event.objects.filter(
        subject_kind="article",
        subject_key=Cast(OuterRef("article"), CharField()),
        verb="unscheduled",
        at=OuterRef("parked_at"),
    )
    parked = Publication.objects.filter(live_from__gt=now - LOOKED_BACK, live_from__lte=now, parked_at__isnull=False)
    passed = parked.exclude(Exists(replaced)).exclude(Exists(taken_out)).count()
    said: Said = {"title": _("Scheduled stories"), "numbers": {"parked_past_their_time": passed}}
    if not passed:
        return said | {"says": _("None has missed its moment.")}
    return said | {
        "says": ngettext(
            "%(number)s version was to go out by now and is parked.",
            "%(number)s versions were to go out by now and are parked.",
            passed,
        )
        % {"number": passed},
        "do": _("Ask an editor: those who publish were told which and why, and schedule them anew or let them be."),
    }


def mails(now: datetime) -> Said:
    """Notices whose mail is due and has not gone out, and those that were given up."""
    due = Notice.objects.to_mail(now - PATIENCE).unseen().filter(user__is_active=True).exclude(user__email="")
    waiting, given_up = due.filter(tries__lte=len(notices.WAITS)).count(), notices.given_up()
    said: Said = {"title": _("Mails"), "numbers": {"mails_late": waiting, "mails_given_up": given_up}}
    if not waiting and not given_up:
        return said | {"says": _("None waits.")}
    return said | {
        "says": _("%(waiting)s wait longer than they should, %(given_up)s were given up.")
        % {"waiting": waiting, "given_up": given_up},
        "do": _(
            "See that the clock runs and that the mail server of EMAIL_HOST takes mails; the clock’s log says what it"
            " answered. The notices stand on people’s desks meanwhile."
        ),
    }


def alarms(now: datetime) -> Said:
    standing = Alarm.objects.standing().count()
    said: Said = {"title": _("Alarms"), "numbers": {"alarms_standing": standing}}
    if not standing:
        return said | {"says": _("None stands.")}
    says = ngettext("%(number)s stands on every desk.", "%(number)s stand on every desk.", standing)
    return said | {
        "says": says % {"number": standing},
        "do": _("Read on the desk what is wrong; docs/operators.md says what each asks for."),
    }
