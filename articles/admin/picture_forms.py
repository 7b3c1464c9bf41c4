"""The forms of pictures: several files at once, and the facts of one with the version of them that a person saw."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Image
from articles.photos import intake

from . import reading
from .pages import VerbForm

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
            "JPEG, PNG, WebP, AVIF, TIFF or GIF. A name such as"
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


class ImageForm(VerbForm):
    """What people say of a picture, the version they saw of it, and where each fact came from."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    over = forms.IntegerField(required=False)

    class Meta:
        model = Image
        fields = intake.DESCRIBED
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "caption": forms.Textarea(attrs={"rows": 3}),
            "alt_text": forms.Textarea(attrs={"rows": 3}),
            "restrictions": forms.Textarea(attrs={"rows": 2}),
        }

    theirs: list[reading.Difference] | None = None  # what stands in the picture now, when these facts are behind
    now: Image | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version
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
