"""What did readers see at a moment? From the stored publications, with their hash."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.live import composed
from articles.models import FAR_FUTURE, Article, Publication

from .handling import Moment, moment_of


@dataclass(frozen=True)
class Version:
    """A publication in the list: since when and until when, and whether what is stored is what was composed."""

    row: Publication
    until: datetime | None
    is_whole: bool
    url: str


class SeenPages:
    """The page of what readers saw of a story, for the stories' admin."""

    def seen_urls(self):
        view = self.admin_site.admin_view(require_safe(self.seen_view))
        return [path("<int:pk>/seen/", view, name="articles_article_seen")]

    def seen_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = get_object_or_404(Article.objects.select_related("section", "cover"), pk=pk)
        if not (self.has_view_permission(request, story) and request.user.has_perm("articles.view_publication")):
            raise PermissionDenied
        form = Moment(request.GET) if "day" in request.GET else Moment(initial=moment_of(timezone.now()))
        moment = form.cleaned_data["moment"] if form.is_bound and form.is_valid() else timezone.now()
        shown = Publication.objects.at(moment).filter(article=story).select_related("published_by", "address").first()
        rows = Publication.objects.filter(article=story).select_related("published_by", "parked_by")
        context = self.admin_site.each_context(request) | self.beside(request, story)
        context |= {
            "title": _("What readers saw of “%(story)s”") % {"story": story},
            "opts": self.opts,
            "story_url": self.page("change", story.pk),
            "list_url": self.page("changelist"),
            "form": form,
            "moment": moment,
            "shown": shown,
            "is_whole": shown and composed.of(shown) == shown.composed_digest,
            "frame": shown and _frame(story, shown, moment),
            "seen_versions": [_version(story, row) for row in rows.order_by("-live_from", "-number")],
        }
        return TemplateResponse(request, "desk/seen.html", context)


def _version(story: Article, row: Publication) -> Version:
    until = None if row.live_until == FAR_FUTURE else row.live_until
    return Version(row, until, composed.of(row) == row.composed_digest, _frame(story, row, row.live_from))


def _frame(story: Article, row: Publication, moment: datetime) -> str:
    """The address of the page as it was, which this one shows in a frame."""
    asked = urlencode({"number": row.number, "at": moment.isoformat()})
    return f"{reverse('preview:seen', args=[story.uid])}?{asked}"
