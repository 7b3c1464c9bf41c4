"""Where a story stands between its writer and its readers, in steps and in a sentence."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.models import Article, Publication

STEPS = (gettext_lazy("Writing"), gettext_lazy("Submitted"), gettext_lazy("Ready"), gettext_lazy("Live"))
LIVE = len(STEPS) - 1
State = Article.State
# The step of each state of the desk; what readers see is no state of the desk's.
STEP_OF = {State.SUBMITTED: 1, State.LEGAL: 1, State.SECURITY: 1, State.READY: 2}


@dataclass(frozen=True)
class Step:
    label: str
    is_done: bool
    is_current: bool


def of(story: Article, public: Publication | None) -> dict[str, Any]:
    """The steps of ``story``, who has it now, and what readers see meanwhile."""
    live = public is not None and public.kind == Publication.Kind.STORY
    now = STEP_OF.get(State(story.state), 0)
    now = LIVE if live and story.state == State.READY else now
    rewritten = live and now != LIVE
    return {
        "steps": _steps(now, live=live),
        "who": _who(story, live=live),
        "readers": _("Readers see what was published before. It changes when it is published again.")
        if rewritten
        else "",
    }


def fresh() -> dict[str, Any]:
    """Of a story that has not been begun."""
    return {"steps": _steps(0, live=False), "who": _("Nobody else sees it before it is saved."), "readers": ""}


def _steps(now: int, *, live: bool) -> list[Step]:
    return [
        Step(str(label), number < now or (live and number == LIVE), number == now) for number, label in enumerate(STEPS)
    ]


def _who(story: Article, *, live: bool) -> str:
    who = story.assignee or story.created_by
    said = {
        State.PITCHED: _("It is an idea of %(who)s so far."),
        State.SUBMITTED: _("The sub-editors have it."),
        State.LEGAL: _("The lawyers have it."),
        State.SECURITY: _("It is in security review."),
        State.READY: _("It is published as it stands.") if live else _("It is ready for an editor."),
        State.SPIKED: _("It lies on the spike."),
    }
    sentence = said.get(State(story.state), _("%(who)s is writing it."))
    return sentence % {"who": who or _("The newsroom")}
