"""The list of stories: what is asked of it, which stories fit, one page of them. Its address is the whole question."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CharField, Exists, F, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.desk import asking, views, workflow
from articles.models import Article, Author, Byline, Publication, Revision, SavedView, Section, User

A_PAGE = 50
COUNTED = 1000
# Colours of a state's label; the word itself says it too.
STATE_LOOKS = {"submitted": "warn", "ready": "good", "spiked": "stop"}

# What stands in addresses from before this list, and what it is called now.
_FORMERLY = {"state__exact": "state", "section__id__exact": "section", "kind__exact": "kind", "live__exact": "live"}
_PLACE = re.compile(r"(\d{1,17})-(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CALENDAR = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
YES = (("", gettext_lazy("any")), ("yes", gettext_lazy("yes")))


# --- What can be asked ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """Something to choose in the list: its key in the address, its name, and the row's key or a view's question."""

    key: str
    name: str
    more: str


class Offered:
    """Sections, authors, people, and this person's own views. One query for all of them."""

    def __init__(self, by: User):
        full_name = Concat("first_name", Value(" "), "last_name", output_field=CharField())
        rows = _choices("section", Section.objects.all(), "slug", "name").union(
            _choices("author", Author.objects.all(), "slug", "name"),
            _choices("assignee", User.objects.filter(is_active=True, is_staff=True), "username", full_name),
            _choices("view", SavedView.objects.filter(owner=by), "pk", "name", "query"),
            all=True,
        )
        self.by_kind: dict[str, dict[str, Choice]] = {}
        for kind, key, name, more in sorted(rows, key=lambda row: row[2].casefold()):
            self.by_kind.setdefault(kind, {})[key] = Choice(key, name.strip() or key, more)

    def of(self, kind: str) -> dict[str, Choice]:
        return self.by_kind.get(kind, {})


def _choices(kind: str, rows: QuerySet, key: str, name: Any, more: str = "pk") -> QuerySet:
    text = CharField()
    return rows.order_by().values_list(
        Value(kind, output_field=text), Cast(key, text), Cast(name, text), Cast(more, text)
    )


