"""The forms of pictures: several files at once, and the facts of one with the version of them that a person saw."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Image
from articles.photos import intake, recipes

from . import reading
from .pages import VerbForm

OFFERED = 200
CROPS = tuple(f"crop_{shape}" for shape in recipes.SHAPES)
EDGES = (gettext_lazy("from the left"), gettext_lazy("from the top"), gettext_lazy("width"))
WORK = {
    "file": (gettext_lazy("awaiting its file"), Q(file="")),
    "credit": (gettext_lazy("no credit"), Q(credit="")),
    "alt": (gettext_lazy("no text alternative"), Q(alt_text="", is_decorative=False)),
    "rights": (gettext_lazy("rights not known"), Q(rights_basis="")),
}


def work_on(image: Image) -> list[tuple[str, Any]]:
    """What still has to be done with the picture: (colour, words). The file may follow, the rest may not."""
    wanting = {
        "file": image.is_awaiting_file,
        "credit": not image.credit,
        "alt": not (image.alt_text or image.is_decorative),
        "rights": not image.rights_basis,
    }
    return [("warn" if name == "file" else "stop", WORK[name][0]) for name, is_wanting in wanting.items() if is_wanting]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each of them checked as one."""

    def clean(self, data, initial=None) -> list:
        return [super(FilesField, self).clean(file, initial) for file in data or []]


class UploadForm(forms.Form):
    """Several files at once, or the name of one that has not come."""

    pictures = FilesField(
        label=gettext_lazy("Picture files"),
        required=False,
        widget=ManyFiles,
        help_text=gettext_lazy(
            "JPEG, PNG, WebP, AVIF, TIFF, GIF or HEIC, or a ZIP of them. A name such as"
            " “Convoy leaves base 210320 CREDIT ROYAL NAVY.jpg” is read for you."
        ),
    )
    awaited = forms.CharField(
        label=gettext_lazy("Or the name of a picture whose file has not come"),
        required=False,
        max_length=300,
        help_text=gettext_lazy(
            "It can be placed in stories at once; readers see a plain placeholder until its file is here."
        ),
    )


class VerifyForm(forms.Form):
    found = forms.ChoiceField(label=gettext_lazy("It is"), choices=Image.Verified.choices, required=False)
    how = forms.CharField(
        label=gettext_lazy("How"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What was compared with what: landmarks, shadows, weather, other pictures."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": "verify_seen"}))


class CropWidget(forms.MultiWidget):
    use_fieldset = True  # its three numbers have names of their own

    def decompress(self, value: list[int] | None) -> list[Any]:
        return value or [None, None, None]


class CropField(forms.MultiValueField):
    """One shape cut by hand: left, top and width in thousandths of the picture. Empty: cut round the focus."""

    def __init__(self, **kwargs: Any) -> None:
        some = {"incomplete": gettext_lazy("Give all three numbers, or none: left, top and width.")}
        edges = [forms.IntegerField(min_value=0, max_value=recipes.WHOLE, error_messages=some) for _edge in EDGES]
        names = [forms.NumberInput(attrs={"min": 0, "max": recipes.WHOLE, "aria-label": words}) for words in EDGES]
        widget = CropWidget(names)
        super().__init__(edges, widget=widget, required=False, require_all_fields=False, **kwargs)

    def compress(self, values: list[Any]) -> tuple[int, int, int] | None:
        return (values[0], values[1], values[2]) if values else None


class ImageForm(VerbForm):
    """What people say of a picture, the version they saw of it, and where each fact came from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    over = forms.IntegerField(required=False)
    fallback = forms.TypedChoiceField(
        label=gettext_lazy("Shown when the rights end"), required=False, coerce=UUID, empty_value=None
    )
    crop_wide = CropField(label=gettext_lazy("16:9 by hand"))
    crop_card = CropField(label=gettext_lazy("3:2 by hand"))
    crop_classic = CropField(label=gettext_lazy("4:3 by hand"))
    crop_square = CropField(label=gettext_lazy("1:1 by hand"))

    class Meta:
        model = Image
        fields = tuple(name for name in intake.DESCRIBED if name not in ("fallback", "own_crops"))
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "alt_text": forms.Textarea(attrs={"rows": 3}),
            "restrictions": forms.Textarea(attrs={"rows": 2}),
            "extended_description": forms.Textarea(attrs={"rows": 3}),
            "focal_x": forms.NumberInput(attrs={"type": "range", "min": 0, "max": 100}),
            "focal_y": forms.NumberInput(attrs={"type": "range", "min": 0, "max": 100}),
        }

    theirs: list[reading.Difference] | None = None  # what stands in the picture now, when these facts are behind
    now: Image | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version
        self.fields["fallback"].choices = _fallbacks(self.instance)
        self.initial["fallback"] = self.instance.fallback
        for name in CROPS:
            self.initial[name] = _numbers(self.instance.own_crops.get(_shape(name)))
        for name, fact in self.instance.facts.items():
            if (
                name in self.fields
                and fact.get("source")
                and str(fact["value"]) == str(getattr(self.instance, name) or "")
            ):
                told = _("Read from the %(source)s.") % {"source": fact["source"]} if fact["source"] != "desk" else ""
                self.fields[name].help_text = " ".join(filter(None, [str(self.fields[name].help_text), told]))

    def say(self, refusal: Exception) -> None:
        super().say(refusal)
        if isinstance(refusal, intake.Stale):
            self.now = Image.objects.get(pk=self.instance.pk)
            self.theirs = list(self._differences())

    def _differences(self) -> Iterator[reading.Difference]:
        for name in intake.DESCRIBED:
            mine, stands = self.cleaned_data.get(name), getattr(self.now, name)
            if name in self.cleaned_data and mine != stands:
                yield reading.of_texts(name, str(self.fields[name].label), str(mine or ""), str(stands or ""))

    @property
    def opened_version(self) -> int:
        return self.cleaned_data.get("over") or self.cleaned_data.get("seen") or 0

    def own_crops(self) -> dict[str, list[int]]:
        """The shapes cut by hand, as Image.own_crops has them: the height follows from shape and width."""
        image = self.instance
        cut = {_shape(name): self.cleaned_data.get(name) for name in CROPS}
        return {shape: recipes.edges(shape, at, image.width, image.height) for shape, at in cut.items() if at}


def _shape(field: str) -> str:
    return field.removeprefix("crop_")


def _numbers(edges: list[int] | None) -> list[int] | None:
    return [edges[0], edges[1], edges[2] - edges[0]] if edges else None


def _fallbacks(image: Image) -> list[tuple[Any, str]]:
    """The newest pictures that could take its place, and the one that does."""
    fit = Image.objects.exclude(pk=image.pk).exclude(file="").exclude(credit="").exclude(rights_basis="")
    newest = list(fit.newest_first().values_list("uid", "title")[:OFFERED])
    chosen = Image.objects.filter(uid=image.fallback).values_list("uid", "title") if image.fallback else []
    return [("", _("no picture")), *dict([*newest, *chosen]).items()]
