"""The photo desk: all pictures in a grid, newest first, by words and by what they need. Its address is the question."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from articles.desk import roles
from articles.models import Author, Collection, Image, PictureUse, Placement
from articles.photos import looking

from .picture_forms import WORK, work_on

A_PAGE = 60
ANY = ("", gettext_lazy("any"))
USED = (
    ANY,
    ("public", gettext_lazy("readers see it")),
    ("yes", gettext_lazy("in a story")),
    ("never", gettext_lazy("never used")),
)


class Questions(forms.Form):
    """What the grid can be asked; an answer that is none asks nothing."""

    q = forms.CharField(required=False, max_length=looking.LONGEST_QUESTION)
    work = forms.ChoiceField(label=gettext_lazy("Needs work"), required=False)
    used = forms.ChoiceField(label=gettext_lazy("Used"), required=False, choices=USED)
    basis = forms.ChoiceField(label=gettext_lazy("Rights"), required=False)
    ends = forms.ChoiceField(
        label=gettext_lazy("Rights end"),
        required=False,
        choices=(ANY, ("soon", gettext_lazy("soon")), ("past", gettext_lazy("ended"))),
    )
    verified = forms.ChoiceField(label=gettext_lazy("Verified"), required=False)
    collection = forms.ModelChoiceField(
        Collection.objects.all(), label=gettext_lazy("Collection"), required=False, empty_label=ANY[1]
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["work"].choices = [ANY, *((name, words) for name, (words, _condition) in WORK.items())]
        self.fields["basis"].choices = [ANY, *((v, w) for v, w in Image.Rights.choices if v)]
        self.fields["verified"].choices = [ANY, *((v, w) for v, w in Image.Verified.choices if v)]

    def narrowing(self) -> list[forms.BoundField]:
        return [self[name] for name in ("work", "used", "basis", "ends", "verified", "collection")]


@dataclass(frozen=True)
class Shot:
    """One picture in the grid: what it still needs, and in how many stories it stands."""

    image: Image
    work: list[tuple[str, Any]]
    stories: int


class PhotoGrid:
    """The list of pictures, for the pictures' admin, instead of stock's list."""

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if "" in request.GET.values():  # a form sends what was left empty too
            given = [(name, value) for name, value in request.GET.items() if value]
            return redirect(f"{request.path}?{urlencode(given)}" if given else request.path)
        form = Questions(request.GET)
        form.is_valid()
        asked = {name: value for name, value in form.cleaned_data.items() if value}
        found = looking.newest(_fitting(asked), asked.get("q", ""), before=asked.get("before"))
        rows = list(found[: A_PAGE + 1])
        page, has_more = rows[:A_PAGE], len(rows) > A_PAGE
        question = [(name, value) for name, value in request.GET.items() if name != "before"]
        context = self.admin_site.each_context(request) | {
            "title": self.head_link()["name"],
            "opts": self.opts,
            "form": form,
            "narrows": any(asked.get(field.name) for field in form.narrowing()),
            "shots": _shots(page),
            "query": urlencode(question),
            "older": "?" + urlencode([*question, ("before", page[-1].pk)]) if has_more else "",
            "is_later": "before" in asked,
            "list_url": self.page("changelist"),
            "add_url": self.page("add") if roles.may(request.user, "pictures") else "",
            "add_label": self.add_label(),
            "may_bulk": roles.may(request.user, "describe"),
            "bulk_url": self.page("bulk"),
            "rights_url": self.page("rights"),
            "wrong": [sentence for errors in form.errors.values() for sentence in errors],
        }
        return TemplateResponse(request, "desk/pictures.html", context | (extra_context or {}))


def _fitting(asked: dict[str, Any]) -> QuerySet[Image]:
    """The pictures that fit but for words and place; each question has an index of its own."""
    found = Image.objects.all()
    if "work" in asked:
        found = found.filter(WORK[asked["work"]][1])
    if "used" in asked:
        found = found.filter(_used(asked["used"]))
    if "basis" in asked:
        found = found.filter(rights_basis=asked["basis"])
    if "ends" in asked:
        found = found.filter(_ends(asked["ends"]))
    if "verified" in asked:
        found = found.filter(verification=asked["verified"])
    if "collection" in asked:
        found = found.filter(collections=asked["collection"])
    return found.defer("facts", "extended_description", "verification_note")


def _used(how: str) -> Q:
    public = Exists(PictureUse.objects.at(timezone.now()).filter(image=OuterRef("pk"), publication__parked_at=None))
    if how == "public":
        return Q(public)
    once = Exists(PictureUse.objects.filter(image=OuterRef("pk")))
    placed, portrayed = (Exists(rows) for rows in _placings())
    return Q(placed) | Q(once) | Q(portrayed) if how == "yes" else Q(~placed) & Q(~once) & Q(~portrayed)


def _placings() -> tuple[QuerySet, QuerySet]:
    return Placement.objects.filter(image=OuterRef("pk")), Author.objects.filter(picture=OuterRef("pk"))


def _ends(when: str) -> Q:
    today = timezone.localdate()
    if when == "past":
        return Q(rights_until__lt=today)
    return Q(rights_until__gte=today, rights_until__lte=today + timedelta(days=settings.RIGHTS_WARNING_DAYS))


def _shots(images: list[Image]) -> list[Shot]:
    placed = Placement.objects.filter(image__in=images).values("image").annotate(n=Count("article", distinct=True))
    stories = dict(placed.order_by().values_list("image", "n"))
    return [Shot(image, work_on(image), stories.get(image.pk, 0)) for image in images]


def chosen(request: HttpRequest) -> list[Image]:
    """The pictures that were ticked, at most 200, in the order of the grid."""
    keys = [int(key) for key in request.GET.getlist("pk") + request.POST.getlist("pk") if key.isdecimal()][:200]
    return list(Image.objects.filter(pk__in=[key for key in keys if key < 2**62]).order_by("-pk"))


__all__ = ["PhotoGrid", "chosen"]
