"""The record of who did what and when: a list to read. Nothing in it can be changed from here, or from anywhere."""

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models import Event

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

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        """Who was given which account is read by those who look after accounts."""
        events = super().get_queryset(request)
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
