"""Each move of a story is a page of its own: what it does, what stands in the way, its words, and one button."""

from collections.abc import Callable, Mapping

from django import forms
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
from articles.desk.times import NoSuchTime, local_moment, with_zone
from articles.desk.workflow import BY_NAME, Move
from articles.live import store
from articles.live.addresses import Taken
from articles.models import Article, Publication, Revision, User
from articles.photos import renditions

from . import reading, rescue

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

# What a note is, where it is more than a word to the next person.
NOTES = {
    "pitch": (gettext_lazy("What is in it"), gettext_lazy("Those who commission stories read it.")),
    "commission": (gettext_lazy("A word to the writer"), gettext_lazy("Nobody outside the newsroom sees it.")),
    "to_legal": (gettext_lazy("What to look at"), gettext_lazy("The lawyers read it on the desk.")),
    "to_security": (gettext_lazy("What to look at"), gettext_lazy("The reviewers read it on the desk.")),
    "clear_legal": (gettext_lazy("Note"), gettext_lazy("It stands beside the approval, for the newsroom.")),
    "clear_security": (gettext_lazy("Note"), gettext_lazy("Security reviewers alone see it.")),
    "return_legal": (gettext_lazy("What is wanted"), gettext_lazy("The writer reads it on the desk.")),
    "return_security": (gettext_lazy("What is wanted"), gettext_lazy("The writer reads it on the desk.")),
    "ready": (gettext_lazy("A word to the editors"), gettext_lazy("Nobody outside the newsroom sees it.")),
    "submit": (gettext_lazy("A word to the sub-editors"), gettext_lazy("Nobody outside the newsroom sees it.")),
    "send_back": (gettext_lazy("What is wanted"), gettext_lazy("The writer reads it on the desk.")),
    "update": (gettext_lazy("Note to readers"), gettext_lazy("Readers see it, unless this is a typo.")),
    "schedule": (
        gettext_lazy("Note to readers"),
        gettext_lazy("Only where the story is live already: readers see it then, unless this is a typo."),
    ),
    "reschedule": (gettext_lazy("Why"), gettext_lazy("Nobody outside the newsroom sees it.")),
    "unschedule": (gettext_lazy("Why"), gettext_lazy("Nobody outside the newsroom sees it.")),
    "withdraw": (gettext_lazy("What readers are told"), gettext_lazy("It stands at the story’s address from now on.")),
    "spike": (gettext_lazy("Why"), gettext_lazy("Nobody outside the newsroom sees it.")),
    "revive": (gettext_lazy("Why"), gettext_lazy("Nobody outside the newsroom sees it.")),
}
CHANGES = (
    ("typo", gettext_lazy("A typo: spelling or style, no number and no name. Readers see no note.")),
    ("update", gettext_lazy("An update: there is news in it. The “Updated” time moves.")),
    (
        "correction",
        gettext_lazy("A correction: something was wrong. The note stands on the story and on the record for ever."),
    ),
    ("clarification", gettext_lazy("A clarification: what we wrote could be misread. The note stands for ever.")),
    ("apology", gettext_lazy("An apology: we did somebody wrong. The note stands for ever.")),
)
PLACES = (("top", gettext_lazy("Above the story")), ("foot", gettext_lazy("Below the story")))
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


