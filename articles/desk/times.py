"""A moment as people say it."""

from datetime import datetime

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
