"""Days and months of the outlet: the first moments of them, where the outlet is (``TIME_ZONE``)."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The first moment of ``day``."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """The first moments of the day in which ``moment`` lies, and of the next."""
    day = timezone.localdate(moment)
    return midnight(day), midnight(day + timedelta(days=1))


def month_after(day: date) -> date:
    """The first day of the month after that of ``day``."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
