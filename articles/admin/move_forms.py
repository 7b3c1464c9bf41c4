"""What a move is asked with: the version and the publication that the person saw, their words, perhaps a time."""

from collections.abc import Mapping

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import approvals, moves
from articles.desk.times import NoSuchTime, local_moment, with_zone
from articles.desk.workflow import Move
from articles.live import store
from articles.models import Article

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


def fresh_form(story: Article, move: Move, asked: Mapping[str, str]) -> MoveForm:
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
