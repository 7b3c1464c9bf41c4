"""What stands beside a picture's facts: its sources, its proof, rights that end, another file, its removal."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.desk import replacing, rights_ending, roles, takedowns
from articles.models import Image
from articles.photos import discarding, intake, renditions, verifying

from .picture_forms import VerifyForm
from .pictures import sentence_of

REFUSALS = (
    intake.Refused,
    intake.Stale,
    verifying.HowWanted,
    discarding.InUse,
    *replacing.REFUSED,
    renditions.Failed,
    ValidationError,
)


class ReplaceForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("The other file"))
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, help_text=gettext_lazy("Nobody outside the newsroom sees it.")
    )


class PicturePages:
    """The smaller acts on one picture, for the pictures' admin."""

    def picture_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("rights/", view(self.rights_view), name="articles_image_rights"),
            path("<int:pk>/source/", view(require_POST(self.source_view)), name="articles_image_source"),
            path("<int:pk>/verify/", view(require_POST(self.verify_view)), name="articles_image_verify"),
            path("<int:pk>/replace/", view(self.replace_view), name="articles_image_replace"),
            path("<int:pk>/discard/", view(require_POST(self.discard_view)), name="articles_image_discard"),
        ]

    def rights_view(self, request: HttpRequest) -> HttpResponse:
        """Pictures whose rights end soon or have ended, and the stories that this touches."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("Rights that end"),
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "endings": rights_ending.listed(timezone.now()),
        }
        return TemplateResponse(request, "desk/rights_ending.html", context)

    def source_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take what another source says of one fact. The picture's page shows them side by side."""
        image = get_object_or_404(Image, pk=pk)
        field, _colon, place = request.POST.get("use", "").partition(":")
        others = image.facts.get(field, {}).get("others", [])
        if field not in intake.DESCRIBED or not place.isdecimal() or int(place) >= len(others):
            self.message_user(request, _("That source is not there any more. Look again."), messages.WARNING)
            return redirect(self.page("change", pk))
        told, seen = others[int(place)], request.POST.get("seen", "")
        return self._done(
            request,
            image,
            lambda: intake.choose(image, field, told, by=request.user, seen=int(seen) if seen.isdecimal() else 0),
            _("It says now what this source says."),
        )

    def verify_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        image, form = get_object_or_404(Image, pk=pk), VerifyForm(request.POST)
        if not form.is_valid():
            self.message_user(request, _("Choose how far it is verified, and say how."), messages.WARNING)
            return redirect(self.page("change", pk))
        said = form.cleaned_data
        return self._done(
            request,
            image,
            lambda: verifying.verify(image, by=request.user, **said),
            _("It is written down. Readers see it with the next publication of its stories."),
        )

    def replace_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Another file in the place of this picture, in every story: a picture of its own, with the same facts."""
        roles.require(request.user, "replace")
        image = get_object_or_404(Image, pk=pk)
        form = ReplaceForm(*([request.POST, request.FILES] if request.method == "POST" else []))
        if request.method == "POST" and form.is_valid():
            try:
                instead = replacing.replace(
                    image, form.cleaned_data["file"], why=form.cleaned_data["why"], by=request.user
                )
            except REFUSALS as refusal:
                form.add_error(None, sentence_of(refusal))
            else:
                self.message_user(request, _("The other file stands in its place, in every story. Look at its facts."))
                return redirect(self.page("change", instead.pk))
        context = self.admin_site.each_context(request) | {
            "title": _("Replace the file of “%(picture)s”") % {"picture": image},
            "opts": self.opts,
            "image": image,
            "form": form,
            "reach": takedowns.reach(image, at=timezone.now()),
            "list_url": self.page("changelist"),
            "picture_url": self.page("change", pk),
        }
        return TemplateResponse(request, "desk/replace.html", context)

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        image = get_object_or_404(Image, pk=pk)
        try:
            discarding.discard(image, by=request.user)
        except REFUSALS as refusal:
            self.message_user(request, sentence_of(refusal), messages.ERROR)
            return redirect(self.page("change", pk))
        self.message_user(request, _("“%(name)s” is deleted, with its file.") % {"name": image})
        return redirect(self.page("changelist"))

    def _done(self, request: HttpRequest, image: Image, act, sentence: str) -> HttpResponse:
        try:
            act()
            self.message_user(request, sentence)
        except REFUSALS as refusal:
            self.message_user(request, sentence_of(refusal), messages.ERROR)
        return redirect(self.page("change", image.pk))
