"""The same facts for many pictures at once: what is said, what became of each, and a way back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import modelform_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from articles.desk import roles
from articles.models import BulkChange, Collection, Image
from articles.photos import bulk, collecting, intake

from .photo_grid import chosen


class SharedForm(modelform_factory(Image, fields=bulk.SHARED)):
    """Facts for many pictures: only those that are ticked are said, so that an empty field can be meant."""

    say = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    collect = forms.CharField(
        label=gettext_lazy("Put them into the collection"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("A new one is made where there is none of that name. Empty: none."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["say"].choices = [(name, self.fields[name].label) for name in bulk.SHARED]
        for name in bulk.SHARED:
            self.fields[name].required = False
            if isinstance(self.fields[name], forms.DateField):
                self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data["say"]}

    def pairs(self) -> list[tuple[forms.BoundField, bool]]:
        """Each field with whether it is ticked."""
        ticked = self["say"].value() or []
        return [(self[name], name in ticked) for name in bulk.SHARED]


class BulkPages:
    """Describing many pictures together, for the pictures' admin."""

    def bulk_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("together/", view(self.bulk_view), name="articles_image_bulk"),
            path("together/<int:pk>/undo/", view(require_POST(self.undo_view)), name="articles_image_undo"),
        ]

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Outside of one transaction: each picture for itself."""
        roles.require(request.user, "describe")
        pictures = chosen(request)
        if not pictures:
            self.message_user(request, _("Tick the pictures first."), messages.WARNING)
            return redirect(self.page("changelist"))
        form, done = SharedForm(request.POST if request.method == "POST" else None), None
        if request.method == "POST" and form.is_valid():
            done = self._tell(request, pictures, form)
        context = self.admin_site.each_context(request) | {
            "title": _("Describe pictures together"),
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "form": form,
            "pictures": pictures,
            "collections": Collection.objects.values_list("name", flat=True)[:200],
            "done": done,
            "undo_url": self.page("undo", done.change.pk) if done and done.change else "",
        }
        return TemplateResponse(request, "desk/pictures_together.html", context)

    def _tell(self, request: HttpRequest, pictures: list[Image], form: SharedForm) -> bulk.Done | None:
        said, name = form.said(), form.cleaned_data["collect"].strip()
        if not said and not name:
            form.add_error(None, _("Tick what you want to say, or name a collection."))
            return None
        done = bulk.describe(pictures, by=request.user, **said) if said else bulk.Done()
        if name:
            try:
                collecting.collect(pictures, name, by=request.user)
            except ValidationError as wrong:
                form.add_error("collect", wrong)
        return done

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        change = get_object_or_404(BulkChange, pk=pk, made_by=request.user)
        try:
            done = bulk.undo(change, by=request.user)
        except intake.Refused as refusal:
            self.message_user(request, str(refusal), messages.WARNING)
            return redirect(self.page("changelist"))
        back = ngettext(
            "The facts of %(number)s picture are as they were.",
            "The facts of %(number)s pictures are as they were.",
            len(done.changed),
        )
        self.message_user(request, back % {"number": len(done.changed)})
        for _picture, sentence in done.refused:
            self.message_user(request, sentence, messages.WARNING)
        return redirect(self.page("changelist"))
