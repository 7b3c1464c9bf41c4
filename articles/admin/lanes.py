"""What lies on somebody's desk: lanes of stories, and what changed. Always the same few queries; it changes nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import CharField, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk import workflow
from articles.models import Article, Event, Publication, User

IN_A_LANE = 12
# The embargo clock: how many, and how far ahead; how long a deadline that has passed is shown.
CLOCKS, EMBARGOES_OF, LATE_OF, MOST_PLANNED = 6, timedelta(days=30), timedelta(days=14), 200
CHANGES = 15
READY_OF = 1000  # stories, of which those that are not live yet are shown as ready
# What hands a story from one person to another, perhaps with a word.
HANDED = (
    *("submitted", "sent back", "revived", "sent to the lawyers", "sent to security review"),
    *("returned by the lawyers", "returned by security", "pitched", "commissioned"),
)
# What a person without the accounts right is not shown: who was given which role is between few.
_ABOUT_PEOPLE = ("user",)


@dataclass(frozen=True)
class Lane:
    """A column of the desk: its name, its stories, and where the rest of them are."""

    name: str
    title: str
    stories: list[Any]
    empty: str
    more: str = ""
    is_cut: bool = field(default=False)


def greeting(by: User, now: datetime) -> str:
    hour = timezone.localtime(now).hour
    name = by.get_short_name() or by.get_username()
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    if 12 <= hour < 18:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def all_of(by: User, now: datetime) -> list[Lane]:
    """The lanes that ``by`` may see, in the order in which a story passes them. Five queries, or none."""
    if not by.has_perm("articles.view_article"):
        return []
    stories = _stories(now)
    state, title = _desk_of(by)
    return [
        _lane("mine", _("My stories"), _mine(stories, by), _("You are writing nothing just now."), state="writing"),
        _lane("submitted", title, _waiting(stories, state), _("Nothing waits to be read."), state=state),
        _lane(
            "ready",
            _("Ready, or being rewritten"),
            _ready(stories),
            _("Nothing is ready or being rewritten."),
            state="ready",
        ),
        _lane("scheduled", _("Scheduled"), _scheduled(now), _("Nothing waits for its time."), more="admin:queue"),
        _lane("live", _("Live now"), _live(now), _("Nothing is live yet.")),
    ]


def what_changed(by: User) -> list[dict[str, Any]]:
    """The newest events, with the page of what they are about. One query."""
    if not by.has_perm("articles.view_event"):
        return []
    events = Event.objects.newest_first()
    if not by.has_perm("articles.view_user"):
        events = events.exclude(subject_kind__in=_ABOUT_PEOPLE)
    if not by.has_perm("articles.view_article"):
        events = events.exclude(subject_kind="article")
    return [{"event": event, "url": page_of(event)} for event in events[:CHANGES]]


def page_of(event: Event) -> str:
    """The newsroom's page of what ``event`` is about, or an empty string where it has none."""
    if event.subject_kind not in ("article", "image", "section", "tag", "author", "user"):
        return ""
    return reverse(f"admin:articles_{event.subject_kind}_change", args=[event.subject_key])


def planned(by: User, now: datetime) -> dict[str, list[Article]]:
    """The next ends of embargoes, and the deadlines that have passed. One query."""
    if not by.has_perm("articles.view_article"):
        return {"embargoes": [], "late": []}
    soon = Q(embargo_until__gt=now, embargo_until__lt=now + EMBARGOES_OF)
    late = Q(deadline_at__lte=now, deadline_at__gt=now - LATE_OF, state__in=workflow.UNFINISHED)
    rows = list(Article.objects.filter(soon | late).select_related("assignee").defer("body")[:MOST_PLANNED])
    embargoes = (row for row in rows if row.embargo_until and row.embargo_until > now)
    overdue = (row for row in rows if row.deadline_at and row.deadline_at <= now)
    return {
        "embargoes": sorted(embargoes, key=attrgetter("embargo_until"))[:CLOCKS],
        "late": sorted((row for row in overdue if row.state in workflow.UNFINISHED), key=attrgetter("deadline_at")),
    }


def _desk_of(by: User) -> tuple[str, str]:
    """The state whose stories wait for ``by``, and what the lane is called."""
    if by.has_perm("articles.approve_legal") and not by.has_perm("articles.change_article"):
        return "legal", _("Waiting to be read for law")
    if by.has_perm("articles.approve_security") and not by.has_perm("articles.change_article"):
        return "security", _("Waiting for security review")
    return workflow.SUBMITTED, _("Submitted")


def _lane(name: str, title: str, stories: QuerySet, empty: str, *, state: str = "", more: str = "") -> Lane:
    found = list(stories[: IN_A_LANE + 1])
    query = f"?state__exact={state}" if state else "?live=yes"
    more = reverse(more) if more else reverse("admin:articles_article_changelist") + query
    return Lane(name, title, found[:IN_A_LANE], empty, more, is_cut=len(found) > IN_A_LANE)


def _stories(now: datetime) -> QuerySet[Article]:
    """Stories with what a card says: whether they are live, and who last handed them on, when and with which word."""
    public = Publication.objects.stories().at(now).filter(article=OuterRef("pk"))
    key = Cast(OuterRef("pk"), CharField())
    handings = Event.objects.filter(subject_kind="article", subject_key=key, verb__in=HANDED)
    handed = handings.newest_first().annotate(note=KT("details__note"))
    return (
        Article.objects.select_related("section", "saved_by")
        .defer("body")
        .annotate(
            is_live=Exists(public),
            handed_verb=Subquery(handed.values("verb")[:1]),
            handed_note=Subquery(handed.values("note")[:1]),
            handed_by=Subquery(handed.values("actor_name")[:1]),
            handed_at=Subquery(handed.values("at")[:1], output_field=DateTimeField()),
        )
    )


def _mine(stories: QuerySet[Article], by: User) -> QuerySet[Article]:
    return stories.of_person(by).in_state("pitched", workflow.WRITING).order_by("-saved_at")


def _waiting(stories: QuerySet[Article], state: str) -> QuerySet[Article]:
    """Who has waited longest comes first. The sub-editors see what is with the reviewers too."""
    states = (state,) if state != workflow.SUBMITTED else (workflow.SUBMITTED, workflow.LEGAL, workflow.SECURITY)
    return stories.in_state(*states).order_by("handed_at", "pk")


def _scheduled(now: datetime) -> QuerySet[Publication]:
    waiting = Publication.objects.filter(parked_at=None, live_from__gt=now)
    return waiting.select_related("article", "section", "address").order_by("live_from")


def _ready(stories: QuerySet[Article]) -> QuerySet[Article]:
    """Of those that are ready the ones saved last: nearly all are live, and to ask each would take ever longer."""
    lately = Article.objects.in_state(workflow.READY).order_by("-saved_at", "-id").values("pk")[:READY_OF]
    ready, rewritten = Q(pk__in=lately, is_live=False), Q(state=workflow.WRITING, is_live=True)
    return stories.filter(ready | rewritten).order_by("-saved_at")


def _live(now: datetime) -> QuerySet[Publication]:
    return Publication.objects.stories().at(now).select_related("article", "section", "address").latest_first()
