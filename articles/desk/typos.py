"""Is a change of a live story no more than a typo? Readers are not told of one, so it may touch no number and no name.

Knows no database. Texts come as {what it is called: its words}, such as {"headline": "Base handed over"}.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_CHARACTERS = 20
ALIKE = 0.75

_TOKEN = re.compile(r"\w+(?:[’'\-.,]\w+)*|[^\w\s]")
_SAID = (
    "no none zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand"
    " thousands million millions billion billions trillion dozen dozens half third quarter first second once twice"
    " double triple not never"
)
_NUMBER_WORDS = frozenset(_SAID.split())
_COMMON = (
    "a an the this that these those it its he she they we you i in on at by for from with and but or as if when while"
)
_PLAIN = frozenset(_COMMON.split())
_ENDS = frozenset('.!?:“"')


@dataclass(frozen=True)
class Fault:
    """Why a change is more than a typo: in which text, "number", "name" or "length", and the words it touches."""

    where: str
    why: str
    words: str


@dataclass(frozen=True)
class _Word:
    text: str
    begins: bool  # it stands at the beginning of a sentence, where every word has a capital

    @property
    def is_number(self) -> bool:
        return any(c.isdigit() for c in self.text) or self.text.casefold() in _NUMBER_WORDS

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() and not (self.begins and not self.text[1:].isupper())


def fault(before: Mapping[str, str], after: Mapping[str, str]) -> Fault | None:
    """The first reason why the change from ``before`` to ``after`` is more than a typo, or None."""
    changed = 0
    for name in dict.fromkeys([*before, *after]):
        for removed, added in _changes(before.get(name, ""), after.get(name, "")):
            touched = [*removed, *added]
            said = " ".join(word.text for word in touched)
            if any(word.is_number for word in touched):
                return Fault(name, "number", said)
            if any(word.is_name for word in touched) or _is_another_name(removed, added):
                return Fault(name, "name", said)
            changed += _characters(removed, added)
            if changed > MOST_CHARACTERS:
                return Fault(name, "length", said)
    return None


def _is_another_name(removed: list[_Word], added: list[_Word]) -> bool:
    """At the beginning of a sentence every word has a capital: one that became quite another may have been a name."""
    for one, others in ((removed, added), (added, removed)):
        for word in one:
            is_plain = word.text.casefold() in _PLAIN or not word.text[0].isupper()
            if others and word.begins and not is_plain and not any(_alike(word.text, other.text) for other in others):
                return True
    return False


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio() >= ALIKE


def _changes(before: str, after: str) -> Iterator[tuple[list[_Word], list[_Word]]]:
    """The words that went and those that came in their place, line by line: the rest of a long text costs nothing."""
    if before == after:
        return
    old, new = before.split("\n"), after.split("\n")
    for tag, i, j, k, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _word_changes(_words("\n".join(old[i:j])), _words("\n".join(new[k:end])))


def _word_changes(old: list[_Word], new: list[_Word]) -> Iterator[tuple[list[_Word], list[_Word]]]:
    before, after = ([word.text for word in words] for words in (old, new))
    for tag, i, j, k, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield old[i:j], new[k:end]


def _words(text: str) -> list[_Word]:
    words, begins = [], True
    for line in text.split("\n"):
        begins = True
        for token in _TOKEN.findall(line):
            words.append(_Word(token, begins))
            begins = token in _ENDS or (begins and not token[0].isalnum())
    return words


def _characters(removed: list[_Word], added: list[_Word]) -> int:
    """How many characters went or came, in the words that were touched."""
    old, new = (" ".join(word.text for word in words) for words in (removed, added))
    same = sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
    return max(len(old), len(new)) - same
