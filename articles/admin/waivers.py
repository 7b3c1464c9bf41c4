"""Letting one story go out with a picture whose credit or rights are missing: a page for it, and a name behind it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import clearing, moves, roles, waivers
from articles.models import Article, Image, Waiver


class WaiverForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Why it may go out all the same"),
        max_length=300,
        help_text=gettext_lazy("Your name and this stand in the record."),
    )


class WaiverPages:
    """The page of a waiver, for the stories' admin."""

    def waiver_urls(self) -> list:
        view = self.admin_site.admin_view(self.waive_view)
        return [path("<int:pk>/waive/<int:image>/", view, name="articles_article_waive")]

    def waive_view(self, request: HttpRequest, pk: int, image: int) -> HttpResponse:
        story, picture = get_object_or_404(Article, pk=pk), get_object_or_404(Image, pk=image)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        roles.require(request.user, "waive")
        waiver = Waiver.objects.filter(article=story, image=picture).select_related("given_by").first()
        form = WaiverForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and "take_back" in request.POST and waiver:
            waivers.take_back(waiver, by=request.user)
            messages.info(request, _("The waiver is taken back."))
            return redirect(self.page("change", pk))
        if request.method == "POST" and form.is_valid():
            try:
                waivers.give(story, picture, why=form.cleaned_data["why"], by=request.user)
            except (moves.NoteWanted, waivers.NothingToWaive) as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.info(request, _("The story may go out with this picture. The record has your name."))
                return redirect(self.page("change", pk))
        context = self.admin_site.each_context(request) | {
            "title": _("Let “%(picture)s” go out in “%(story)s”") % {"picture": picture, "story": story},
            "opts": self.opts,
            "story": story,
            "picture": picture,
            "lacks": clearing.unowned(picture),
            "waiver": waiver,
            "form": form,
            "list_url": self.page("changelist"),
            "story_url": self.page("change", pk),
        }
        return TemplateResponse(request, "desk/waiver.html", context)
