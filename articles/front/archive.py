"""All stories by year, month and day, as they are dated in the outlet's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _

from articles.live import listings, registers
from articles.live.days import local_time, midnight, month_after
from articles.live.source import spared

from . import lists, views
from .answers import readers_page
from .context import Around

FIRST, LAST = 1000, 8999  # years


@dataclass(frozen=True)
class Period:
    """A year, a month or a day, by its first day."""

    kind: str
    first: date

    @property
    def end(self) -> date:
        """The first day that is no longer in it."""
        if self.kind == "day":
            return self.first + timedelta(days=1)
        if self.kind == "month":
            return month_after(self.first)
        return date(self.first.year + 1, 1, 1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return midnight(self.first), midnight(self.end)

    @property
    def path(self) -> str:
        written = {"year": "%Y", "month": "%Y/%m", "day": "%Y/%m/%d"}[self.kind]
        return f"/archive/{self.first.strftime(written)}/"

    @property
    def name(self) -> str:
        return date_format(self.first, {"year": "Y", "month": "F Y", "day": "j F Y"}[self.kind])

    @property
    def short(self) -> str:
        """The name among its neighbours."""
        return date_format(self.first, {"year": "Y", "month": "F", "day": "j"}[self.kind])

    @property
    def parts(self) -> list["Period"]:
        """Its months or days; a day has none."""
        if self.kind == "year":
            return [Period("month", self.first.replace(month=month)) for month in range(1, 13)]
        if self.kind == "month":
            days = (self.end - self.first).days
            return [Period("day", self.first + timedelta(days=day)) for day in range(days)]
        return []

    @property
    def above(self) -> list["Period"]:
        """The year and month that it is in, the year first."""
        kinds = {"year": [], "month": ["year"], "day": ["year", "month"]}[self.kind]
        return [_around(kind, self.first) for kind in kinds]


@readers_page
@spared
def years(request: HttpRequest, *, t: datetime) -> HttpResponse:
    """All years that something is dated in, and the newest stories."""
    oldest, newest = listings.span(t)
    found = _used([Period("year", date(year, 1, 1)) for year in _years(oldest, newest)], t)
    return _shown(request, None, found[::-1], t)


@readers_page
@spared
def period(request: HttpRequest, year: int, month: int = 0, day: int = 0, *, t: datetime) -> HttpResponse:
    """A year, month or day that something is dated in; another one is no page."""
    asked = _read(year, month, day)
    return _shown(request, asked, _used(asked.parts, t), t)


def _read(year: int, month: int, day: int) -> Period:
    try:
        first = date(year, month or 1, day or 1)
    except (ValueError, OverflowError) as wrong:  # the second: a number that no calendar can count
        raise Http404(str(wrong)) from wrong
    if not FIRST <= year <= LAST:
        raise Http404(str(year))
    return Period("day" if day else "month" if month else "year", first)


def _shown(request: HttpRequest, asked: Period | None, parts: Sequence[Period], t: datetime) -> HttpResponse:
    before = views.place_before(request)
    page = listings.between(*asked.bounds, t, before) if asked else listings.latest(t, before=before)
    if asked and not page.cards and not parts and not before:
        raise Http404(asked.path)
    show = views.on_show(t, page.cards)
    around = Around(t, registers.sections(t), show.files, before)
    earlier, later = _neighbours(asked, t) if asked else (None, None)
    own = {"period": asked, "parts": tuple(parts), "earlier": earlier, "later": later}
    return lists.render_archive(
        asked.name if asked else _("Archive"),
        asked.path if asked else "/archive/",
        [(each.name if each.kind == "year" else each.short, each.path) for each in asked.above] if asked else [],
        show.page(page),
        around,
        own,
    )


def _neighbours(asked: Period, t: datetime) -> list[Period | None]:
    """The nearest periods of the same kind, earlier and later, that something is dated in."""
    moments = listings.beside(*asked.bounds, t)
    return [_around(asked.kind, local_time(at).date()) if at else None for at in moments]


def _around(kind: str, day: date) -> Period:
    """The year, month or day that ``day`` is in."""
    return Period(kind, {"year": day.replace(month=1, day=1), "month": day.replace(day=1), "day": day}[kind])


def _years(oldest: datetime | None, newest: datetime | None) -> range:
    if oldest is None or newest is None:
        return range(0)
    return range(local_time(oldest).year, local_time(newest).year + 1)


def _used(periods: Sequence[Period], t: datetime) -> list[Period]:
    used = listings.used([each.bounds for each in periods], t)
    return [each for place, each in enumerate(periods) if place in used]