class MoveForm(forms.Form):
    """What a move is asked with: the version and the publication that the person saw, and their words."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    over = forms.IntegerField(widget=forms.HiddenInput, required=False)
    change = forms.ChoiceField(
        label=gettext_lazy("For readers this is"), choices=CHANGES, widget=forms.RadioSelect, required=False
    )
    place = forms.ChoiceField(
        label=gettext_lazy("The note stands"), choices=PLACES, widget=forms.RadioSelect, required=False, initial="top"
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    clock = forms.TimeField(label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)

    field_order = ("seen", "over", "waiting", "day", "clock", "change", "note", "place")
    waiting = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, move: Move, *args, is_live: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if move.name in NOTES:
            self.fields["note"].label, self.fields["note"].help_text = NOTES[move.name]
        else:
            del self.fields["note"]
        for name in ("change", "place"):
            if not (move.name == "update" or (move.name == "schedule" and is_live)):
                del self.fields[name]
        for name in ("day", "clock"):
            if move.name not in ("schedule", "reschedule"):
                del self.fields[name]
        if move.name == "clear_security":
            self._ask()
        if "clock" in self.fields:
            self.fields["clock"].help_text = _("As our own clocks show it: it is %(now)s now.") % {
                "now": with_zone(timezone.now())
            }

    def _ask(self) -> None:
        """The questions of the security review, each with room for a word."""
        answers = (
            (approvals.CLEAR, _("Nothing that must not go out")),
            (approvals.FOUND, _("Something must be taken out")),
        )
        for key, question in approvals.QUESTIONS.items():
            self.fields[f"answer_{key}"] = forms.ChoiceField(
                label=question, choices=answers, widget=forms.RadioSelect, required=False
            )
            self.fields[f"note_{key}"] = forms.CharField(
                label=_("Your note"),
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        self.order_fields(["seen", "over", "waiting", *(name for name in self.fields if name != "note"), "note"])

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("day") and cleaned.get("clock"):
            try:
                cleaned["to"] = local_moment(cleaned["day"], cleaned["clock"])
            except NoSuchTime as refusal:
                self.add_error("clock", str(refusal))
        return cleaned


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
        return self._move_page(request, story, move, form=_fresh_form(story, move, request.GET))

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


def _fresh_form(story: Article, move: Move, asked: Mapping[str, str]) -> MoveForm:
    """``asked`` may name another day and time than the usual ones: the queue lets one drop a story on a day."""
    now = timezone.now()
    public, waiting = store.live(story, at=now), store.waiting(story, at=now).first()
    begins = timezone.localtime(waiting.live_from) if waiting else None
    initial = {
        "seen": story.version,
        "over": public.number if public else None,
        "waiting": waiting.number if waiting else None,
        "day": begins.date() if begins else timezone.localdate(),
        "clock": begins.time() if begins else None,
        "place": "top",
    } | {name: asked[name] for name in ("day", "clock") if name in asked}
    return MoveForm(move, initial=initial, is_live=moves.is_live(story))


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


def _publish(story: Article, by: User, words: dict) -> None:
    publishing.publish(_as_seen(story, by, words, "published"), by=by, **_for_readers(words))


def _schedule(story: Article, by: User, words: dict) -> None:
    revision = _as_seen(story, by, words, "scheduled")
    schedule.schedule(revision, to=words["to"], by=by, **_for_readers(words))


def _as_seen(story: Article, by: User, words: dict, why: str) -> Revision:
    """Exactly the version that the person saw: sealing happens only once nobody has saved since."""
    drafts.refuse_stale(story, words["seen"])
    revision = drafts.sealed(story, by=by, why=why)
    drafts.refuse_stale(revision.article, words["seen"])
    return revision


def _for_readers(words: dict) -> dict:
    return {name: words.get(name, "") for name in ("change", "note")} | {
        "over": words["over"],
        "place": words.get("place") or "top",
    }


def _reschedule(story: Article, by: User, words: dict) -> None:
    schedule.reschedule(_waiting(story, words), to=words["to"], by=by, why=words["note"])


def _unschedule(story: Article, by: User, words: dict) -> None:
    schedule.unschedule(_waiting(story, words), by=by, why=words["note"])


def _waiting(story: Article, words: dict) -> Publication:
    """The version that the person saw waiting, whatever has become of it."""
    seen = Publication.objects.filter(article=story, number=words["waiting"]).first()
    if seen is None:
        raise moves.NotPossible(_("Nothing of the story waits for its time. Open it again to see what can be done."))
    return seen


def _withdraw(story: Article, by: User, words: dict) -> None:
    publishing.withdraw(story, by=by, over=words["over"], notice=words["note"])


def _hand_on(verb: Callable) -> Callable[[Article, User, dict], None]:
    def make(story: Article, by: User, words: dict) -> None:
        verb(story, seen=words["seen"], by=by, note=words["note"])

    return make


def _approve(level: str) -> Callable[[Article, User, dict], None]:
    def make(story: Article, by: User, words: dict) -> None:
        answers = {
            key: {"answer": words.get(f"answer_{key}", ""), "note": words.get(f"note_{key}", "")}
            for key in approvals.QUESTIONS
        }
        approvals.give(story, level, seen=words["seen"], by=by, note=words["note"], answers=answers)

    return make


MAKE: dict[str, Callable[[Article, User, dict], None]] = {
    "pitch": _hand_on(moves.pitch),
    "commission": _hand_on(moves.commission),
    "to_legal": _hand_on(moves.to_legal),
    "to_security": _hand_on(moves.to_security),
    "clear_legal": _approve("legal"),
    "clear_security": _approve("security"),
    "return_legal": _hand_on(moves.return_legal),
    "return_security": _hand_on(moves.return_security),
    "ready": _hand_on(moves.ready),
    "submit": _hand_on(moves.submit),
    "send_back": _hand_on(moves.send_back),
    "spike": _hand_on(moves.spike),
    "revive": _hand_on(moves.revive),
    "publish": _publish,
    "update": _publish,
    "schedule": _schedule,
    "reschedule": _reschedule,
    "unschedule": _unschedule,
    "withdraw": _withdraw,
}
