"""Two texts that began as one, put together: what only one of them changed is taken, what both changed is a clash.

A text is a sequence of elements: the top-level blocks of a canonical body, lines of a byline, uids. An element is never
cut in two. Nothing that either side wrote is dropped: it is in the result or in a clash.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .alignment import pairs

Element = TypeVar("Element")

# Two new elements in one place that share so much of their words are one paragraph that both wrote, not two.
ALIKE = 0.5
_WORD = re.compile(r"\w+")
# Rewritten stretches up to this many pairs are matched by likeness; in a longer one first goes with first.
_MATCHED = 400


@dataclass(frozen=True)
class Agreed(Generic[Element]):
    """Elements on which there is no quarrel."""

    elements: tuple[Element, ...]


@dataclass(frozen=True)
class Clash(Generic[Element]):
    """A place that both sides changed, each in its own way. An empty side has taken the place out."""

    base: tuple[Element, ...]
    mine: tuple[Element, ...]
    theirs: tuple[Element, ...]


@dataclass
class _Edits(Generic[Element]):
    """One side as changes of the base: what became of each element, what is new before each of them or at the end."""

    became: list[tuple[Element, ...]]
    new: list[list[Element]] = field(default_factory=list)


def merge(
    base: Sequence[Element], mine: Sequence[Element], theirs: Sequence[Element]
) -> list[Agreed[Element] | Clash[Element]]:
    """``mine`` and ``theirs`` put together over ``base``, in order. ``merge(b, x, b)`` and ``merge(b, b, x)`` are x."""
    ours, other = _edits(base, mine), _edits(base, theirs)
    found: list[Agreed[Element] | Clash[Element]] = []
    for place in range(len(base) + 1):
        found += _new_together(ours.new[place], other.new[place])
        if place < len(base):
            found.append(_one_place((base[place],), ours.became[place], other.became[place]))
    return [piece for piece in found if piece != Agreed(())]


def _one_place(base: tuple, mine: tuple, theirs: tuple) -> Agreed | Clash:
    if mine in (base, theirs):
        return Agreed(theirs)
    return Agreed(mine) if theirs == base else Clash(base, mine, theirs)


def _new_together(mine: list, theirs: list) -> Iterator[Agreed | Clash]:
    """Both have something new in one place: it all stays, theirs first, except where both wrote the same or alike."""
    at_mine = at_theirs = 0
    for theirs_next, mine_next in [*pairs(theirs, mine), (len(theirs), len(mine))]:
        yield from _kept_apart(mine[at_mine:mine_next], theirs[at_theirs:theirs_next])
        yield Agreed(tuple(mine[mine_next : mine_next + 1]))
        at_mine, at_theirs = mine_next + 1, theirs_next + 1


def _kept_apart(mine: list, theirs: list) -> Iterator[Agreed | Clash]:
    alike = _matched(theirs, mine)
    if any(_likeness(theirs[left], mine[right]) >= ALIKE for left, right in alike):
        yield Clash((), tuple(mine), tuple(theirs))
    else:
        yield Agreed((*theirs, *mine))


def _edits(base: Sequence[Element], side: Sequence[Element]) -> _Edits[Element]:
    edits: _Edits[Element] = _Edits([()] * len(base), [[] for _place in range(len(base) + 1)])
    at_base = at_side = 0
    for base_next, side_next in [*pairs(base, side), (len(base), len(side))]:
        _rewrite(edits, base, side, (at_base, base_next), (at_side, side_next))
        if base_next < len(base):
            edits.became[base_next] = (base[base_next],)
        at_base, at_side = base_next + 1, side_next + 1
    return edits


def _rewrite(edits: _Edits, base: Sequence, side: Sequence, of_base: tuple[int, int], of_side: tuple[int, int]) -> None:
    """Note what became of ``base[of_base]`` in ``side[of_side]``: which element each turned into, and what is new."""
    old, now = base[slice(*of_base)], side[slice(*of_side)]
    taken = 0
    for left, right in [*_matched(old, now), (len(old), len(now))]:
        edits.new[of_base[0] + left] += now[taken:right]
        if left < len(old):
            edits.became[of_base[0] + left] = (now[right],)
        taken = right + 1


def _matched(old: Sequence, now: Sequence) -> list[tuple[int, int]]:
    """Which element of ``now`` each of ``old`` turned into, in order, by the likeness of their words."""
    if len(old) * len(now) > _MATCHED:
        return [(at, at) for at in range(min(len(old), len(now)))]
    words = [[set(_WORD.findall(str(element))) for element in side] for side in (old, now)]
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}
    for left in range(len(old), -1, -1):
        for right in range(len(now), -1, -1):
            options: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
            if left < len(old):
                options.append(best[left + 1, right])
            if right < len(now):
                options.append(best[left, right + 1])
            if left < len(old) and right < len(now):
                score, chain = best[left + 1, right + 1]
                # A little for being next in line, so that what shares no word still goes first with first.
                alike = _shared(words[0][left], words[1][right])
                options.append((score + 0.01 + alike, [(left, right), *chain]))
            best[left, right] = max(options, key=lambda option: option[0])
    return best[0, 0][1]


def _likeness(one: object, other: object) -> float:
    """How many of their different words two elements share, from 0 to 1."""
    return _shared(set(_WORD.findall(str(one))), set(_WORD.findall(str(other))))


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
