"""Markup from anywhere as balanced markup of the elements we know, never deep, in a time that grows with its length.

A browser's way of reading HTML, which nh3 follows, takes time by the square of the nesting, and lets a few thousand
unclosed marks write themselves out a million times. So what reaches it has this shape first. No word is dropped, and
none is joined to the next: an element that is not kept leaves a space where it would have divided two words.
"""

import re
from html import escape, unescape

from .allowlist import ATTRIBUTES, BLOCKS, INLINE

DEEPEST = 80  # elements inside each other; what lies deeper stays as words

_ATTRIBUTE = r"""\s+({group}[^\s"'<>/=]+)(?:\s*=\s*({group}"[^"]*"|'[^']*'|[^\s"'=<>`]+))?"""
_TAG = re.compile(rf"</?([a-zA-Z][a-zA-Z0-9:_.-]*)((?:{_ATTRIBUTE.format(group='?:')})*)\s*/?>")
_EACH = re.compile(_ATTRIBUTE.format(group=""))
_DECLARATION = re.compile(r"<[!?][^<>]*>")

# Elements whose contents are no words, and where those end.
_MUTE = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE | re.ASCII) for name in ("script", "style")}
_COMMENT_END = re.compile("-->")
# Unknown elements that stand inside a word: they go without a trace. All others leave a space.
_THROUGH = frozenset(
    [
        *("abbr", "acronym", "bdi", "bdo", "big", "code", "data", "del", "dfn", "font", "ins", "kbd", "label", "mark"),
        *("nobr", "o:p", "q", "s", "samp", "small", "span", "strike", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    ]
)
_VOID = frozenset({"br", "hr"})
# What a new element ends of those still open, and where looking for them stops: most people leave </p> and </li> out.
_IN_LIST, _IN_ROW, _IN_TABLE = frozenset({"ul", "ol"}), frozenset({"tr", "table"}), frozenset({"table"})
_ENDS = (
    {"li": (frozenset({"li"}), _IN_LIST)}
    | dict.fromkeys(["dt", "dd"], (frozenset({"dt", "dd"}), frozenset({"dl"})))
    | dict.fromkeys(["td", "th"], (frozenset({"td", "th", "caption"}), _IN_ROW))
    | {"tr": (frozenset({"tr", "caption"}), _IN_TABLE)}
    | dict.fromkeys(["thead", "tbody", "tfoot"], (frozenset({"thead", "tbody", "tfoot", "caption"}), _IN_TABLE))
)
_TEXTS = frozenset({"p", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})


def mended(markup: str) -> str:
    """``markup`` with every element closed in its turn, at most DEEPEST inside each other."""
    return _Mender(markup).mended()


class _Mender:
    def __init__(self, markup: str):
        self.markup = markup
        self.written: list[str] = []
        self.open: list[str] = []
        self.missed: set[re.Pattern[str]] = set()  # ends that were looked for and do not come any more

    def mended(self) -> str:
        at = 0
        while (found := self.markup.find("<", at)) >= 0:
            self.written.append(self.markup[at:found])
            at = self._piece(found)
        self.written.append(self.markup[at:])
        self._close(0)
        return "".join(self.written)

    def _piece(self, at: int) -> int:
        """Take what begins with the “<” at ``at``; return where it ends."""
        tag = _TAG.match(self.markup, at)
        if tag:
            return self._tag(tag)
        comment_end = self._after(_COMMENT_END, at) if self.markup.startswith("<!--", at) else None
        if comment_end:
            return comment_end
        declaration = _DECLARATION.match(self.markup, at)
        if declaration:
            return declaration.end()
        self.written.append("&lt;")
        return at + 1

    def _tag(self, tag: re.Match[str]) -> int:
        name = tag[1].lower()
        ends = self.markup.startswith("</", tag.start())
        if name in _MUTE and not ends:
            return self._after(_MUTE[name], tag.end()) or tag.end()
        if name not in BLOCKS and name not in INLINE:
            self.written.append("" if name in _THROUGH else " ")
        elif ends:
            self._end(name)
        else:
            self._start(name, tag[2])
        return tag.end()

    def _after(self, end: re.Pattern[str], at: int) -> int | None:
        """Where the next ``end`` is over, if one comes. What was missed once is never looked for again."""
        found = end.search(self.markup, at) if end not in self.missed else None
        if not found:
            self.missed.add(end)
            return None
        return found.end()

    def _start(self, name: str, attributes: str) -> None:
        if name in BLOCKS:
            self.written.append(" ")
            self._end_texts()
            self._end_those_before(name)
        if name in _VOID:
            self.written.append(f"<{name}>")
        elif len(self.open) < DEEPEST and (name in BLOCKS or self._may_open(name)):
            self.written.append(f"<{name}{_known(name, attributes)}>")
            self.open.append(name)

    def _may_open(self, name: str) -> bool:
        """Whether a mark is new here; a link ends the one before it."""
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth] in BLOCKS:
                return True
            if self.open[depth] == name:
                self._close(depth if name == "a" else len(self.open))
                return name == "a"
        return True

    def _end(self, name: str) -> None:
        if name in self.open:
            self._close(len(self.open) - 1 - self.open[::-1].index(name))
        if name in BLOCKS:
            self.written.append(" ")

    def _end_texts(self) -> None:
        """A block ends the paragraph or heading in which it begins."""
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth] in _TEXTS:
                self._close(depth)
                return
            if self.open[depth] in BLOCKS:
                return

    def _end_those_before(self, name: str) -> None:
        ended, until = _ENDS.get(name, (frozenset(), frozenset()))
        outermost = None
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth] in until or not ended:
                break
            if self.open[depth] in ended:
                outermost = depth
        if outermost is not None:
            self._close(outermost)

    def _close(self, depth: int) -> None:
        while len(self.open) > depth:
            self.written.append(f"</{self.open.pop()}>")


def _known(name: str, attributes: str) -> str:
    """Those of the attributes that are read, as HTML."""
    wanted = ATTRIBUTES.get(name)
    if not wanted or not attributes:
        return ""
    kept: dict[str, str] = {}
    for key, value in _EACH.findall(attributes):
        if key.lower() in wanted:
            kept.setdefault(key.lower(), unescape(value[1:-1] if value[:1] in ("'", '"') else value))
    return "".join(f' {key}="{escape(value)}"' for key, value in kept.items())
