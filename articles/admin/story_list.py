"""The list of stories, and each person's own views of it. Its address is the whole question."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.desk import views, workflow
from articles.models import SavedView

from . import bulk
from .story_questions import Offered, read
from .story_rows import one_page


def built_in() -> list[tuple[str, str]]:
    """The views that everybody has: name and question."""
    return [
        (_("All"), ""),
        (_("Mine"), "whose=mine"),
        (_("Submitted"), f"state={workflow.SUBMITTED}"),
        (_("Live"), "live=yes"),
        (_("Embargoed"), "embargo=yes"),
        (_("Conflicts"), "conflict=yes"),
    ]


class StoryList:
    """The list of stories and a person's own views of it, for the stories' admin, instead of stock's list."""

    def view_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("views/keep/", view(require_POST(self.keep_view)), name="articles_article_view_keep"),
            path("views/<int:pk>/rename/", view(require_POST(self.rename_view)), name="articles_article_view_rename"),
            path("views/<int:pk>/remove/", view(require_POST(self.remove_view)), name="articles_article_view_remove"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        self._refuse_outsiders(request)
        if "" in request.GET.values():  # a form sends what was left empty too; the address is to be sent to colleagues
            return redirect(
                f"{request.path}?{urlencode([(name, value) for name, value in request.GET.items() if value])}"
            )
        asked = read(request.GET, Offered(request.user))
        now = timezone.now()
        found = one_page(asked, by=request.user, now=now)
        query = asked.query()
        own = list(asked.offered.of("view").values())
        context = self.admin_site.each_context(request) | {
            "title": self.head_link()["name"],
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "add_url": self.page("add") if self.has_add_permission(request) else "",
            "add_label": self.add_label(),
            "asked": asked,
            "page": found,
            "stories": found.stories,
            "query": query,
            "now": now,
            "bulk_moves": bulk.offered(request.user),
            "built_in": built_in(),
            "own_views": own,
            "current_view": next((view for view in own if view.more == query), None),
            "is_built_in": query in {question for _name, question in built_in()},
            "older": _address(query, before=found.older),
            "newer": _address(query, after=found.newer),
        }
        return TemplateResponse(request, "desk/stories.html", context | (extra_context or {}))

    def keep_view(self, request: HttpRequest) -> HttpResponse:
        """Keep the question that this person has asked under a name of theirs."""
        self._refuse_outsiders(request)
        query = read(QueryDict(request.POST.get("query", "")[:4000]), Offered(request.user)).query()
        try:
            view = views.keep(request.POST.get("name", ""), query, by=request.user)
        except views.Unfit as refusal:
            return self._back(request, query, str(refusal), "warning")
        return self._back(request, query, _("Kept as “%(name)s”. Only you see it.") % {"name": view.name})

    def rename_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self._own_view(request, pk)
        try:
            views.rename(view, request.POST.get("name", ""), by=request.user)
        except views.Unfit as refusal:
            return self._back(request, view.query, str(refusal), "warning")
        return self._back(request, view.query, _("It is called “%(name)s” now.") % {"name": view.name})

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self._own_view(request, pk)
        views.remove(view, by=request.user)
        return self._back(request, view.query, _("The view “%(name)s” is removed.") % {"name": view.name})

    def _own_view(self, request: HttpRequest, pk: int) -> SavedView:
        self._refuse_outsiders(request)
        return get_object_or_404(SavedView, pk=pk, owner=request.user)

    def _refuse_outsiders(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _back(self, request: HttpRequest, query: str, sentence: str, level: str = "info") -> HttpResponse:
        self.message_user(request, sentence, level)
        return redirect(self.page("changelist") + (f"?{query}" if query else ""))


def _address(query: str, **place: str) -> str:
    """The list's own address from that place on; empty where there is no such place."""
    return "?" + "&".join(filter(None, [query, urlencode(place)])) if all(place.values()) else ""
