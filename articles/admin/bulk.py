"""One move with many stories: chosen in the list, confirmed on a page, each made by itself, with a result for each."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.desk import moves, publishing, roles, workflow
from articles.live import store
from articles.models import Article, User

from .making import MAKE
from .move_forms import NOTES
from .moves import MENDABLE, OVERTAKEN

MOST = 100


@dataclass(frozen=True)
class Result:
    """What became of one story: nothing of it was changed where there is a refusal."""

    story: Article
    refusal: str = ""


class BulkForm(forms.Form):
    """A word for all of the stories, where the move takes one."""

    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def __init__(self, move: workflow.Move, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.move = move
        if move.name in NOTES and move.note:
            self.fields["note"].label, self.fields["note"].help_text = NOTES[move.name]
        else:
            del self.fields["note"]

    def clean_note(self) -> str:
        note = self.cleaned_data["note"]
        if self.move.note == "must" and not note.strip():
            raise forms.ValidationError(_("Say why, in a few words: the next person needs it."))
        return note


def offered(by: User) -> list[workflow.Move]:
    """The moves that ``by`` may make with many stories; whether with each one is seen when it is made."""
    return [move for move in workflow.MOVES if move.bulk and roles.may(by, move.right)]


class BulkPages:
    """The page of a move with many stories, for the stories' admin."""

    def bulk_urls(self):
        return [path("bulk/", self.admin_site.admin_view(self.bulk_view), name="articles_article_bulk")]

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """GET shows what would be done with which stories; POST does it with each, in a transaction of its own."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        move = self._bulk_move(request, asked.get("move", ""))
        stories = self._chosen(asked.getlist("story"))
        if not stories:
            self.message_user(request, _("Choose the stories first: tick them in the list."))
            return redirect(self.page("changelist"))
        form = BulkForm(move, request.POST if request.method == "POST" else None)
        results = None
        if form.is_valid():
            note = form.cleaned_data.get("note", "")
            results = [_made(story, move, request, note=note) for story in stories]
        return self._bulk_page(request, move, stories, form, results)

    def _bulk_move(self, request: HttpRequest, name: str) -> workflow.Move:
        move = workflow.BY_NAME.get(name)
        if move is None or not move.bulk:
            raise Http404
        roles.require(request.user, move.right)
        return move

    def _chosen(self, keys: list[str]) -> list[Article]:
        numbers = {int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19}
        rows = Article.objects.filter(pk__in=list(numbers)[:MOST]).select_related("section")
        return list(rows.order_by("pk"))

    def _bulk_page(self, request, move, stories, form, results) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("%(move)s: %(number)s stories") % {"move": _(move.label), "number": len(stories)},
            "opts": self.opts,
            "list_url": self.page("changelist"),
            "move": move,
            "stories": stories,
            "form": form,
            "results": results,
        }
        return TemplateResponse(request, "desk/bulk.html", context)


def _made(story: Article, move: workflow.Move, request: HttpRequest, *, note: str) -> Result:
    """Make ``move`` with the version that was shown, and say what stood in the way."""
    seen = request.POST.get(f"seen-{story.pk}", "")
    public = store.live(story, at=timezone.now())
    words = {
        "seen": int(seen) if seen.isascii() and seen.isdigit() else 0,
        "over": public.number if public else None,
        "note": note,
    }
    try:
        roles.require(request.user, move.right, story)
        moves.refuse_impossible(move, story)
        MAKE[move.name](story, request.user, words)
    except (roles.Refused, publishing.Blocked, *OVERTAKEN, *MENDABLE) as refusal:
        return Result(story, str(refusal))
    return Result(story)
