"""The house rules, for those who keep them, and a place to try them on a text."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.desk import house_style
from articles.models import HouseRule

from .pages import NewsroomAdmin

LONGEST_TRIAL = 20_000


class TrialForm(forms.Form):
    text = forms.CharField(
        label=_("A text to try the rules on"), max_length=LONGEST_TRIAL, widget=forms.Textarea(attrs={"rows": 8})
    )


@admin.register(HouseRule)
class HouseRuleAdmin(NewsroomAdmin):
    list_display = ("text", "kind", "expansion", "level", "is_active")
    list_filter = ("kind", "level", "is_active")
    search_fields = ("text", "expansion", "advice")
    fields = ("kind", "text", "expansion", "advice", "level", "is_active")
    change_list_template = "desk/house_rules.html"

    def get_urls(self):
        trial = self.admin_site.admin_view(self.trial)
        return [path("try/", trial, name="articles_houserule_try"), *super().get_urls()]

    def head_link(self):
        return super().head_link() | {"name": _("House style")}

    def keep(self, form, *, by):
        return house_style.keep(form.instance, by=by)

    def trial(self, request: HttpRequest) -> HttpResponse:
        """What the rules that are in use find in a text. Nothing is kept."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form, found = TrialForm(request.POST or None), None
        if form.is_valid():
            found = house_style.look(form.cleaned_data["text"], HouseRule.objects.active(), on=timezone.localdate())
        context = self.admin_site.each_context(request) | {
            "title": _("Try the house style"),
            "opts": self.opts,
            "form": form,
            "found": found,
            "list_url": self.page("changelist"),
        }
        return TemplateResponse(request, "desk/house_trial.html", context)
