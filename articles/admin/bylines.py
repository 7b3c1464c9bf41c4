"""Who signs a story, as lines of its form: an author by name, or a free text, with a role and a place in the order."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.forms import BaseFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.manuscript import BylineLine
from articles.models import Article, Author, Byline

OFFERED = 12  # authors that are offered at once while typing
LISTED = 100  # authors in the plain list, where no script asks for more
ROLES = (
    gettext_lazy("By"),
    gettext_lazy("Pictures by"),
    gettext_lazy("Words and pictures by"),
    gettext_lazy("Additional reporting by"),
    gettext_lazy("Video by"),
    gettext_lazy("Graphics by"),
    gettext_lazy("Translated by"),
    gettext_lazy("Edited by"),
)


class BylineForm(forms.Form):
    """One line of who made the story. A line left empty is no line."""

    role = forms.CharField(
        label=gettext_lazy("Role"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "byline-roles", "placeholder": ROLES[0]}),
    )
    author = forms.CharField(
        label=gettext_lazy("Author"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "byline-authors", "autocomplete": "off"}),
    )
    text = forms.CharField(label=gettext_lazy("or a free text"), max_length=120, required=False)
    order = forms.IntegerField(label=gettext_lazy("Order"), required=False, min_value=1, max_value=99)
    slug = ""  # of the author that is meant, once the lines have been checked

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["order"].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if words.get("author") and words.get("text"):
            raise ValidationError(_("Choose an author or write a free text, not both."))
        if words.get("role") and not (words.get("author") or words.get("text") or self.errors):
            raise ValidationError(_("“%(role)s” whom? Choose an author or write a free text.") % words)
        return words

    def clean_role(self) -> str:
        """“By” is what a line without a role says."""
        role = self.cleaned_data["role"]
        return "" if role.casefold() == str(ROLES[0]).casefold() else role

    def line(self) -> BylineLine:
        return BylineLine(self.slug, self.cleaned_data.get("text", ""), self.cleaned_data.get("role", ""))


class _Lines(BaseFormSet):
    def clean(self) -> None:
        """Find out whom the names mean, for all lines in one query."""
        meant = _Meant(row.cleaned_data.get("author", "") for row in self.forms)
        for row in self.forms:
            try:
                row.slug = meant.slug(row.cleaned_data.get("author", ""))
            except ValidationError as unknown:
                row.add_error("author", unknown)

    def lines(self) -> tuple[BylineLine, ...]:
        """The lines in the order of their numbers; lines without a number come last, as they stand."""
        rows = [row for row in self.forms if row.line() != BylineLine()]
        rows.sort(key=lambda row: row.cleaned_data.get("order") or 100)
        return tuple(row.line() for row in rows)


BylineFormSet = forms.formset_factory(BylineForm, formset=_Lines, extra=2, max_num=20)


class _Meant:
    """The authors that some texts name, by name in any case, or by slug where a name is not enough."""

    def __init__(self, texts: Iterable[str]):
        wanted = {text for text in texts if text}
        fits = Q(slug__in=[text.casefold() for text in wanted])
        for text in wanted:
            fits |= Q(name__iexact=text)
        rows = list(Author.objects.filter(fits).values_list("name", "slug", "merged_into")) if wanted else []
        self._by_name: dict[str, list[str]] = {}
        # A name means somebody who stands; one who was merged is meant only where nobody else is called that.
        for name, slug, merged in sorted(rows, key=lambda row: row[2] is not None):
            called = self._by_name.setdefault(name.casefold(), [])
            if merged is None or not called:
                called.append(slug)
        self._slugs = {slug for _name, slug, _merged in rows}

    def slug(self, text: str) -> str:
        """The slug of the one author that ``text`` names. Raises ValidationError."""
        slugs = self._by_name.get(text.casefold(), [])
        if len(slugs) > 1:
            sentence = _("%(count)s authors are called “%(name)s”. Write which: %(slugs)s.")
            raise ValidationError(sentence % {"count": len(slugs), "name": text, "slugs": ", ".join(sorted(slugs))})
        if slugs:
            return slugs[0]
        if text and text.casefold() not in self._slugs:
            sentence = _("“%(name)s” is not an author here. Choose one of the list, or write the name as a free text.")
            raise ValidationError(sentence % {"name": text})
        return text.casefold()


def _namesake(name: str, pk: str) -> Exists:
    return Exists(Author.objects.standing().filter(name=OuterRef(name)).exclude(pk=OuterRef(pk)))


def initial(story: Article) -> list[dict[str, Any]]:
    """The lines of ``story`` as the form shows them. One query."""
    rows = (
        Byline.objects.filter(article=story)
        .annotate(has_namesake=_namesake("author__name", "author_id"))
        .values_list("author__name", "author__slug", "has_namesake", "text", "role")
    )
    return [
        {"author": (slug if twice else name) or "", "key": slug, "text": text, "role": role, "order": number}
        for number, (name, slug, twice, text, role) in enumerate(rows, start=1)
    ]


def shown(rows: BaseFormSet) -> list[dict[str, str]]:
    """The authors that stand in the lines now, for the form's script: what is written there, and whom it means."""
    if rows.is_bound:
        rows.is_valid()
        named = [(row.cleaned_data.get("author", ""), row.slug) for row in rows]
    else:
        named = [(line["author"], line["key"]) for line in rows.initial or ()]
    return [{"value": value, "key": slug} for value, slug in named if slug]


def listed() -> list[str]:
    """Names for the plain list: not all where there are many, but every one is understood when it is typed."""
    return list(Author.objects.standing().values_list("name", flat=True)[:LISTED])


def find(question: str) -> list[dict[str, str]]:
    """The authors that ``question`` may mean, those that begin with it first. One query."""
    question = " ".join(question.split())
    if not question:
        return []
    fits = Q()
    for written in {question, question.lower(), question.title()}:
        fits |= Q(name__icontains=written) | Q(slug__icontains=written)
    rows = (
        Author.objects.standing()
        .filter(fits)
        .annotate(has_namesake=_namesake("name", "pk"))
        .values_list("name", "slug", "role", "has_namesake")[:OFFERED]
    )
    return [
        {"value": slug if twice else name, "key": slug, "name": name, "kind": job or (slug if twice else "")}
        for name, slug, job, twice in rows
    ]
