"""What a story was: its revisions, each to read and to compare with the one before, and which of them readers saw."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from articles import manuscript as manuscripts
from articles.models import Article, Publication, Revision

from . import reading


class HistoryPages:
    """The history of a story, for the stories' admin. Who may read the story may read what it was."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404
        self._refuse_unread(request, story)
        revisions = (
            Revision.objects.filter(article=story).newest_first().select_related("written_by").defer("manuscript")
        )
        shown = (
            Publication.objects.filter(article=story)
            .order_by("-number")
            .select_related("published_by", "revision", "address")
        )
        context = {"title": _("History"), "revisions": revisions, "publications": shown}
        return self._history_page(request, story, "desk/history.html", context)

    def revision_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        story = get_object_or_404(Article, pk=pk)
        self._refuse_unread(request, story)
        revision = get_object_or_404(Revision.objects.select_related("written_by"), article=story, number=number)
        words = manuscripts.from_json(revision.manuscript)
        before = Revision.objects.filter(article=story, number__lt=number).newest_first().first()
        context = {
            "title": _("Revision %(number)s") % {"number": number},
            "revision": revision,
            "page": reading.page(words),
            "before": before,
            "differences": reading.differences(manuscripts.from_json(before.manuscript), words) if before else None,
        }
        return self._history_page(request, story, "desk/revision.html", context)

    def _refuse_unread(self, request: HttpRequest, story: Article) -> None:
        if not (self.has_view_permission(request, story) and request.user.has_perm("articles.view_revision")):
            raise PermissionDenied

    def _history_page(self, request: HttpRequest, story: Article, template: str, context: dict) -> HttpResponse:
        around = self.admin_site.each_context(request) | {
            "story": story,
            "opts": self.opts,
            "list_url": self.page("changelist"),
        }
        around |= {"story_url": self.page("change", story.pk), "history_url": self.page("history", story.pk)}
        return TemplateResponse(request, template, around | context)
