"""Finds what may give a position, a person or a plan away: for the eyes of a security reviewer, who judges.

It would rather show too much. Knows no database. Every pattern is bounded, so that no text takes long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = (
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH} \d{{1,2}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:today|tonight|tomorrow)\b"
    r"|\b(?:next|this|coming) (?:week|month|weekend|morning|evening)\b|\b\d{6}[A-Z] ?(?:[A-Z]{3})? ?\d{0,4}\b)"
)
_MOVES = (
    r"\b(?:deploy|sail|depart|leav|left|arriv|fl(?:y|ies|ew|own)|mov|withdr|embark|convoy|redeploy|transit|cross|land|return"
    r"|rotat|relocat)[a-z]{0,6}\b"
)

# What is looked for, and how. What an earlier one has found, a later one does not find again.
_PATTERNS = (
    ("e-mail address", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"),
    (
        "MGRS position",
        r"\b\d{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?(?:\d{5} ?\d{5}|\d{4} ?\d{4}|\d{3} ?\d{3}|\d{2} ?\d{2})\b",
    ),
    ("latitude and longitude", r"[-+]?\b\d{1,2}\.\d{3,8}°? ?[NS]?,? {0,2}[-+]?\d{1,3}\.\d{3,8}°? ?[EW]?\b"),
    ("latitude and longitude", r"\b\d{1,3}° ?\d{1,2}(?:\.\d{1,4})?['′’] ?(?:\d{1,2}(?:\.\d{1,3})?[\"″”] ?)?[NSEW]\b"),
    ("latitude and longitude", r"\b\d{4,6}[NS] ?\d{5,7}[EW]\b"),
    ("service number", r"\b(?:service|regimental|army|personnel) (?:number|no\.?):? ?[A-Z]?\d{5,8}[A-Z]?\b"),
    ("service number", r"\b[23]\d{7}\b|\b[A-Z]\d{7}[A-Z]?\b|\b\d{3}-\d{2}-\d{4}\b"),
    ("phone number", r"(?<![\w.])\+?\d(?:[ ().-]{0,2}\d){9,14}\b"),
    ("call sign", r"\bcall ?sign[s:]? [\"“‘']?[\w-]{2,20}(?: ?\d{1,4})?"),
    ("call sign", r"\b[A-Z]{4,12} ?\d{2,4}\b"),
)
_FOUND = [(kind, re.compile(pattern, 0 if "A-Z]" in pattern else re.IGNORECASE)) for kind, pattern in _PATTERNS]
_SENTENCE = re.compile(r"[^.!?\n]{1,600}")
_MOVEMENT, _DATED = re.compile(_MOVES, re.IGNORECASE), re.compile(_DAY, re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """What was found: its kind, the words, and where they begin and end in the text."""

    kind: str
    words: str
    start: int
    end: int


def scan(text: str) -> list[Hit]:
    """All that a reviewer should look at in ``text``, in its order."""
    hits: list[Hit] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            if not any(match.start() < hit.end and hit.start < match.end() for hit in hits):
                hits.append(Hit(kind, match[0].strip(), match.start(), match.end()))
    return sorted([*hits, *_movements(text)], key=lambda hit: (hit.start, hit.end))


def _movements(text: str) -> Iterator[Hit]:
    """Sentences in which something moves on a day that is named."""
    for match in _SENTENCE.finditer(text):
        if _MOVEMENT.search(match[0]) and _DATED.search(match[0]):
            yield Hit("dated movement", match[0].strip(), match.start(), match.end())
