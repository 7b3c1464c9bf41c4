"""A manuscript as people read it, and two of them compared: the one place where differences become a page.

``page`` is one manuscript; ``comparison`` two of them in one column, in the shape of the story; ``differences`` the
fields in which they differ, each side beside the other, as ``desk/difference.html`` shows them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count, groupby
from typing import Any

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from articles import body
from articles.body import differences as texts
from articles.body.differences import GONE, NEW, SAME, Part
from articles.desk.merging import changed
from articles.manuscript import Manuscript

from .marking import BOTH, Marking, picture
from .names import Names

# The fields in the order in which an editor reads them, with what they are called on the form.
FIELDS = {
    "kicker": gettext_lazy("Kicker"),
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "bylines": gettext_lazy("Bylines"),
    "dateline": gettext_lazy("Dateline"),
    "body": gettext_lazy("Story"),
    "cover": gettext_lazy("Cover picture"),
    "section": gettext_lazy("Section"),
    "tags": gettext_lazy("Topics"),
    "kind": gettext_lazy("Kind"),
    "short_headline": gettext_lazy("Headline on the home page"),
    "search_headline": gettext_lazy("Headline for search and social"),
    "feed_headline": gettext_lazy("Headline in feeds"),
    "slug": gettext_lazy("Address"),
    "dated_on": gettext_lazy("Dated"),
    "dated_note": gettext_lazy("How we know the date"),
    "related": gettext_lazy("Related stories"),
    "language": gettext_lazy("Language"),
}
# These stand large on the page of one manuscript; the others are said in a list under it.
_LARGE = frozenset({"kicker", "headline", "standfirst", "body", "cover"})
# Where two are compared, these stand above the text.
_HEAD = ("kicker", "headline", "standfirst", "bylines", "dateline", "cover")
# A stretch of more blocks than this that did not change is folded, but for its ends.
LONG = 4
NOTHING = SafeString("")
ELLIPSIS = SafeString('<p class="quiet">…</p>')


@dataclass(frozen=True)
class Difference:
    """One field in two versions: the old text, the new one, and both in one, each marked and safe to show.

    ``number`` counts what differs from the top of the page; 0 where nothing does.
    """

    name: str
    label: str
    before: SafeString
    after: SafeString
    both: SafeString
    number: int = 0


@dataclass(frozen=True)
class Stretch:
    """Blocks of a text that follow each other: all changed (``number``), or the same with the middle ``folded``."""

    first: SafeString
    folded: SafeString = NOTHING
    count: int = 0  # of the folded blocks
    last: SafeString = NOTHING
    number: int = 0


@dataclass(frozen=True)
class Comparison:
    """Two manuscripts in one: what stands above the text, the text, and the other facts that differ or do not."""

    head: list[Difference]
    text: list[Stretch]
    facts: list[Difference]
    same: list[Difference]
    changes: int
    added: int
    removed: int


def page(manuscript: Manuscript) -> dict[str, Any]:
    """What ``desk/manuscript.html`` shows: the words, the text, and the other facts by label."""
    parts = texts.compare(manuscript.body, manuscript.body)
    names = Names([manuscript], parts)
    return {
        "words": manuscript,
        "cover": picture(names.images.get(manuscript.cover), is_cover=True) if manuscript.cover else "",
        "text": Marking(names).parts(parts),
        "facts": [
            (label, said)
            for name, label in FIELDS.items()
            if name not in _LARGE and (said := _in_words(names, manuscript, name))
        ],
        "word_count": body.word_count(manuscript.body),
    }


def _in_words(names: Names, manuscript: Manuscript, name: str) -> str:
    items = names.items(manuscript, name)
    if items is None:
        return names.text(manuscript, name)
    return (", " if name == "tags" else "\n").join(items)


def differences(before: Manuscript, after: Manuscript, *, only: set[str] | None = None) -> list[Difference]:
    """The fields in which the two differ (or those of ``only`` that do), in reading order."""
    parts = texts.compare(before.body, after.body)
    names = Names([before, after], parts)
    wanted = [name for name in FIELDS if name in changed(before, after) and (only is None or name in only)]
    return [_of_text(names, parts) if name == "body" else _of_field(names, before, after, name) for name in wanted]


def of_texts(name: str, label: str, before: str, after: str) -> Difference:
    """Two plain texts that belong to no manuscript, such as a picture's caption."""
    pieces = texts.compare_words(before, after)
    return _difference(Names([]), name, label, lambda marking: marking.words(pieces))


