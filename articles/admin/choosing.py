"""What the story's form asks while somebody types: topics, authors, stories, and what stands between it and readers."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path

from articles.desk import checks
from articles.models import Article

from . import bylines, related, topics
from .moves import shown

ASKED = 200  # characters of a question that are read


class ChoicePages:
    """Small answers for the story's form, for the stories' admin. Who may see stories may ask; each asks a fixed number
    of queries, however many topics, authors and stories there are."""

    def choice_urls(self) -> list:
        view = self.admin_site.admin_view
        return [
            path("topics/", view(self.topics_view), name="articles_article_topics"),
            path("authors/", view(self.authors_view), name="articles_article_authors"),
            path("stories/", view(self.stories_view), name="articles_article_stories"),
            path("<int:pk>/checks/", view(self.checks_view), name="articles_article_checks"),
        ]

    def topics_view(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"found": topics.find(self._asked(request))})

    def authors_view(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse({"found": bylines.find(self._asked(request))})

    def stories_view(self, request: HttpRequest) -> JsonResponse:
        """Stories for ``q``, but not the one of uid ``beside``."""
        return JsonResponse({"found": related.find(self._asked(request), beside=request.GET.get("beside", ""))})

    def checks_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stands between the story and its readers: a page, or with ``bare`` the list alone for the form."""
        story = get_object_or_404(Article, pk=pk)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        found = checks.run(story)
        context = {
            "errors": [shown(finding, story) for finding in found if finding.stops],
            "warnings": [shown(finding, story) for finding in found if not finding.stops],
            "story_url": self.page("change", story.pk),
        }
        if "bare" in request.GET:
            return TemplateResponse(request, "desk/checks_list.html", context | {"story_url": ""})
        around = self.admin_site.each_context(request) | {"title": str(story), "story": story, "opts": self.opts}
        return TemplateResponse(request, "desk/checks.html", around | context | {"list_url": self.page("changelist")})

    def _asked(self, request: HttpRequest) -> str:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return request.GET.get("q", "")[:ASKED]
