"""The one door between desk and front: a draft on the readers' own page, for those who may read drafts only."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles import manuscript as manuscripts
from articles.desk import checks
from articles.front import pages
from articles.front.context import Around
from articles.front.media import TYPES
from articles.live import addresses, reading, snapshot
from articles.live.values import Story
from articles.models import Article, Rendition


@require_safe
def story(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The working copy as readers would see it now, marked as a preview, kept by nobody."""
    _require(request, "view_article")
    article = get_object_or_404(Article.objects.select_related("section", "cover"), uid=uid)
    t, draft = timezone.now(), _as_story(article)
    files = reading.files_of(draft.pictures.values())
    banner = _("PREVIEW of version %(version)s. Readers do not see this page.") % {"version": article.version}
    page = pages.render_story(draft, Around(t, reading.sections(t), files), banner=banner).render()
    page.content = _through_our_door(page.content, (file.name for made in files.values() for file in made))
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A public file before it is public: the readers' gate would not let it out yet."""
    _require(request, "view_image")
    kind = TYPES.get(PurePosixPath(name).suffix)
    if not kind or not Rendition.objects.filter(name=name).exists() or not storages["public"].exists(name):
        raise Http404
    return FileResponse(storages["public"].open(name), content_type=kind)


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(f"articles.{permission}"):
        raise PermissionDenied


def _as_story(article: Article) -> Story:
    """The working copy with today's names and picture facts, in the shape of a publication's columns."""
    words = manuscripts.of(article)
    composed = snapshot.compose(words)
    section, now = composed.section, timezone.now()
    own = addresses.of(article)
    slug = checks.slug_for(words) or "story"
    return reading.story_of(
        words.as_json()
        | {
            "id": 0,
            "article_id": article.pk,
            "dated_at": composed.dated_at or now,
            "dated_by_day": composed.dated_at is not None,
            "modified_at": now,
            "word_count": composed.word_count,
            "address__path": own.path
            if own
            else addresses.path_for(section.slug if section else "no-section-yet", slug),
            "section__name": section.name if section else _("No section yet"),
            "section__slug": section.slug if section else "no-section-yet",
            "story_kind": words.kind,
            "bylines": composed.bylines,
            "topics": composed.topics,
            "pictures": composed.pictures,
            "body_html": composed.body_html,
        }
    )


def _through_our_door(content: bytes, names: Iterable[str]) -> bytes:
    """The page with its pictures' addresses leading to ``picture``; front itself knows nothing of this door."""
    for name in names:
        ours = reverse("preview_picture", args=[name])
        content = content.replace(f"{settings.MEDIA_URL}{name}".encode(), ours.encode())
    return content


urlpatterns = [
    path("<uuid:uid>/", admin.site.admin_view(story), name="preview"),
    path("media/<path:name>", admin.site.admin_view(picture), name="preview_picture"),
]
