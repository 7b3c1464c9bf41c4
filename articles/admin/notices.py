"""What this person was told, and how they want to be told."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk import notices
from articles.models import NoticeChoice


class ChoiceForm(forms.ModelForm):
    class Meta:
        model = NoticeChoice
        fields = ("mail", "digest_at")
        widgets = {"mail": forms.RadioSelect, "digest_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


def page(request: HttpRequest) -> HttpResponse:
    """One's own notices. POST says that they were seen, or how the next ones are to come by mail."""
    choice = NoticeChoice.objects.filter(user=request.user).first()
    form = ChoiceForm(instance=choice)
    if request.method == "POST" and request.POST.get("form") == "seen":
        notices.see(request.user, at=timezone.now())
        return redirect("admin:index" if request.POST.get("back") == "desk" else "admin:notices")
    if request.method == "POST":
        form = ChoiceForm(request.POST, instance=choice)
        if form.is_valid():
            notices.choose(request.user, **form.cleaned_data)
            messages.success(request, _("Kept: that is how you will be told."))
            return redirect("admin:notices")
    context = admin.site.each_context(request) | {
        "title": _("Notices"),
        "notices": notices.of(request.user),
        "form": form,
    }
    return TemplateResponse(request, "desk/notices.html", context)
