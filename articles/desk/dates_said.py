"""The day that a relative date means: “this month” said on 3 June 2026 is June 2026. Knows no database."""

from datetime import date, timedelta

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_OFFSETS = {"today": 0, "tonight": 0, "this morning": 0, "this evening": 0, "yesterday": -1, "tomorrow": 1}
_WEEK_OFFSETS = {"this week": 0, "last week": -1, "next week": 1}
_MONTH_OFFSETS = {"this month": 0, "last month": -1, "next month": 1}
_YEAR_OFFSETS = {"this year": 0, "last year": -1, "next year": 1}

# All that can be worked out, the longest first, so that “next month” is not taken for a month.
PHRASES = tuple(
    sorted(
        [
            *(*_DAY_OFFSETS, *_WEEK_OFFSETS, *_MONTH_OFFSETS, *_YEAR_OFFSETS),
            *(f"{which} {day}" for which in ("on", "last", "next", "this") for day in DAYS),
        ],
        key=len,
        reverse=True,
    )
)


def meaning(phrase: str, said_on: date) -> str:
    """What ``phrase`` (one of PHRASES, in small letters) means on that day, written out; empty where nobody knows.

    “On Monday” may be the one before or the one to come, so both are named.
    """
    if phrase in _DAY_OFFSETS:
        return written(said_on + timedelta(days=_DAY_OFFSETS[phrase]))
    if phrase in _WEEK_OFFSETS:
        monday = said_on - timedelta(days=said_on.weekday()) + timedelta(weeks=_WEEK_OFFSETS[phrase])
        return f"the week of {written(monday)}"
    if phrase in _MONTH_OFFSETS:
        months = said_on.year * 12 + said_on.month - 1 + _MONTH_OFFSETS[phrase]
        return f"{date(months // 12, months % 12 + 1, 1):%B %Y}"
    if phrase in _YEAR_OFFSETS:
        return str(said_on.year + _YEAR_OFFSETS[phrase])
    which, _, day = phrase.partition(" ")
    return _weekday(which, day, said_on) if day in DAYS else ""


def written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _weekday(which: str, day: str, said_on: date) -> str:
    back = (said_on.weekday() - DAYS.index(day)) % 7
    before, after = said_on - timedelta(days=back or 7), said_on + timedelta(days=7 - back)
    if which == "last":
        return written(before)
    if which == "next":
        return written(after)
    nearest = said_on if back == 0 else before
    return f"{written(nearest)} or {written(after)}"
