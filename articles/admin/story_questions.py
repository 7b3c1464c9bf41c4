"""What can be asked of the list of stories, and how an address asks it. It reads addresses, and no story."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import asking
from articles.models import Article, Author, SavedView, Section, User

# What stands in addresses from before this list, and what it is called now.
_FORMERLY = {"state__exact": "state", "section__id__exact": "section", "kind__exact": "kind", "live__exact": "live"}
_PLACE = re.compile(r"(\d{1,17})-(\d{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CALENDAR = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
YES = (("", gettext_lazy("any")), ("yes", gettext_lazy("yes")))


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
        rows = _choices("section", Section.objects.standing(), "slug", "name").union(
            _choices("author", Author.objects.standing(), "slug", "name"),
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
    late = forms.ChoiceField(label=gettext_lazy("Past its deadline"), required=False, choices=YES)
    scheduled = forms.ChoiceField(label=gettext_lazy("Scheduled"), required=False, choices=YES)
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("Sensitivity"),
        required=False,
        choices=[("", gettext_lazy("any")), *((level, level.label) for level in Article.Sensitivity)],
    )
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


def as_place(saved_at: datetime, pk: int) -> str:
    return f"{(saved_at - _EPOCH) // timedelta(microseconds=1)}-{pk}"