def comparison(before: Manuscript, after: Manuscript) -> Comparison:
    """Everything in both, with what differs marked, and numbered from the top of the page."""
    parts = texts.compare(before.body, after.body)
    names = Names([before, after], parts)
    number = count(1)
    differ = changed(before, after)
    fields = {name: _of_field(names, before, after, name) for name in FIELDS if name != "body"}
    head = [replace(fields[name], number=next(number) if name in differ else 0) for name in _HEAD]
    text = list(_stretches(Marking(names), parts, number))
    rest = [fields[name] for name in fields if name not in _HEAD]
    facts = [replace(field, number=next(number)) for field in rest if field.name in differ]
    same = [field for field in rest if field.name not in differ and field.both]
    return Comparison(head, text, facts, same, next(number) - 1, *texts.size(parts))


# --- Fields ---------------------------------------------------------------------------------------------------------


def _of_field(names: Names, before: Manuscript, after: Manuscript, name: str) -> Difference:
    label = str(FIELDS[name])
    if name == "cover":
        return _difference(names, name, label, lambda marking: _covers(marking, before.cover, after.cover))
    old, new = names.items(before, name), names.items(after, name)
    if old is not None and new is not None:
        items = texts.compare_items(old, new)
        return _difference(names, name, label, lambda marking: marking.items(items))
    pieces = texts.compare_words(names.text(before, name), names.text(after, name))
    return _difference(names, name, label, lambda marking: marking.words(pieces))


def _difference(names: Names, name: str, label: str, draw: Callable[[Marking], SafeString]) -> Difference:
    return Difference(name, label, *(draw(Marking(names, side)) for side in (GONE, NEW, BOTH)))


def _covers(marking: Marking, before: str, after: str) -> SafeString:
    """The cover, or the old one and the new one."""
    kinds = {SAME: after} if before == after else {GONE: before, NEW: after}
    shown = [(uid, kind) for kind, uid in kinds.items() if uid and kind in marking.shown]
    return format_html_join(
        "", "{}", ((picture(marking.names.images.get(uid), kind=kind, is_cover=True),) for uid, kind in shown)
    )


# --- The text -------------------------------------------------------------------------------------------------------


def _of_text(names: Names, parts: list[Part]) -> Difference:
    """The blocks that differ, with an ellipsis for each stretch between them."""
    grouped = [(same, list(found)) for same, found in groupby(parts, lambda part: part.kind == SAME)]

    def draw(marking: Marking) -> SafeString:
        return format_html_join("", "{}", ((ELLIPSIS if same else marking.parts(found),) for same, found in grouped))

    return _difference(names, "body", str(FIELDS["body"]), draw)


def _stretches(marking: Marking, parts: list[Part], number: Iterator[int]) -> Iterator[Stretch]:
    grouped = [(same, list(found)) for same, found in groupby(parts, lambda part: part.kind == SAME)]
    for place, (same, found) in enumerate(grouped):
        if not same:
            yield Stretch(marking.parts(found), number=next(number))
        elif len(found) <= LONG:
            yield Stretch(marking.parts(found))
        else:
            # The neighbours of a change stay in sight.
            start, end = int(place > 0), len(found) - int(place < len(grouped) - 1)
            first, folded, last = (marking.parts(some) for some in (found[:start], found[start:end], found[end:]))
            yield Stretch(first, folded, end - start, last)
