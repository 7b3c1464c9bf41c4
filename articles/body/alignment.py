"""What two sequences have in common, in order: words of two paragraphs, paragraphs of two bodies. Never slow.

Each step takes what both ends share, then what stands exactly once on both sides, then looks between those anchors.
A stretch without anchors goes into a table, as long as the effort lasts; beyond it nothing in that stretch counts as
common. So an unlucky or hostile pair of texts shows more changes than there are, and takes no longer.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

EFFORT = 4_000_000  # places looked at; about a second on a slow machine

Pair = tuple[int, int]
Stretch = tuple[int, int, int, int]  # old from, old until, new from, new until


def pairs(old: Sequence[Hashable], new: Sequence[Hashable], *, effort: float = EFFORT) -> list[Pair]:
    """Positions, in ``old`` and in ``new``, of what both have; rising on both sides."""
    found: list[Pair] = []
    stretches: list[Stretch] = [(0, len(old), 0, len(new))]
    while stretches:
        stretch = _without_ends(old, new, stretches.pop(), found)
        a, b, c, d = stretch
        if a == b or c == d or effort < 0:
            continue
        effort -= b - a + d - c
        anchors = _anchors(old, new, stretch)
        if anchors:
            found += anchors
            stretches += _between(anchors, stretch)
        elif (cells := (b - a) * (d - c)) <= effort:
            effort -= cells
            found += _by_table(old, new, stretch)
    return sorted(found)


def _without_ends(old, new, stretch: Stretch, found: list[Pair]) -> Stretch:
    """What is left of ``stretch`` without the beginning and the end that both sides share."""
    a, b, c, d = stretch
    while a < b and c < d and old[a] == new[c]:
        found.append((a, c))
        a, c = a + 1, c + 1
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
        found.append((b, d))
    return a, b, c, d


def _anchors(old, new, stretch: Stretch) -> list[Pair]:
    a, b, c, d = stretch
    in_old, in_new = Counter(old[a:b]), Counter(new[c:d])
    where = {item: j for j, item in enumerate(new[c:d], c) if in_new[item] == 1}
    return _rising([(i, where[item]) for i, item in enumerate(old[a:b], a) if in_old[item] == 1 and item in where])


def _rising(candidates: list[Pair]) -> list[Pair]:
    """The longest chain of ``candidates`` (which rise in old) that rises in new too."""
    ends: list[int] = []  # the smallest end of a chain of each length, and below which candidate that is
    last: list[int] = []
    before: list[int] = []
    for number, (_i, j) in enumerate(candidates):
        length = bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [number]
    rising: list[Pair] = []
    number = last[-1] if last else -1
    while number >= 0:
        rising.append(candidates[number])
        number = before[number]
    return rising[::-1]


def _between(anchors: list[Pair], stretch: Stretch) -> Iterator[Stretch]:
    a, b, c, d = stretch
    for i, j in [*anchors, (b, d)]:
        if a < i and c < j:
            yield a, i, c, j
        a, c = i + 1, j + 1


def _by_table(old, new, stretch: Stretch) -> Iterator[Pair]:
    """The longest common subsequence, by a table of how much is still to be had from each place on."""
    a, b, c, d = stretch
    table = [[0] * (d - c + 1)]
    for i in range(b - 1, a - 1, -1):
        below, row = table[-1], [0]
        for j in range(d - 1, c - 1, -1):
            row.append(below[d - j - 1] + 1 if old[i] == new[j] else max(below[d - j], row[-1]))
        table.append(row)
    while a < b and c < d:
        if old[a] == new[c]:
            yield a, c
            a, c = a + 1, c + 1
        elif table[b - a - 1][d - c] >= table[b - a][d - c - 1]:
            a += 1
        else:
            c += 1
