"""Which stories fit what is asked of their list, in which order, and one page of them with what each row says."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet

from articles.desk import asking, workflow
from articles.live.days import midnight
from articles.models import Article, Byline, Publication, Revision, User

from .story_questions import Asked, as_place

A_PAGE = 50
COUNTED = 1000
# Colours of a state's label; the word itself says it too.
STATE_LOOKS = {"submitted": "warn", "ready": "good", "spiked": "stop"}


# --- What fits --------------------------------------------------------------------------------------------------------


class _Walked(Func):
    """The story's key, so written that SQLite walks the list and looks each story up in a set, and never the reverse.

    Fetching the rows of a large set to sort them takes ten times as long, and SQLite cannot know that a set is large.
    PostgreSQL weighs both ways.
    """

    template = "%(expressions)s"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


def fitting(asked: Asked, *, by: User, now: datetime) -> QuerySet[Article]:
    """The stories that fit what is asked, in no order. No story is read for it but in an index."""
    answers = asked.answers
    stories = Article.objects.alias(walked=_Walked(F("pk")))
    columns = {name: answers[name] for name in ("state", "kind", "sensitivity") if answers.get(name)}
    for name in ("section", "assignee"):
        if answers.get(name):
            columns[name] = int(asked.offered.of(name)[answers[name]].more)
    stories = stories.filter(asking.fitting(asked.words, key="walked"), **columns)
    stories = stories.filter(_planned(answers, now))
    if answers.get("conflict"):
        stories = stories.filter(pk__in=_conflicts().values("article"))
    if answers.get("author"):
        author = int(asked.offered.of("author")[answers["author"]].more)
        stories = stories.filter(walked__in=Byline.objects.filter(author=author).order_by().values("article"))
    if answers.get("live"):
        public = Exists(Publication.objects.stories().at(now).filter(article=OuterRef("pk")))
        stories = stories.filter(public if answers["live"] == "yes" else ~public)
    if answers.get("whose"):
        stories = stories.filter(walked__in=Article.objects.keys_of_person(by))
    if since := answers.get("since"):
        stories = stories.filter(saved_at__gte=midnight(since))
    if until := answers.get("until"):
        stories = stories.filter(saved_at__lt=midnight(until + timedelta(days=1)))
    return stories


def _planned(answers: dict[str, Any], now: datetime) -> Q:
    """Under embargo, past its deadline, waiting for its time: as far as that is asked."""
    fits = Q()
    if answers.get("embargo"):
        fits &= Q(embargo_until__gt=now)
    if answers.get("late"):
        fits &= Q(deadline_at__lte=now, state__in=workflow.UNFINISHED)
    if answers.get("scheduled"):
        fits &= Q(pk__in=Publication.objects.filter(parked_at=None, live_from__gt=now).values("article"))
    return fits


def _conflicts() -> QuerySet[Revision]:
    return Revision.objects.filter(sealed_at=None, departed_from__isnull=False).order_by()


# --- One page of it ---------------------------------------------------------------------------------------------------


@dataclass
class Page:
    """Some stories in their order, how many there are if that is known, and the places where the list goes on.

    ``is_unfinished`` is the word that no story has as a whole.
    """

    stories: list[Any]
    hits: int | None = None
    is_many: bool = False
    older: str = ""
    newer: str = ""
    is_unfinished: str = ""


def one_page(asked: Asked, *, by: User, now: datetime) -> Page:
    """The page that is asked for. Two queries for its stories, however many there are, and one for who signs them."""
    found = _keys(asked, by=by, now=now)
    if not found.stories and asked.words.is_open:
        word = " ".join(asked.words.wanted[-1].words)
        asked = replace(asked, words=asked.words.unfinished())
        found = _keys(asked, by=by, now=now)
        found.is_unfinished = word if found.stories else ""
    keys, found.stories = found.stories, []
    rows = {story.pk: story for story in _rows(keys, asked, now)}
    found.stories = [rows[key] for key in keys if key in rows]
    _sign(found.stories)
    return found


def _keys(asked: Asked, *, by: User, now: datetime) -> Page:
    """The page with the keys of its stories only."""
    stories = fitting(asked, by=by, now=now)
    return _best(stories, asked) if asked.is_best_first else _newest(stories, asked)


def _newest(stories: QuerySet[Article], asked: Asked) -> Page:
    """Keyset paging: from a place on, by the index; the first page also counts what fits, up to a thousand."""
    is_first = not (asked.before or asked.after)
    backwards = asked.after is not None
    if asked.before:
        at, key = asked.before
        stories = stories.filter(saved_at__lte=at).exclude(saved_at=at, pk__gte=key)
    elif asked.after:
        at, key = asked.after
        stories = stories.filter(saved_at__gte=at).exclude(saved_at=at, pk__lte=key)
    counts = is_first and bool(asked.query())
    order = ("saved_at", "pk") if backwards else ("-saved_at", "-pk")
    found = list(stories.order_by(*order).values_list("saved_at", "pk")[: COUNTED + 1 if counts else A_PAGE + 1])
    has_more, shown = len(found) > A_PAGE, found[:A_PAGE]
    if backwards:
        shown.reverse()
    page = Page([pk for _at, pk in shown])
    if shown and (has_more or backwards):
        page.older = as_place(*shown[-1])
    if shown and (asked.before or (backwards and has_more)):
        page.newer = as_place(*shown[0])
    if counts:
        page.hits, page.is_many = min(len(found), COUNTED), len(found) > COUNTED
    return page


def _best(stories: QuerySet[Article], asked: Asked) -> Page:
    """The best fifty of those that fit. Who wants more of them wants a narrower question."""
    ranked = asking.best(asked.words)
    fit = set(stories.filter(pk__in=ranked).values_list("pk", flat=True))
    keys = [key for key in ranked if key in fit]
    return Page(keys[:A_PAGE], hits=len(keys), is_many=len(ranked) >= asking.RANKED)


def _rows(keys: list[int], asked: Asked, now: datetime) -> QuerySet[Article]:
    public = Publication.objects.stories().at(now).filter(article=OuterRef("pk"))
    rows = (
        Article.objects.filter(pk__in=keys)
        .select_related("section", "saved_by", "assignee")
        .defer("body", "standfirst", "related")
        .annotate(
            is_live=Exists(public),
            has_conflict=Exists(_conflicts().filter(article=OuterRef("pk"))),
            words=F("desk_text__word_count"),
        )
    )
    return rows.annotate(said=asking.snippet(asked.words)) if asked.words.wanted else rows


def _sign(stories: list[Any]) -> None:
    """Write on each story who signs it. One query."""
    signed: dict[int, list[str]] = {}
    for byline in Byline.objects.filter(article__in=stories).select_related("author"):
        signed.setdefault(byline.article_id, []).append(str(byline))
    for story in stories:
        story.signed = ", ".join(signed.get(story.pk, []))
        story.state_look = STATE_LOOKS.get(story.state, "")
        story.pieces = asking.pieces(getattr(story, "said", None) or "")
