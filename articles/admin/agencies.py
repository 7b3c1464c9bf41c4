"""How credit lines spell agencies, and our one name for each: a table that the photo desk keeps."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.models import AgencyName
from articles.photos import agencies

from .pages import NewsroomAdmin


@admin.register(AgencyName)
class AgencyNameAdmin(NewsroomAdmin):
    list_display = ("spelling", "name")
    search_fields = ("spelling", "name")
    fields = ("spelling", "name")
    change_form_template = "desk/agency.html"

    def get_urls(self):
        remove = self.admin_site.admin_view(require_POST(self.remove_view))
        return [path("<int:pk>/remove/", remove, name="articles_agencyname_remove"), *super().get_urls()]

    def keep(self, form, *, by):
        return agencies.record(form.instance, by=by)

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        entry = get_object_or_404(AgencyName, pk=pk)
        try:
            agencies.remove(entry, by=request.user)
        except agencies.Refused as refusal:
            self.message_user(request, str(refusal), "warning")
            return redirect(self.page("change", pk))
        self.message_user(request, _("The spelling “%(name)s” is forgotten.") % {"name": entry.spelling})
        return redirect(self.page("changelist"))
