"""Two versions of a story put together over the one they both began from, field by field and paragraph by paragraph."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from articles.body.merging import Agreed
from articles.body.merging import Clash as BodyClash
from articles.body.merging import merge as merge_sequences
from articles.manuscript import Manuscript

MINE, THEIRS, BOTH = "mine", "theirs", "both"
_SETS = ("tags",)
_SEQUENCES = ("bylines", "related")
_FIELDS = tuple(field.name for field in fields(Manuscript))


@dataclass(frozen=True)
class Clash:
    """What both sides changed, each in its own way: a whole field, or one place in the body.

    ``key`` names it among the clashes of one merge: the field, or ``body:`` and a number. The sides are values of the
    field; of the body they are canonical HTML, and empty where that side took the paragraph out.
    """

    key: str
    field: str
    base: Any
    mine: Any
    theirs: Any


class ChoiceWanted(ValueError):
    """A clash is left open, or what was chosen for it is no choice."""

    def __init__(self, clash: Clash):
        self.clash = clash
        super().__init__(clash.key)


@dataclass(frozen=True)
class Merge:
    """Two versions put together. ``plain`` has mine where only I changed something, theirs where there is a clash."""

    plain: Manuscript
    clashes: tuple[Clash, ...]
    pieces: tuple[Agreed | Clash, ...]  # the body in order

    def settled(self, choices: Mapping[str, str]) -> Manuscript:
        """The story with ``choices`` made: for each clash's key “mine”, “theirs”, or in the body “both”.

        Raises ChoiceWanted for a clash that is left open.
        """
        chosen = {clash.key: _chosen(clash, choices.get(clash.key, "")) for clash in self.clashes}
        values = {clash.field: chosen[clash.key] for clash in self.clashes if clash.field != "body"}
        parts = ["\n".join(piece.elements) if isinstance(piece, Agreed) else chosen[piece.key] for piece in self.pieces]
        return replace(self.plain, **values, body="\n".join(filter(None, parts)))


def merge(base: Manuscript, mine: Manuscript, theirs: Manuscript) -> Merge:
    """``mine`` and ``theirs``, which both began as ``base``. All three in their normal form."""
    values: dict[str, Any] = {}
    clashes: list[Clash] = []
    for name in _FIELDS:
        if name == "body":
            continue
        values[name], clashing = _merged(*(getattr(side, name) for side in (base, mine, theirs)), field=name)
        if clashing:
            clashes.append(Clash(name, name, *(getattr(side, name) for side in (base, mine, theirs))))
    pieces = _body(base.body, mine.body, theirs.body)
    in_body = [piece for piece in pieces if isinstance(piece, Clash)]
    plain = "\n".join("\n".join(p.elements) if isinstance(p, Agreed) else p.theirs for p in pieces if _has_words(p))
    return Merge(Manuscript(**values, body=plain), (*clashes, *in_body), pieces)


def changed(before: Manuscript, after: Manuscript) -> frozenset[str]:
    """The names of the fields in which the two differ."""
    return frozenset(name for name in _FIELDS if getattr(before, name) != getattr(after, name))


def _merged(base: Any, mine: Any, theirs: Any, *, field: str) -> tuple[Any, bool]:
    """The value of a field, and whether both sides changed it in different ways; theirs stands then."""
    if mine in (base, theirs):
        return theirs, False
    if theirs == base:
        return mine, False
    if field in _SETS:
        return tuple(sorted((set(mine) | set(theirs)) - (set(base) - set(mine)) - (set(base) - set(theirs)))), False
    if field in _SEQUENCES:
        pieces = merge_sequences(base, mine, theirs)
        agreed = [piece.elements for piece in pieces if isinstance(piece, Agreed)]
        if len(agreed) == len(pieces):
            return tuple(dict.fromkeys(element for elements in agreed for element in elements)), False
    return theirs, True


def _body(base: str, mine: str, theirs: str) -> tuple[Agreed | Clash, ...]:
    pieces = merge_sequences(*(side.split("\n") if side else [] for side in (base, mine, theirs)))
    return tuple(
        _numbered(piece, number) if isinstance(piece, BodyClash) else piece for number, piece in enumerate(pieces)
    )


def _numbered(clash: BodyClash, number: int) -> Clash:
    return Clash(f"body:{number}", "body", *("\n".join(side) for side in (clash.base, clash.mine, clash.theirs)))


def _has_words(piece: Agreed | Clash) -> bool:
    return isinstance(piece, Agreed) or bool(piece.theirs)


def _chosen(clash: Clash, choice: str) -> Any:
    if choice == MINE:
        return clash.mine
    if choice == THEIRS:
        return clash.theirs
    if choice == BOTH and clash.field == "body":
        return "\n".join(filter(None, [clash.theirs, clash.mine]))
    raise ChoiceWanted(clash)
