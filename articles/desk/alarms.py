"""What is wrong with the site until somebody, or the thing itself, puts it right. The only writer of alarms."""

from datetime import datetime

from articles.models import Alarm


def raise_alarm(key: str, sentence: str, *, at: datetime, path: str = "") -> Alarm:
    """Let ``sentence`` stand on every desk until ``clear``. Raised again, it stays as old as it is."""
    said = {"sentence": sentence[:500], "path": path}
    alarm, is_new = Alarm.objects.get_or_create(key=key, defaults=said | {"raised_at": at})
    if not is_new:
        since = at if alarm.cleared_at else alarm.raised_at
        Alarm.objects.filter(pk=alarm.pk).update(raised_at=since, cleared_at=None, **said)
        alarm.refresh_from_db()
    return alarm


def clear(key: str, *, at: datetime) -> None:
    """What stood under ``key`` is right again."""
    Alarm.objects.standing().filter(key=key).update(cleared_at=at)


def standing() -> list[Alarm]:
    """All that is wrong now, the newest first."""
    return list(Alarm.objects.standing())
