"""Each move of a story is a page of its own: what it does, what stands in the way, its words, and one button."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import approvals, checks, drafts, moves, publishing, roles, schedule
from articles.desk.workflow import BY_NAME, Move
from articles.live import store
from articles.live.addresses import Taken
from articles.models import Article, Publication
from articles.photos import renditions

from . import reading, rescue
from .making import MAKE
from .move_forms import MoveForm, fresh_form

# Somebody was quicker: nothing was changed, and the page must be opened again before one may go on.
OVERTAKEN = (drafts.Stale, publishing.Overtaken, moves.NotPossible)
# Something in the form or the story is missing: it can be mended and sent again.
MENDABLE = (
    moves.NoteWanted,
    approvals.NotYours,
    approvals.Unanswered,
    publishing.ChangeWanted,
    publishing.NoTypo,
    schedule.NoTime,
    Taken,
    renditions.Failed,
)

# The moves by which the text as it is becomes public, now or later.
PUBLISHING = ("publish", "update", "schedule")
SAID = {
    "pitch": gettext_lazy("“{}” is offered as a pitch."),
    "schedule": gettext_lazy("“{}” is scheduled. Nothing need run for it to appear."),
    "reschedule": gettext_lazy("“{}” will appear at the new time."),
    "unschedule": gettext_lazy("What waited of “{}” is out of the schedule."),
    "commission": gettext_lazy("“{}” is in writing now."),
    "to_legal": gettext_lazy("“{}” is with the lawyers now."),
    "to_security": gettext_lazy("“{}” is in security review now."),
    "clear_legal": gettext_lazy("“{}” is approved for law, exactly as it stands."),
    "clear_security": gettext_lazy("“{}” is approved for security, exactly as it stands."),
    "return_legal": gettext_lazy("“{}” is back with its writer."),
    "return_security": gettext_lazy("“{}” is back with its writer."),
    "ready": gettext_lazy("“{}” is ready to be published."),
    "submit": gettext_lazy("“{}” is with the sub-editors now."),
    "send_back": gettext_lazy("“{}” is back with its writer."),
    "spike": gettext_lazy("“{}” is on the spike. Nothing of it is lost."),
    "revive": gettext_lazy("“{}” is back in writing."),
    "publish": gettext_lazy("“{}” is public."),
    "update": gettext_lazy("The changes to “{}” are public."),
    "withdraw": gettext_lazy("“{}” is off the site. Its address says that it was withdrawn, and why."),
}


class MovePages:
    """The pages of the moves, for the stories' admin."""

    def move_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        if name not in BY_NAME:
            raise Http404
        move, story = BY_NAME[name], get_object_or_404(Article, pk=pk)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        roles.require(request.user, move.right, story)
        if request.method == "POST":
            return self._make(request, story, move)
        try:
            moves.refuse_impossible(move, story)
        except moves.NotPossible as refusal:
            return self._move_page(request, story, move, refusal=refusal, status=409)
        return self._move_page(request, story, move, form=fresh_form(story, move, request.GET))

    def _make(self, request: HttpRequest, story: Article, move: Move) -> HttpResponse:
        form = MoveForm(move, request.POST, is_live=moves.is_live(story))
        if rescue.is_reopened(request):
            form.add_error(None, str(rescue.NotYet()))
        if not form.is_valid():
            return self._move_page(request, story, move, form=form)
        try:
            MAKE[move.name](story, request.user, form.cleaned_data)
        except OVERTAKEN as refusal:
            return self._move_page(request, story, move, refusal=refusal, status=409)
        except publishing.Blocked as refusal:
            return self._move_page(request, story, move, form=form, found=refusal.findings)
        except MENDABLE as refusal:
            form.add_error(_field_of(refusal, form), str(refusal))
            return self._move_page(request, story, move, form=form)
        self.message_user(request, _said(story, move))
        return redirect(self.page("change", story.pk))

    def _move_page(
        self, request, story: Article, move: Move, *, form=None, refusal=None, found=(), status: int = 200
    ) -> HttpResponse:
        """The page of a move. With a ``refusal`` there is no button: the story must be looked at first."""
        if not found and move.name in PUBLISHING:
            found = checks.run(story)
        context = self.admin_site.each_context(request) | self.beside(request, story)
        context |= {
            "title": _("%(move)s: %(story)s") % {"move": _(move.label), "story": story},
            "move": move,
            "form": form,
            "refusal": refusal,
            "errors": [shown(finding, story) for finding in found if finding.stops],
            "scanned": approvals.found_in(story) if move.name == "clear_security" else None,
            "warnings": [shown(finding, story) for finding in found if not finding.stops],
            "story_url": self.page("change", story.pk),
            "list_url": self.page("changelist"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "desk/move.html", context, status=status)


# What is mended on the page of the story's handling, and in which part of it.
_HANDLED = {"embargo_until": "embargo", "holds": "hold", "sensitivity": "sensitivity"}


def shown(finding: checks.Finding, story: Article) -> dict[str, str]:
    """A finding, and where it is mended: a field of the form with what that is called, or another page."""
    if finding.fix:
        return {"sentence": finding.sentence, "url": finding.fix}
    if finding.field in _HANDLED:
        page = reverse("admin:articles_article_handling", args=[story.pk])
        return {"sentence": finding.sentence, "url": f"{page}#{_HANDLED[finding.field]}"}
    field = {"tags": "topics", "bylines": "bylines-0-author"}.get(finding.field, finding.field)
    where = str(reading.FIELDS.get(finding.field, ""))
    return {"sentence": finding.sentence, "anchor": f"id_{field}", "where": where}


def _field_of(refusal: Exception, form: MoveForm) -> str | None:
    field = {
        moves.NoteWanted: "note",
        publishing.ChangeWanted: "change",
        publishing.NoTypo: "change",
        schedule.NoTime: "clock",
    }.get(type(refusal))
    return field if field in form.fields else None


def _said(story: Article, move: Move):
    """What was done, and the next step."""
    public = store.live(story, at=timezone.now())
    said = format_html(str(SAID[move.name]), story)
    if public and public.kind == Publication.Kind.STORY and move.name in ("publish", "update"):
        return format_html('{} <a href="{}">{}</a>', said, public.address.path, _("See it on the site"))
    return said
