"""Previews for the newsroom: the working copy, a revision, or what is being typed, for those who may read drafts."""

import posixpath
import re
from datetime import datetime
from uuid import UUID

from django.contrib import admin
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from articles import manuscript as manuscripts
from articles.admin import urls as newsroom_urls  # noqa: F401  its pages stand before one of ours names them
from articles.admin.doors import for_scripts
from articles.admin.story_form import StoryForm
from articles.desk import embargoes, fronts, roles
from articles.desk.times import with_zone
from articles.front import errors
from articles.live import reading
from articles.live.layouts import Layout
from articles.manuscript import Manuscript
from articles.models import Article, FlatPage, Revision, Section

from . import page

SHEET = "front/site.css"


class UnsavedForm(StoryForm):
    """The story's form while somebody types: held against nobody's version, kept nowhere.

    A field with a fault says what the story says.
    """

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict:
        self.article = self.instance
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Nothing: the row stays as it is."""


@require_safe
def story(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The working copy as readers would see it now, or with ``?revision=N`` what it was; ``?as=print`` as on paper."""
    article = _readable(request, uid)
    number = request.GET.get("revision")
    if number is None:
        banner = _("PREVIEW of version %(version)s. Readers do not see this page.") % {"version": article.version}
        return _answer(request, article, manuscripts.of(article), banner)
    revision = _revision(request, article, number)
    banner = _("PREVIEW of revision %(number)s, version %(version)s. Readers do not see this page.")
    told = {"number": revision.number, "version": revision.version}
    return _answer(request, article, manuscripts.from_json(revision.manuscript), banner % told)


@require_safe
def seen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What readers saw: ``?number=N`` of the publications, ``&at=`` the moment (ISO) for what stood round it."""
    article = _readable(request, uid)
    if not request.user.has_perm("articles.view_publication"):
        raise PermissionDenied
    number, moment = request.GET.get("number", ""), _moment(request.GET.get("at", ""))
    if not re.fullmatch(r"\d{1,9}", number, re.ASCII):
        raise Http404(number)
    banner = _(
        "AS READERS SAW IT at %(time)s. Words, names and captions are the stored ones; the masthead, other stories and"
        " files of pictures are rendered again. A picture taken down since is a plain placeholder."
    ) % {"time": with_zone(moment)}
    try:
        return page.seen(article, int(number), moment, banner=banner, door=_door)
    except reading.Spoilt:
        return errors.unavailable()


@require_safe
def front(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The home page, or a section, as it will be ``?at=`` a moment of our clocks: by its draft, or ``&as=launched``."""
    roles.require(request.user, "arrange")
    section = get_object_or_404(Section, slug=slug) if slug else None
    moment = _moment(request.GET.get("at", ""))
    launched = request.GET.get("as") == "launched"
    layout = None if launched else Layout.of(fronts.of(section).content)
    banner = (
        _("AS IT WILL BE at %(time)s, by what is launched now.")
        if launched
        else _("PREVIEW of the draft at %(time)s. Readers do not see this page.")
    )
    return page.front(slug, moment, layout=layout, banner=banner % {"time": with_zone(moment)})


@require_safe
def flat_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy of a page about the newsroom."""
    roles.require(request.user, "flat_pages")
    return page.flat(get_object_or_404(FlatPage, pk=pk))


@require_POST
def draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What the story's form says at this moment, drawn as ever and kept nowhere; else 422 ``{"unfit": sentence}``."""
    article = _readable(request, uid)
    roles.require(request.user, "write", article)
    form = UnsavedForm(request.POST, instance=article, by=request.user)
    form.full_clean()
    if "body" in form.errors:
        return JsonResponse({"unfit": form.errors["body"][0]}, status=422)
    words = manuscripts.normal(form.manuscript())
    return _answer(request, article, words, _("PREVIEW of what is being written. Readers do not see this page."))


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """A public file before it is public: the readers' gate would not let it out yet."""
    if not request.user.has_perm("articles.view_image"):
        raise PermissionDenied
    found = page.picture(name)
    if found is None:
        raise Http404(name)
    return found


@require_safe
def print_sheet(request: HttpRequest) -> HttpResponse:
    """The readers' own style sheet with its rules for paper in force, so that a screen shows what a printer gets."""
    with open(finders.find(SHEET), encoding="utf-8") as sheet:  # noqa: PTH123  a path of Django's
        rules = sheet.read().replace("@media print", "@media all")
    return HttpResponse(re.sub(r'url\("([^":]+)"\)', _from_here, rules), content_type="text/css; charset=utf-8")


def _from_here(found: re.Match[str]) -> str:
    """A file that the sheet names relative to itself, by its whole address."""
    return f'url("{static(posixpath.normpath(posixpath.join(posixpath.dirname(SHEET), found[1])))}")'


def _moment(written: str) -> datetime:
    """The moment that a form asks for, of our own clocks unless it names a zone; now where it asks for none."""
    if not written:
        return timezone.now()
    try:
        asked = parse_datetime(written)
        moment = asked if asked is None or timezone.is_aware(asked) else timezone.make_aware(asked)
        if moment is None or not 2000 <= moment.year < 3000:
            raise ValueError(written)
    except (ValueError, OverflowError) as wrong:
        raise Http404(written) from wrong
    return moment


def _readable(request: HttpRequest, uid: UUID) -> Article:
    if not request.user.has_perm("articles.view_article"):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.select_related("section", "cover"), uid=uid)
    if request.method == "GET":
        embargoes.opened(article, by=request.user, at=timezone.now())
    return article


def _revision(request: HttpRequest, article: Article, number: str) -> Revision:
    if not request.user.has_perm("articles.view_revision"):
        raise PermissionDenied
    if not re.fullmatch(r"\d{1,9}", number, re.ASCII):
        raise Http404(number)
    return get_object_or_404(Revision, article=article, number=int(number))


def _door(name: str) -> str:
    return reverse("preview:picture", args=[name])


def _answer(request: HttpRequest, article: Article, words: Manuscript, banner: str) -> HttpResponse:
    answer = page.of(article, words, banner=banner, door=_door)
    if request.GET.get("as") == "print":
        answer.content = answer.content.replace(static(SHEET).encode(), reverse("preview:print_sheet").encode())
    return answer


urlpatterns = [
    path("print.css", admin.site.admin_view(print_sheet), name="print_sheet"),
    path("front/", admin.site.admin_view(front), name="front"),
    path("front/<slug:slug>/", admin.site.admin_view(front), name="front"),
    path("page/<int:pk>/", admin.site.admin_view(flat_page), name="page"),
    path("<uuid:uid>/", admin.site.admin_view(story), name="story"),
    path("<uuid:uid>/seen/", admin.site.admin_view(seen), name="seen"),
    path("<uuid:uid>/draft/", for_scripts(draft), name="draft"),
    path("media/<path:name>", admin.site.admin_view(picture), name="picture"),
]
