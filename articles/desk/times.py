"""A moment as people say it, and the moment that they mean."""

from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def clock_time(moment: datetime) -> str:
    """As a person says it: “14:02” today, “14:02 on 3 March 2020” on another day."""
    local = timezone.localtime(moment)
    same_day = local.date() == timezone.localdate()
    return (
        date_format(local, "H:i")
        if same_day
        else _("%(time)s on %(day)s") % {"time": date_format(local, "H:i"), "day": date_format(local, "j F Y")}
    )


def with_zone(moment: datetime) -> str:
    """In the outlet's zone, named, with UTC beside it where that differs: “14:02 BST on 3 June 2026 (13:02 UTC)”."""
    local = timezone.localtime(moment)
    said = _("%(time)s on %(day)s") % {"time": date_format(local, "H:i T"), "day": date_format(local, "j F Y")}
    return said if not local.utcoffset() else f"{said} ({moment.astimezone(UTC):%H:%M} UTC)"


class NoSuchTime(ValueError):
    """The clocks are changed that night, and this time does not come, or comes twice."""


def local_moment(day: date, clock: time) -> datetime:
    """The moment at which the outlet's clocks show that. Raises NoSuchTime in the hour in which they are changed."""
    naive, zone = datetime.combine(day, clock), timezone.get_default_timezone()
    first, second = (naive.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    said = {"time": f"{clock:%H:%M}", "day": date_format(naive, "j F Y")}
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise NoSuchTime(
            _("%(time)s does not come on %(day)s: the clocks go forward past it. Choose a time outside that hour.")
            % said
        )
    raise NoSuchTime(_("%(time)s comes twice on %(day)s: the clocks go back. Choose a time outside that hour.") % said)
