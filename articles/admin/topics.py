"""Topics as a writer names them: found while typing, by any of their names or by kind, and understood when sent."""

import json
from difflib import get_close_matches
from typing import Any

from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.desk import roles
from articles.models import Tag

OFFERED = 12  # topics that are offered at once


def spelled(name: str, slug: str) -> str:
    """How the form's field writes a topic: by its name, unless that has a comma in it."""
    return slug if "," in name else name


def as_json(name: str, slug: str, kind: str, *, stands_for: str = "") -> dict[str, str]:
    """A topic for the form's script: ``key`` is its slug, ``stands_for`` the other name by which it was found."""
    label = str(dict(Tag.Kind.choices).get(kind, kind))
    return {"value": spelled(name, slug), "key": slug, "name": name, "kind": label, "said": stands_for}


def find(question: str) -> list[dict[str, str]]:
    """The topics that ``question`` may mean, those that begin with it first. One query, however many topics there are.

    A kind narrows it down: “place kir” finds places only, “place” all of them.
    """
    question = " ".join(question.split())
    if not question:
        return []
    kind, rest = _kind_in(question)
    fits = _named(question) | (Q(kind=kind) & (_named(rest) if rest else Q()) if kind else Q(pk__in=[]))
    begins = Case(When(name__istartswith=rest or question, then=Value(0)), default=Value(1))
    found = Tag.objects.standing().annotate(others=Cast("synonyms", TextField())).filter(fits).order_by(begins, "name")
    rows = found.values_list("name", "slug", "kind", "synonyms")[:OFFERED]
    offered = []
    for name, slug, its_kind, others in rows:
        asked = rest if kind == its_kind else question
        said = next((called for called in (name, *others) if asked.casefold() in called.casefold()), None)
        if said is not None:
            offered.append(as_json(name, slug, its_kind, stands_for="" if said == name else said))
    return offered


def _kind_in(question: str) -> tuple[str, str]:
    """The kind that one of the words names, and the rest of the words."""
    words = question.split(" ")
    kinds = {str(label).casefold(): value for value, label in Tag.Kind.choices}
    kind = next((word for word in words if word.casefold() in kinds), "")
    return kinds.get(kind.casefold(), ""), " ".join(word for word in words if word != kind)


def _named(text: str) -> Q:
    """Topics with ``text`` in a name. Databases fold the case of Latin letters only; JSON may hold codes."""
    fits = Q()
    for written in {text, text.lower(), text.upper(), text.capitalize()}:
        fits |= Q(name__icontains=written) | Q(others__icontains=written)
        fits |= Q(others__icontains=json.dumps(written)[1:-1])
    return fits


class Known:
    """What names of topics mean. One query where all are spelled as ours are, else one more for every other name."""

    def __init__(self, names: list[str]):
        rows = Tag.objects.filter(name__in=names).values_list("name", "slug", "kind")
        self._rows = {name.casefold(): (name, slug, kind) for name, slug, kind in rows}
        if not all(name.casefold() in self._rows for name in names):
            self._rows = _every_name()

    def slug_of(self, name: str) -> str:
        return self._row(name)[1]

    def as_json(self, name: str) -> dict[str, Any]:
        """The topic that ``name`` means; without a kind where there is none yet."""
        if self.slug_of(name):
            return as_json(*self._row(name))
        return {"value": name, "key": "", "name": name, "kind": "", "said": ""}

    def refusal(self, name: str) -> str:
        """There is no such topic: who can make it, and what may have been meant."""
        near = get_close_matches(name.casefold(), self._rows, n=1, cutoff=0.75)
        hint = _(" Did you mean “%(near)s”?") % {"near": self._row(near[0])[0]} if near else ""
        sentence = _("“%(name)s” is not a topic yet. Ask %(who)s to make it.")
        return sentence % {"name": name, "who": roles.who_can("add_tag")} + hint

    def _row(self, name: str) -> tuple[str, str, str]:
        return self._rows.get(name.casefold()) or self._rows.get(slugify(name)) or ("", "", "")


def _every_name() -> dict[str, tuple[str, str, str]]:
    """Every name, synonym and slug of a topic, in one case; a name counts more than a slug, and that than a synonym."""
    topics = list(Tag.objects.values_list("name", "slug", "kind", "synonyms"))
    rows = {other.casefold(): (name, slug, kind) for name, slug, kind, others in topics for other in others}
    rows |= {slug: (name, slug, kind) for name, slug, kind, _others in topics}
    return rows | {name.casefold(): (name, slug, kind) for name, slug, kind, _others in topics}


def names_in(text: str) -> list[str]:
    """The names that stand in a field with commas between them, each once. No database holds a NUL."""
    names = (" ".join(part.split()) for part in text.replace("\0", " ").split(","))
    return list(dict.fromkeys(name for name in names if name))
