"""Places that two people changed at once, as a person sees and settles them: in a page's dialog or in the form."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.core.exceptions import BadRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import drafts
from articles.desk.drafts import Clash
from articles.manuscript import Manuscript
from articles.models import Revision, User

from . import reading

SAID = {"mine": gettext_lazy("Mine"), "theirs": gettext_lazy("Theirs"), "both": gettext_lazy("Both, theirs first")}
CHOICES = tuple(SAID)


def as_json(clash: Clash, story: Manuscript, last: Revision | None) -> dict[str, Any]:
    """A clash for the page's dialog: both sides as they are, and both beside each other to look at."""
    return {
        "key": clash.key,
        "field": clash.field,
        "label": place_of(clash, story),
        "choices": list(choices_of(clash)),
        "html": shown(clash, last),
        **{side: _plain(getattr(clash, side)) for side in ("base", "mine", "theirs")},
    }


def choices_of(clash: Clash) -> tuple[str, ...]:
    """“both” makes sense where both are paragraphs."""
    return CHOICES if clash.field == "body" and clash.mine and clash.theirs else CHOICES[:2]


def place_of(clash: Clash, story: Manuscript) -> str:
    """What a clash is about, for its heading: a field, or which paragraph of the story as it stands."""
    label = str(reading.FIELDS[clash.field])
    if clash.field != "body":
        return label
    if not clash.theirs:
        return _("A paragraph that a colleague took out")
    blocks, first = story.body.split("\n"), clash.theirs.split("\n")[0]
    if first not in blocks or not first.startswith("<p>"):
        return label
    number = sum(block.startswith("<p>") for block in blocks[: blocks.index(first) + 1])
    return _("Paragraph %(number)s") % {"number": number}


def shown(clash: Clash, last: Revision | None) -> SafeString:
    """Both sides of a clash beside each other, marked where they differ; ``last`` is what a colleague saved last."""
    theirs, mine = (replace(Manuscript(), **{clash.field: side}) for side in (clash.theirs, clash.mine))
    signed = {"who": last.written_by, "time": drafts.clock_time(last.saved_at)} if last else {}
    in_story = _("In the story (by %(who)s, %(time)s)") % signed if last else _("In the story")
    return beside(reading.differences(theirs, mine, only={clash.field}), in_story, _("Yours"))


def _plain(value: Any) -> Any:
    return (
        value if isinstance(value, str) else [asdict(entry) if not isinstance(entry, str) else entry for entry in value]
    )


def chosen(sent: Mapping[str, Any]) -> dict[str, str]:
    """The choices that a page sent, by clash. Raises BadRequest."""
    choices = sent.get("choices")
    if not isinstance(choices, dict) or not all(choice in CHOICES for choice in choices.values()):
        raise BadRequest(_("A choice is “mine”, “theirs” or “both”."))
    return choices


def name_loser(aside: Revision, *, by: User) -> None:
    """What was not taken stays in the history, under a name by which it is found again."""
    time = drafts.clock_time(aside.saved_at)
    words = {"who": aside.written_by, "version": aside.departed_from, "time": time}
    drafts.name(aside, _("%(who)s’s text over version %(version)s, %(time)s") % words, by=by)


def beside(found: list[reading.Difference], before: str, after: str) -> SafeString:
    """Differences beside each other, under what the two sides are called."""
    labels = {"before_label": before, "after_label": after}
    return render_to_string("desk/difference.html", {"differences": found} | labels)
