"""A text in words, spaces and single signs, in every script."""

import re
import unicodedata
from itertools import groupby


def _combining() -> str:
    """The signs that belong to the letter before them (accents, vowel signs), as ranges of a character class."""
    codes = (code for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
    ranges = [[code for _place, code in group] for _key, group in groupby(enumerate(codes), lambda p: p[1] - p[0])]
    return "".join(f"{chr(found[0])}-{chr(found[-1])}" for found in ranges)


_LETTERS = rf"[\w{_combining()}]+"
WORD = re.compile(rf"{_LETTERS}(?:[-'’.,]{_LETTERS})*")
_TOKEN = re.compile(rf"{WORD.pattern}|\s+|.")


def tokens(text: str) -> list[str]:
    """``text`` in pieces that cannot be divided; joined they are the text again."""
    return _TOKEN.findall(text)
