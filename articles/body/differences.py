"""Where two bodies differ, word by word and in the shape of the story.

``compare`` gives a part for each block: the same, changed, gone or new. A changed part says so down to the word; lists,
tables, boxes and galleries are compared item by item, pictures and embeds by what is said about them. Whoever takes the
pieces that are the same or gone reads the old text, exactly; the same or new, the new text. Words that changed their
looks only (bold, a link's address) are the same words with ``were`` set.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TypeVar

from .alignment import EFFORT, pairs
from .inline import Run
from .likeness import Likeness, Node, read
from .words import WORD, tokens

SAME, CHANGED, GONE, NEW = "same", "changed", "gone", "new"
PLAIN = Run("")

AHEAD = 6  # how far ahead a block's rewriting is looked for
LONGEST = 100_000  # characters of two texts that are compared by words; what is longer is gone and new

# What is said to readers in an attribute; the other attributes hold names and addresses.
WORDED = ("data-caption", "data-alt", "data-title", "data-by")

T = TypeVar("T", str, Node)
Token = tuple[str, Run]  # a word, and what it stands under


@dataclass(frozen=True)
class Piece:
    """Some words: the same in both texts, gone, or new. ``marks`` is what they stand under (a Run without text)."""

    kind: str
    text: str
    marks: Run = PLAIN
    were: Run | None = None  # the same words, which stood under these marks before


@dataclass(frozen=True)
class Part:
    """A block, or something in it such as an item or a cell: its words, what its attributes say, the parts inside."""

    kind: str
    tag: str
    pieces: tuple[Piece, ...] = ()
    facts: tuple[tuple[str, tuple[Piece, ...]], ...] = ()
    parts: tuple["Part", ...] = ()
    was: str = ""  # the tag that it had before, where that is another
    moved: bool = False  # gone here and new there, word for word

    def fact(self, name: str) -> tuple[Piece, ...]:
        """What the attribute ``name`` says, in pieces."""
        return dict(self.facts).get(name, ())

    def value(self, name: str) -> str:
        """The attribute as it is now; of a part that is gone, as it was."""
        return one_side(self.fact(name), GONE if self.kind == GONE else NEW)


def compare(before: str, after: str) -> list[Part]:
    """The blocks of two canonical bodies, aligned, in the order of the story."""
    comparison = _Comparison(len(before) + len(after))
    return [comparison.part(*found) for found in comparison.bodies(before, after)]


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Two plain texts, such as headlines, word by word."""
    return _Comparison(len(before) + len(after)).pieces((Run(before),), (Run(after),))


def compare_items(before: Iterable[str], after: Iterable[str]) -> tuple[Piece, ...]:
    """Two lists of names, such as topics: each name whole."""
    old, new = ([(name, PLAIN) for name in names] for names in (before, after))
    return tuple(
        Piece(kind, name)
        for same, gone, come in _hunks(old, new, EFFORT)
        for kind, found in ((SAME, [was for was, _now in same]), (GONE, gone), (NEW, come))
        for name, _marks in found
    )


def one_side(pieces: Iterable[Piece], side: str) -> str:
    """The old text (``side`` is GONE) or the new one (NEW)."""
    return "".join(piece.text for piece in pieces if piece.kind in (SAME, side))


def size_of_change(before: str, after: str) -> tuple[int, int]:
    """How many words are new in ``after``, and how many of ``before`` are gone. A block that only moved is neither."""
    comparison = _Comparison(len(before) + len(after))
    found = comparison.bodies(before, after)
    return size(comparison.part(old, new, moved) for old, new, moved in found if old != new)


def size(parts: Iterable[Part]) -> tuple[int, int]:
    """How many words are new in ``parts``, and how many are gone."""
    words = Counter({NEW: 0, GONE: 0})
    for part in parts:
        for piece in _all_pieces(part) if part.kind != SAME and not part.moved else ():
            words[piece.kind] += len(WORD.findall(piece.text)) if piece.kind != SAME else 0
    return words[NEW], words[GONE]


def _all_pieces(part: Part) -> Iterator[Piece]:
    yield from part.pieces
    for name in WORDED:
        yield from part.fact(name)
    for inner in part.parts:
        yield from _all_pieces(inner)


