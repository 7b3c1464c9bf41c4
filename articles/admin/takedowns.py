"""Taking a picture off the site: where readers meet it, why, and what they see instead. One page, one button."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import moves, roles, takedowns
from articles.live.takedowns import standing
from articles.models import Image, Takedown
from articles.photos import renditions

REFUSALS = (moves.NoteWanted, takedowns.NoFallback, takedowns.NotDown, renditions.Failed)
OFFERED = 200


class TakedownForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("Nobody outside the newsroom sees it.")
    )
    fallback = forms.ModelChoiceField(
        label=gettext_lazy("Shown instead"),
        queryset=Image.objects.none(),
        required=False,
        empty_label=gettext_lazy("no picture"),
    )

    def __init__(self, *args, image: Image, **kwargs):
        super().__init__(*args, **kwargs)
        fit = Image.objects.exclude(pk=image.pk).exclude(file="").exclude(credit="").exclude(rights_basis="")
        newest = fit.order_by("-pk").values("pk")[:OFFERED]
        self.fields["fallback"].queryset = Image.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))


class AgainForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why it may be shown again"), max_length=300)


class TakedownPages:
    """The page of a picture's takedown, for the pictures' admin."""

    def takedown_urls(self):
        view = self.admin_site.admin_view(self.takedown_view)
        return [path("<int:pk>/takedown/", view, name="articles_image_takedown")]

    def takedown_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        image = get_object_or_404(Image, pk=pk)
        if not self.has_view_permission(request, image):
            raise PermissionDenied
        roles.require(request.user, "take_down")
        now = timezone.now()
        taken = standing(now).filter(image=image).first()
        form = _form(image, taken, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                done = _make(image, taken, request, form.cleaned_data)
            except REFUSALS as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, done)
                return redirect(self.page("takedown", image.pk))
        context = self.admin_site.each_context(request) | {
            "title": _("Take down “%(picture)s”") % {"picture": image},
            "opts": self.opts,
            "image": image,
            "taken": taken,
            "past": Takedown.objects.filter(image=image, live_until__lte=now).select_related("made_by", "ended_by"),
            "reach": takedowns.reach(image, at=now),
            "form": form,
            "now": now,
            "list_url": self.page("changelist"),
            "picture_url": self.page("change", image.pk),
        }
        return TemplateResponse(request, "desk/takedown.html", context)


def _form(image: Image, taken: Takedown | None, sent) -> forms.Form:
    return AgainForm(sent) if taken else TakedownForm(sent, image=image)


def _make(image: Image, taken: Takedown | None, request: HttpRequest, said: dict) -> str:
    if taken:
        takedowns.show_again(taken, by=request.user, why=said["why"])
        return _("The picture may be shown again. Stories get it back by hand.")
    takedowns.take_down(image, why=said["why"], by=request.user, fallback=said["fallback"])
    return _("The picture is off the site, in every story and with all its files.")
