"""The record of who did what and when: a list to read. Nothing in it can be changed from here, or from anywhere."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles import audit
from articles.models import Event, EventOrigin

from .lanes import page_of
from .pages import NewsroomAdmin


@admin.register(Event)
class EventAdmin(NewsroomAdmin):
    list_display = ("when", "actor_name", "verb", "about", "said")
    list_display_links = None
    list_filter = ("verb", "subject_kind")
    search_fields = ("actor_name", "subject_name")
    search_help_text = _("Find by who did it, or to what")
    date_hierarchy = None
    ordering = ("-number",)
    sortable_by = ()
    show_full_result_count = False

    def head_link(self):
        return super().head_link() | {"name": _("Record")}

    change_list_template = "desk/events.html"

    def get_urls(self):
        export = self.admin_site.admin_view(require_safe(self.export))
        return [path("export/", export, name="articles_event_export"), *super().get_urls()]

    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """The whole record as JSON lines: for those alone to whom no part of it is hidden."""
        if not (self.has_view_permission(request) and self._sees_all(request)):
            raise PermissionDenied
        name = f"record-{timezone.localdate().isoformat()}.jsonl"
        heads = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return StreamingHttpResponse(audit.lines(), content_type="application/jsonl; charset=utf-8", headers=heads)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"may_export": self._sees_all(request)} | (extra_context or {}))

    def _sees_all(self, request: HttpRequest) -> bool:
        return request.user.has_perms(["articles.view_event", "articles.view_eventorigin"])

    def get_list_display(self, request):
        """Where from is personal: it is read by those who look after accounts."""
        return (*self.list_display, "origin_shown") if self._sees_all(request) else self.list_display

    @admin.display(description=_("from where"))
    def origin_shown(self, event: Event) -> str:
        return " · ".join(filter(None, (event.from_address, event.from_device))) or "–"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        """Who was given which account is read by those who look after accounts."""
        beside = EventOrigin.objects.filter(event_number=OuterRef("number"))
        events = (
            super()
            .get_queryset(request)
            .annotate(
                from_address=Subquery(beside.values("address")[:1]), from_device=Subquery(beside.values("device")[:1])
            )
        )
        if not request.user.has_perm("articles.view_user"):
            events = events.exclude(subject_kind="user")
        if not request.user.has_perm("articles.view_article"):
            events = events.exclude(subject_kind="article")
        return events

    @admin.display(description=_("when"))
    def when(self, event: Event) -> str:
        return date_format(timezone.localtime(event.at), "j M Y, H:i:s T")

    @admin.display(description=_("what"))
    def about(self, event: Event):
        url = page_of(event)
        return format_html('<a href="{}">{}</a>', url, event.subject_name) if url else event.subject_name

    @admin.display(description=_("details"))
    def said(self, event: Event) -> str:
        """A word if there was one, else what was recorded, as “version: 2, change: small”."""
        return event.details.get("note") or ", ".join(
            f"{name}: {_plain(value)}" for name, value in event.details.items() if value
        )


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
