"""A block as it is compared, and how much of one block is in another."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from .allowlist import INLINE
from .inline import Run, runs
from .tree import Element, parse
from .words import WORD

# How much two blocks must share to be one block that was rewritten. Of a few words, letters say more than words.
ALIKE = 0.45
FEW = 4
LETTERS_ALLOWED = 20_000  # comparisons by letters within one comparison of two bodies

# Blocks of one family can become each other: a paragraph a heading, a numbered list a plain one.
_FAMILIES = {"h2": "p", "h3": "p", "ol": "ul", "th": "td"}
# What a block is, whatever its words: another picture is another figure, another address another embed.
_IDENTITY = ("data-image", "data-url")
_PLAIN_TEXT = re.compile(r"<(p|h2|h3)>([^<&]*)</\1>")


@dataclass(frozen=True)
class Node:
    """A block: its inline text, its attributes, and the blocks inside it."""

    tag: str
    facts: tuple[tuple[str, str], ...] = ()
    runs: tuple[Run, ...] = ()
    nodes: tuple["Node", ...] = ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, those of its attributes, and those of everything in it."""
        own = WORD.findall(" ".join([self.text, *(value for _name, value in self.facts)]))
        return frozenset(own).union(*(node.words for node in self.nodes))

    @cached_property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @cached_property
    def identity(self) -> str:
        return next((value for name, value in self.facts if name in _IDENTITY), "")

    @cached_property
    def family(self) -> tuple[str, str]:
        return _FAMILIES.get(self.tag, self.tag), dict(self.facts).get("data-kind", "")


def read(line: str) -> Node:
    """The block in one line of a canonical body."""
    if plain := _PLAIN_TEXT.fullmatch(line):
        return Node(plain[1], runs=(Run(plain[2]),))
    found = parse(line)
    element = next((node for node in found if isinstance(node, Element)), None)
    return _node(element or Element("p", children=found))


def _node(element: Element) -> Node:
    inline = [child for child in element.children if isinstance(child, str) or child.tag in INLINE]
    inside = [child for child in element.children if isinstance(child, Element) and child.tag not in INLINE]
    return Node(element.tag, tuple(element.attrs.items()), tuple(runs(inline)), tuple(map(_node, inside)))


class Likeness:
    """Judges pairs of blocks, and keeps count of the costly judgements."""

    def __init__(self) -> None:
        self.letters_left = LETTERS_ALLOWED

    def best(self, one: Node, others: list[Node]) -> int | None:
        """The place of the one of ``others`` that is most like ``one``, if any is enough."""
        found = [self.of(one, other) for other in others]
        best = max(range(len(others)), key=found.__getitem__, default=None)
        return best if best is not None and found[best] >= ALIKE else None

    def of(self, old: Node, new: Node) -> float:
        """How much of ``old`` is in ``new``, from 0 (another block) to 1."""
        if old.family != new.family or old.identity != new.identity:
            return 0.0
        if old.identity:
            return 1.0
        shared = 2 * len(old.words & new.words) / (len(old.words) + len(new.words) or 1)
        few = max(len(old.words), len(new.words)) <= FEW and old.text and new.text and self.letters_left > 0
        return max(shared, self._by_letters(old.text, new.text)) if few and shared < ALIKE else shared

    def _by_letters(self, old: str, new: str) -> float:
        self.letters_left -= 1
        return SequenceMatcher(None, old[:100], new[:100], autojunk=False).ratio()