class Filters(forms.Form):
    """The panel over the list: a plain GET form. Whatever in it is no answer is left out, with a sentence."""

    q = forms.CharField(label=gettext_lazy("Find"), required=False, strip=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    section = forms.ChoiceField(label=gettext_lazy("Section"), required=False)
    author = forms.ChoiceField(label=gettext_lazy("Signed by"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    live = forms.ChoiceField(
        label=gettext_lazy("Live"), required=False, choices=[*YES, ("no", gettext_lazy("not live"))]
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[("", gettext_lazy("anybody’s")), ("mine", gettext_lazy("mine"))],
    )
    embargo = forms.ChoiceField(label=gettext_lazy("Under embargo"), required=False, choices=YES)
    conflict = forms.ChoiceField(label=gettext_lazy("Has a conflict"), required=False, choices=YES)
    since = forms.DateField(label=gettext_lazy("Saved from"), required=False, validators=_CALENDAR)
    until = forms.DateField(label=gettext_lazy("Saved until"), required=False, validators=_CALENDAR)
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[("", gettext_lazy("newest first")), ("best", gettext_lazy("best match first"))],
    )

    def __init__(self, data: dict[str, str], offered: Offered):
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        for name in ("section", "author", "assignee"):
            chosen = [(choice.key, choice.name) for choice in offered.of(name).values()]
            self.fields[name].choices = [("", _("any")), *chosen]
        self.fields["state"].choices = [("", _("any")), *Article.State.choices]
        self.fields["kind"].choices = [("", _("any")), *Article.Kind.choices]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    @property
    def narrowing(self) -> list:
        """The fields of the panel that narrow the list; the search stands above them."""
        return [bound for bound in self if bound.name not in ("q", "order")]


@dataclass
class Asked:
    """A question to the list, read from an address. ``troubles`` are sentences on what in it was left out."""

    form: Filters
    words: asking.Question
    answers: dict[str, Any]
    offered: Offered
    before: tuple[datetime, int] | None = None
    after: tuple[datetime, int] | None = None
    troubles: list[str] = field(default_factory=list)

    def query(self) -> str:
        """The question as an address says it, always in the same order, without the place in the list."""
        said = {name: self.answers[name] for name in Filters.base_fields if self.answers.get(name)}
        return urlencode(
            {name: said[name].isoformat() if isinstance(said[name], date) else said[name] for name in said}
        )

    @property
    def is_best_first(self) -> bool:
        return self.answers.get("order") == "best" and bool(self.words.wanted)

    @property
    def narrows(self) -> bool:
        """Whether anything but words is asked, so that the panel stands open."""
        return any(self.answers.get(name) for name in Filters.base_fields if name not in ("q", "order"))


def read(address: QueryDict, offered: Offered) -> Asked:
    """The question that ``address`` asks. There is always one: what makes no sense is left out and said."""
    said = {_FORMERLY.get(name, name): value for name, value in address.items()}
    troubles = []
    for choice in offered.of("section").values():
        if said.get("section") == choice.more:  # an address from before says the row's key
            said["section"] = choice.key
    form = Filters({name: value for name, value in said.items() if name in Filters.base_fields}, offered)
    if not form.is_valid():
        troubles += [
            _("“%(value)s” is no answer to “%(name)s”, so that was left out.")
            % {"value": said.get(name, "")[:60], "name": form[name].label}
            for name in form.errors
        ]
    asked = Asked(form, asking.read(form.cleaned_data.get("q", "")), form.cleaned_data, offered, troubles=troubles)
    asked.before, asked.after = (_place(said.get(name, ""), troubles) for name in ("before", "after"))
    if unknown := [name[:40] for name in said if name not in (*Filters.base_fields, "before", "after")]:
        troubles.append(
            _("This list cannot be asked for “%(names)s”, so that was left out.") % {"names": "”, “".join(unknown[:3])}
        )
    _judge_words(asked)
    return asked


def _judge_words(asked: Asked) -> None:
    typed = asked.answers.get("q", "").strip()
    if asked.words.cut:
        asked.troubles.append(
            _("That is a long search: it looks for the first %(terms)s words, in at most %(characters)s characters.")
            % {"terms": asking.MOST_TERMS, "characters": asking.MOST_CHARACTERS}
        )
    if typed and not asked.words:
        asked.troubles.append(_("“%(typed)s” holds no word to look for.") % {"typed": typed[:60]})
        asked.answers.pop("q")


def _place(text: str, troubles: list[str]) -> tuple[datetime, int] | None:
    """A place in the list: when a story was saved, and its key."""
    if not text:
        return None
    if match := _PLACE.fullmatch(text):
        return _EPOCH + timedelta(microseconds=int(match[1])), int(match[2])
    troubles.append(_("That is no place in this list. Here is its beginning."))
    return None


def _as_place(saved_at: datetime, pk: int) -> str:
    return f"{(saved_at - _EPOCH) // timedelta(microseconds=1)}-{pk}"


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
    columns = {name: answers[name] for name in ("state", "kind") if answers.get(name)}
    for name in ("section", "assignee"):
        if answers.get(name):
            columns[name] = int(asked.offered.of(name)[answers[name]].more)
    stories = stories.filter(asking.fitting(asked.words, key="walked"), **columns)
    if answers.get("embargo"):
        stories = stories.filter(embargo_until__gt=now)
    if answers.get("conflict"):
        stories = stories.filter(pk__in=_conflicts().values("article"))
    if answers.get("author"):
        author = int(asked.offered.of("author")[answers["author"]].more)
        stories = stories.filter(walked__in=Byline.objects.filter(author=author).order_by().values("article"))
    if answers.get("live"):
        public = Q(walked__in=Publication.objects.stories().at(now).values("article"))
        stories = stories.filter(public if answers["live"] == "yes" else ~public)
    if answers.get("whose"):
        stories = stories.filter(walked__in=Article.objects.keys_of_person(by))
    if since := answers.get("since"):
        stories = stories.filter(saved_at__gte=_midnight(since))
    if until := answers.get("until"):
        stories = stories.filter(saved_at__lt=_midnight(until + timedelta(days=1)))
    return stories


def _conflicts() -> QuerySet[Revision]:
    return Revision.objects.filter(sealed_at=None, departed_from__isnull=False).order_by()


def _midnight(day: date) -> datetime:
    """The first moment of ``day`` in the outlet's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))


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
        page.older = _as_place(*shown[-1])
    if shown and (asked.before or (backwards and has_more)):
        page.newer = _as_place(*shown[0])
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


# --- The pages --------------------------------------------------------------------------------------------------------


def built_in() -> list[tuple[str, str]]:
    """The views that everybody has: name and question."""
    return [
        (_("All"), ""),
        (_("Mine"), "whose=mine"),
        (_("Submitted"), f"state={workflow.SUBMITTED}"),
        (_("Live"), "live=yes"),
        (_("Embargoed"), "embargo=yes"),
        (_("Conflicts"), "conflict=yes"),
    ]


class StoryList:
    """The list of stories and a person's own views of it, for the stories' admin, instead of stock's list."""

    def view_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("views/keep/", view(require_POST(self.keep_view)), name="articles_article_view_keep"),
            path("views/<int:pk>/rename/", view(require_POST(self.rename_view)), name="articles_article_view_rename"),
            path("views/<int:pk>/remove/", view(require_POST(self.remove_view)), name="articles_article_view_remove"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        self._refuse_outsiders(request)
        if "" in request.GET.values():  # a form sends what was left empty too; the address is to be sent to colleagues
            return redirect(
                f"{request.path}?{urlencode([(name, value) for name, value in request.GET.items() if value])}"
            )
        asked = read(request.GET, Offered(request.user))
        now = timezone.now()
        found = one_page(asked, by=request.user, now=now)
        query = asked.query()
        own = list(asked.offered.of("view").values())
        context = self.admin_site.each_context(request) | {
            "title": self.head_link()["name"],
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "add_url": self.page("add") if self.has_add_permission(request) else "",
            "add_label": self.add_label(),
            "asked": asked,
            "page": found,
            "stories": found.stories,
            "query": query,
            "now": now,
            "built_in": built_in(),
            "own_views": own,
            "current_view": next((view for view in own if view.more == query), None),
            "is_built_in": query in {question for _name, question in built_in()},
            "older": _address(query, before=found.older),
            "newer": _address(query, after=found.newer),
        }
        return TemplateResponse(request, "desk/stories.html", context | (extra_context or {}))

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the question that this person has asked under a name of theirs."""
        self._refuse_outsiders(request)
        query = read(QueryDict(request.POST.get("query", "")[:4000]), Offered(request.user)).query()
        try:
            view = views.keep(request.POST.get("name", ""), query, by=request.user)
        except views.Unfit as refusal:
            return self._back(request, query, str(refusal), "warning")
        return self._back(request, query, _("Kept as “%(name)s”. Only you see it.") % {"name": view.name})

    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self._own_view(request, pk)
        try:
            views.rename(view, request.POST.get("name", ""), by=request.user)
        except views.Unfit as refusal:
            return self._back(request, view.query, str(refusal), "warning")
        return self._back(request, view.query, _("It is called “%(name)s” now.") % {"name": view.name})

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self._own_view(request, pk)
        views.remove(view, by=request.user)
        return self._back(request, view.query, _("The view “%(name)s” is removed.") % {"name": view.name})

    def _own_view(self, request: HttpRequest, pk: int) -> SavedView:
        self._refuse_outsiders(request)
        return get_object_or_404(SavedView, pk=pk, owner=request.user)

    def _refuse_outsiders(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _back(self, request: HttpRequest, query: str, sentence: str, level: str = "info") -> HttpResponse:
        self.message_user(request, sentence, level)
        return redirect(self.page("changelist") + (f"?{query}" if query else ""))


def _address(query: str, **place: str) -> str:
    """The list's own address from that place on; empty where there is no such place."""
    return "?" + "&".join(filter(None, [query, urlencode(place)])) if all(place.values()) else ""
