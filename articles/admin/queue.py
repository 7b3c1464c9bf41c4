"""All that is planned, by day: versions that wait, ends of embargoes, deadlines. What is late stands on top."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import roles, workflow
from articles.models import Article, Publication

DAYS_SHOWN, MOST = 14, 500
WHAT = {
    "scheduled": gettext_lazy("goes live"),
    "update": gettext_lazy("is updated"),
    "embargo": gettext_lazy("embargo ends"),
    "deadline": gettext_lazy("deadline"),
    "parked": gettext_lazy("was parked"),
}


@dataclass(frozen=True)
class Entry:
    """One line: when, what, of which story, and where it is moved to another time."""

    at: datetime
    what: str
    name: str
    story: Article
    said: str = ""
    move_url: str = ""

    @property
    def label(self) -> str:
        return str(WHAT[self.what])


@dataclass(frozen=True)
class Day:
    on: date
    entries: list[Entry]


def page(request: HttpRequest) -> HttpResponse:
    """Five queries, however much is planned."""
    if not request.user.has_perm("articles.view_article"):
        raise PermissionDenied
    now, may_move = timezone.now(), roles.may(request.user, "publish")
    context = admin.site.each_context(request) | {
        "title": _("Queue"),
        "now": now,
        "late": sorted(_late(now), key=lambda entry: entry.at),
        "days": _days(now, sorted(_planned(now, may_move=may_move), key=lambda entry: entry.at)),
        "may_move": may_move,
    }
    return TemplateResponse(request, "desk/queue.html", context)


def _planned(now: datetime, *, may_move: bool) -> Iterator[Entry]:
    waiting = Publication.objects.filter(parked_at=None, live_from__gt=now).select_related(
        "article", "article__section"
    )
    for each in waiting.order_by("live_from")[:MOST]:
        what = "scheduled" if each.change == Publication.Change.FIRST else "update"
        move = reverse("admin:articles_article_move", args=[each.article_id, "reschedule"]) if may_move else ""
        yield Entry(each.live_from, what, each.headline, each.article, move_url=move)
    stories = Article.objects.select_related("section", "assignee").defer("body")
    for story in stories.filter(embargo_until__gt=now).order_by("embargo_until")[:MOST]:
        yield Entry(story.embargo_until, "embargo", str(story), story, story.embargo_source)
    for story in stories.filter(deadline_at__gt=now, state__in=workflow.UNFINISHED).order_by("deadline_at")[:MOST]:
        yield Entry(story.deadline_at, "deadline", str(story), story, str(story.assignee or ""))


def _late(now: datetime) -> Iterator[Entry]:
    """Deadlines that have passed, and what was parked for a reason that a person must look at, while nobody did."""
    stories = Article.objects.select_related("section", "assignee").defer("body")
    for story in stories.filter(deadline_at__lte=now, state__in=workflow.UNFINISHED).order_by("deadline_at")[:MOST]:
        yield Entry(story.deadline_at, "deadline", str(story), story, str(story.assignee or ""))
    since = Publication.objects.filter(article__publications__published_at__gt=now - timedelta(days=7))
    parked = since.filter(flagged_at__isnull=False, parked_at__gt=now - timedelta(days=7)).distinct()
    for each in parked.select_related("article", "article__section").order_by("live_from")[:MOST]:
        yield Entry(each.live_from, "parked", each.headline, each.article, each.parked_why)


def _days(now: datetime, entries: list[Entry]) -> list[Day]:
    """Each of the next days, also those on which nothing is planned yet, and the later ones on which something is."""
    today = timezone.localdate(now)
    by_day: dict[date, list[Entry]] = {today + timedelta(days=n): [] for n in range(DAYS_SHOWN)}
    for entry in entries:
        by_day.setdefault(timezone.localdate(entry.at), []).append(entry)
    return [Day(on, found) for on, found in sorted(by_day.items())]
