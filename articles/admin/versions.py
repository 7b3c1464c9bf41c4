"""One revision of a story: to read, to name, to restore; and any two of them compared."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import manuscript as manuscripts
from articles.body import BodyRefused
from articles.desk import drafts, roles
from articles.models import Article, Publication, Revision, RevisionName

from . import reading

OFFERED = 30  # of the newest revisions, and as many of those with a name or readers, in the pickers


def number_in(text: str) -> int | None:
    """The number that ``text`` is, if it can be one of a revision or a row."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


class NameForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=RevisionName._meta.get_field("name").max_length,
        help_text=gettext_lazy("For example “as sent to the lawyers”. The history can be searched for it."),
    )


class VersionPages:
    """The pages about one revision or two, for the stories' admin. Who may read the story may read what it was."""

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/compare/", view(self.compare_view), name="articles_article_compare"),
            path("<int:pk>/history/<int:number>/", view(self.revision_view), name="articles_article_revision"),
            path("<int:pk>/history/<int:number>/name/", view(self.name_view), name="articles_article_name"),
            path("<int:pk>/history/<int:number>/restore/", view(self.restore_view), name="articles_article_restore"),
            path("<int:pk>/history/<int:number>/aside/", view(self.put_aside_view), name="articles_article_aside"),
        ]
        return own + super().get_urls()

    # --- Reading ------------------------------------------------------------------------------------------------------

    def revision_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        story = get_object_or_404(Article, pk=pk)
        self.refuse_unread(request, story)
        return self._revision_page(request, story, _revision(story, number))

    def _revision_page(self, request, story: Article, revision: Revision, *, form=None, status: int = 200):
        words = manuscripts.from_json(revision.manuscript)
        before = _before(revision)
        may_write = roles.may(request.user, "write", story)
        context = {
            "title": _("Revision %(number)s") % {"number": revision.number},
            "revision": revision,
            "page": reading.page(words),
            "before": before,
            "differences": reading.differences(manuscripts.from_json(before.manuscript), words) if before else None,
            "may_write": may_write,
            "may_restore": may_write and (revision.is_sealed or revision.is_aside),
            "form": form or NameForm(initial={"name": _name_of(revision)}),
        }
        return self.history_page(request, story, "desk/revision.html", context, status=status)

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = get_object_or_404(Article, pk=pk)
        self.refuse_unread(request, story)
        wanted = _two_newest(story) | {side: request.GET[side] for side in "ab" if side in request.GET}
        numbers = {side: number_in(str(wanted.get(side, ""))) for side in "ab"}
        rows = {row.number: row for row in _revisions(story).filter(number__in=[n for n in numbers.values() if n])}
        for side, number in numbers.items():
            if number not in rows:
                return self._no_such_revision(request, story, str(wanted.get(side, "")))
        a, b = rows[numbers["a"]], rows[numbers["b"]]
        before, after = (manuscripts.from_json(row.manuscript) for row in (a, b))
        beside = request.GET.get("show") == "beside"
        context = {
            "title": _("Compare revisions %(a)s and %(b)s") % {"a": a.number, "b": b.number},
            "a": a,
            "b": b,
            "beside": beside,
            "differences": reading.differences(before, after) if beside else None,
            "comparison": None if beside else reading.comparison(before, after),
            "offered": _offered(story, a, b),
            "language": after.language,
            "may_write": roles.may(request.user, "write", story),
        }
        return self.history_page(request, story, "desk/compare.html", context)

    def _no_such_revision(self, request: HttpRequest, story: Article, asked: str) -> HttpResponse:
        sentence = _("This story has no revision “%(number)s”. Choose two in its history.") % {"number": asked[:20]}
        if not Revision.objects.filter(article=story).exists():
            sentence = _("Nobody has written on this story here: there is nothing to compare yet.")
        way_on = {"back": self.page("history", story.pk), "back_label": _("Back to the history")}
        return self.admin_site.sentence(request, _("Not here"), sentence, status=404, **way_on)

    # --- Doing --------------------------------------------------------------------------------------------------------

    def name_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        story, revision = self._to_change(request, pk, number)
        if request.method != "POST":
            return redirect(self.page("revision", pk, number))
        form = NameForm(request.POST)
        if form.is_valid():
            try:
                drafts.name(revision, form.cleaned_data["name"], by=request.user)
            except drafts.Nameless as refusal:
                form.add_error("name", str(refusal))
        if not form.is_valid():
            return self._revision_page(request, story, revision, form=form)
        self.message_user(request, _("Revision %(number)s has its name.") % {"number": number})
        return redirect(self.page("revision", pk, number))

    def put_aside_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Close an aside that waits: the story stands as it is."""
        story, revision = self._to_change(request, pk, number)
        if request.method != "POST":
            return redirect(self.page("history", pk))
        if not revision.is_aside:
            raise Http404
        drafts.put_aside(revision, by=request.user)
        self.message_user(
            request, _("Put aside. Its words stay in the history as revision %(number)s.") % {"number": number}
        )
        return redirect(self.page("history", story.pk))

    def _to_change(self, request: HttpRequest, pk: int, number: int) -> tuple[Article, Revision]:
        """The story and its revision, for one who may write it."""
        story = get_object_or_404(Article, pk=pk)
        self.refuse_unread(request, story)
        roles.require(request.user, "write", story)
        return story, _revision(story, number)

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """What restoring would change, and on a post the story with the old words."""
        story, revision = self._to_change(request, pk, number)
        refusal: Exception | None = None
        try:
            drafts.refuse_out_of_turn(story, request.user)
            if request.method == "POST":
                seen = number_in(request.POST.get("seen", "")) or 0
                restored = drafts.restore(revision, seen=seen, by=request.user)
                return self._restored(request, story, restored, revision)
        except (drafts.Stale, drafts.NotNow, drafts.Unfit, BodyRefused) as said:
            refusal = said
        return self._restore_page(request, story, revision, refusal)

    def _restore_page(self, request, story: Article, revision: Revision, refusal: Exception | None) -> HttpResponse:
        now, then = manuscripts.of(story), manuscripts.from_json(revision.manuscript)
        context = {
            "title": _("Restore revision %(number)s") % {"number": revision.number},
            "revision": revision,
            "refusal": refusal,
            "is_stale": isinstance(refusal, drafts.Stale),
            "comparison": reading.comparison(now, then),
            "language": then.language,
        }
        return self.history_page(request, story, "desk/restore.html", context, status=409 if refusal else 200)

    def _restored(self, request: HttpRequest, was: Article, story: Article, revision: Revision) -> HttpResponse:
        if story.version == was.version:
            said = _("The story says this already: version %(version)s stands.") % {"version": story.version}
            self.message_user(request, said, messages.INFO)
        else:
            sentence = _('The words of revision {} are the story’s again, as version {}. <a href="{}">Its history</a>')
            history = self.page("history", story.pk)
            self.message_user(request, format_html(sentence, revision.number, story.version, history))
        return redirect(self.page("change", story.pk))

    # --- What these pages share ---------------------------------------------------------------------------------------

    def refuse_unread(self, request: HttpRequest, story: Article) -> None:
        if not (self.has_view_permission(request, story) and request.user.has_perm("articles.view_revision")):
            raise PermissionDenied

    def history_page(
        self, request: HttpRequest, story: Article, template: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        around = self.admin_site.each_context(request) | {
            "story": story,
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "story_url": self.page("change", story.pk),
            "history_url": self.page("history", story.pk),
            "compare_url": self.page("compare", story.pk),
        }
        return TemplateResponse(request, template, around | context, status=status)


def _revisions(story: Article):
    return Revision.objects.filter(article=story).select_related("written_by", "label")


def _revision(story: Article, number: int) -> Revision:
    return get_object_or_404(_revisions(story), number=number)


def _before(revision: Revision) -> Revision | None:
    """The story's revision that this one, or this aside, came after."""
    earlier = Revision.objects.of_the_story().filter(article=revision.article_id, number__lt=revision.number)
    return earlier.newest_first().first()


def _name_of(revision: Revision) -> str:
    return revision.label.name if hasattr(revision, "label") else ""


def _two_newest(story: Article) -> dict[str, int]:
    """The newest revision and the one before it; where there is one only, that one twice."""
    newest = Revision.objects.of_the_story().filter(article=story).newest_first().values_list("number", flat=True)
    numbers = list(newest[:2])
    return {"a": numbers[-1], "b": numbers[0]} if numbers else {}


def _offered(story: Article, *chosen: Revision) -> list[Revision]:
    """What the pickers offer: the newest, those with a name or with readers, and the two that are chosen."""
    rows = _revisions(story).defer("manuscript", "ancestor").newest_first()
    marked = rows.filter(Q(label__isnull=False) | Exists(Publication.objects.filter(revision=OuterRef("pk"))))
    offered = {row.number: row for row in (*chosen, *rows[:OFFERED], *marked[:OFFERED])}
    return sorted(offered.values(), key=lambda row: row.number, reverse=True)
