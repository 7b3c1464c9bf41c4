"""How long a headline or a standfirst should be: one table for the form, its help and its live counts."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Length:
    """At most ``most`` characters, and why. ``line`` is what fits on one line of a phone, 0 where it is not asked."""

    most: int
    why: str | Promise
    line: int = 0

    def advice(self) -> str:
        """The limit in a sentence, for those who see no live count."""
        return _("Best at most %(most)s characters: %(why)s.") % {"most": self.most, "why": self.why}

    def as_json(self) -> dict[str, Any]:
        return {"most": self.most, "why": str(self.why), "line": self.line}


# By field of the manuscript. The lines are measured on readers' pages at 390 pixels.
LENGTHS = {
    "headline": Length(90, gettext_lazy("a longer one is hard to take in on a phone"), line=22),
    "short_headline": Length(60, gettext_lazy("a card on the home page has no room for more"), line=22),
    "search_headline": Length(60, gettext_lazy("a search result shows no more")),
    "feed_headline": Length(80, gettext_lazy("most feed readers cut what is longer")),
    "standfirst": Length(160, gettext_lazy("search results and cards show no more")),
}