class _Comparison:
    """One comparison of two texts, with the effort that it may take, shared out by length."""

    def __init__(self, characters: int):
        self.effort_each = EFFORT / (characters or 1)
        self.likeness = Likeness()
        self.read: Callable[[str], Node] = cache(read)

    def bodies(self, before: str, after: str) -> Iterator[tuple[Node | None, Node | None, bool]]:
        """The blocks of two bodies in pairs, and whether the one without a partner only moved."""
        old, new = ([line for line in text.split("\n") if line] for text in (before, after))
        found = list(self.aligned(old, new, self.read))
        moved = Counter(o for o, n in found if n is None) & Counter(n for o, n in found if o is None)
        for o, n in found:
            alone = o is None or n is None
            yield self.read(o) if o else None, self.read(n) if n else None, alone and (o or n) in moved

    def aligned(
        self, old: Sequence[T], new: Sequence[T], node: Callable[[T], Node]
    ) -> Iterator[tuple[T | None, T | None]]:
        """Each of ``old`` with the one of ``new`` that it is or became; None beside what is gone or new."""
        a = c = 0
        for i, j in [*pairs(old, new), (len(old), len(new))]:
            yield from self._rewritten(old[a:i], new[c:j], node)
            if i < len(old):
                yield old[i], new[j]
            a, c = i + 1, j + 1

    def _rewritten(
        self, old: Sequence[T], new: Sequence[T], node: Callable[[T], Node]
    ) -> Iterator[tuple[T | None, T | None]]:
        """Each of ``old`` with what is most like it not far ahead in ``new``, where that is no later one’s."""
        done = 0
        for place, one in enumerate(old):
            best = self.likeness.best(node(one), [node(other) for other in new[done : done + AHEAD]])
            if best is None or self._better_later(new[done + best], old[place : place + AHEAD], node):
                yield one, None
                continue
            yield from ((None, other) for other in new[done : done + best])
            yield one, new[done + best]
            done += best + 1
        yield from ((None, other) for other in new[done:])

    def _better_later(self, one: T, old: Sequence[T], node: Callable[[T], Node]) -> bool:
        """Whether one of ``old`` is more like ``one`` than the first of them."""
        return self.likeness.best(node(one), [node(other) for other in old]) != 0

    def part(self, old: Node | None, new: Node | None, moved: bool = False) -> Part:
        if old is None or new is None or old == new:
            kind = SAME if old == new else GONE if new is None else NEW
            return _whole(old or new or Node("p"), kind, moved=moved)
        return Part(
            CHANGED,
            new.tag,
            pieces=self.pieces(old.runs, new.runs),
            facts=tuple(self._facts(dict(old.facts), dict(new.facts))),
            parts=tuple(self.part(*found) for found in self._inside(old, new)),
            was=old.tag if old.tag != new.tag else "",
        )

    def _inside(self, old: Node, new: Node) -> Iterable[tuple[Node | None, Node | None]]:
        """What stands in both. The cells of a row belong together by their columns, as long as there are as many."""
        if old.tag == "tr" and len(old.nodes) == len(new.nodes):
            return zip(old.nodes, new.nodes, strict=True)
        return self.aligned(old.nodes, new.nodes, lambda node: node)

    def _facts(self, old: dict[str, str], new: dict[str, str]) -> Iterator[tuple[str, tuple[Piece, ...]]]:
        for name in dict.fromkeys([*old, *new]):
            yield name, self.pieces((Run(old.get(name, "")),), (Run(new.get(name, "")),))

    def pieces(self, old: Sequence[Run], new: Sequence[Run]) -> tuple[Piece, ...]:
        """The words of two texts. Neighbours that fared alike are one piece."""
        length = sum(len(run.text) for run in (*old, *new))
        if length > LONGEST:
            return (*_pieces(GONE, _unmarked(old)), *_pieces(NEW, _unmarked(new)))
        hunks = _readable(_hunks(_tokens(old), _tokens(new), self.effort_each * length))
        return tuple(piece for hunk in hunks for piece in _pieces_of(hunk))


def _whole(node: Node, kind: str, *, moved: bool = False) -> Part:
    """A block that is the same, gone or new with everything in it."""
    return Part(
        kind,
        node.tag,
        pieces=tuple(_pieces(kind, _unmarked(node.runs))),
        facts=tuple((name, (Piece(kind, value),)) for name, value in node.facts),
        parts=tuple(_whole(inner, kind) for inner in node.nodes),
        moved=moved,
    )


# --- Words ----------------------------------------------------------------------------------------------------------

# What is the same (as it was, as it is), then what is gone and what is new in its place.
Hunk = tuple[list[tuple[Token, Token]], list[Token], list[Token]]


def _unmarked(runs: Iterable[Run]) -> list[Token]:
    return [(run.text, run._replace(text="")) for run in runs]


def _tokens(runs: Iterable[Run]) -> list[Token]:
    return [(word, marks) for text, marks in _unmarked(runs) for word in tokens(text)]


def _hunks(old: list[Token], new: list[Token], effort: float) -> Iterator[Hunk]:
    a = c = 0
    same: list[tuple[Token, Token]] = []
    for i, j in [*pairs([text for text, _ in old], [text for text, _ in new], effort=effort), (len(old), len(new))]:
        if i > a or j > c:
            yield same, old[a:i], new[c:j]
            same = []
        if i < len(old):
            same.append((old[i], new[j]))
        a, c = i + 1, j + 1
    if same:
        yield same, [], []


def _readable(hunks: Iterable[Hunk]) -> list[Hunk]:
    """Where nothing but a space stands between two replacements, they are one: whole phrases instead of confetti."""
    joined: list[Hunk] = []
    for same, gone, new in hunks:
        if joined and gone and new and joined[-1][1] and joined[-1][2] and _is_space(same):
            joined[-1][1].extend([same[0][0], *gone])
            joined[-1][2].extend([same[0][1], *new])
        else:
            joined.append((same, gone, new))
    return joined


def _is_space(same: list[tuple[Token, Token]]) -> bool:
    return len(same) == 1 and same[0][0][0].isspace()


def _pieces_of(hunk: Hunk) -> Iterator[Piece]:
    same, gone, new = hunk
    for (was, now), found in groupby(same, lambda pair: (pair[0][1], pair[1][1])):
        yield Piece(SAME, "".join(text for _was, (text, _now) in found), now, was if was != now else None)
    yield from _pieces(GONE, gone)
    yield from _pieces(NEW, new)


def _pieces(kind: str, found: list[Token]) -> Iterator[Piece]:
    for marks, group in groupby(found, lambda token: token[1]):
        yield Piece(kind, "".join(text for text, _marks in group), marks)
