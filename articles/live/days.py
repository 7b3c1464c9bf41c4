"""Days and months of the outlet: the first moments of them, where the outlet is (``TIME_ZONE``)."""

from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_default_timezone


def local_time(moment: datetime) -> datetime:
    """``moment`` by the clocks of the outlet, whatever zone Django's ``localtime`` would take; and with less work."""
    return moment.astimezone(get_default_timezone())


def midnight(day: date) -> datetime:
    """The first moment of ``day``."""
    return datetime.combine(day, time.min, get_default_timezone())


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The first moments of the day in which ``moment`` lies, and of the next."""
    day = local_time(moment).date()
    return midnight(day), midnight(day + timedelta(days=1))


def month_after(day: date) -> date:
    """The first day of the month after that of ``day``."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
