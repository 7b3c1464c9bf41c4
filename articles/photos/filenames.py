"""What a picture's file name says, by the newsroom's convention; it never guesses and never opens the file.

The convention is ``<description> <DDMMYY or DDMMYYYY> CREDIT <HOLDER>``, in any case, with any or no extension. Besides
it a name may end in the credit as captions have it, "(Picture: MOD)", and may hold a number of the armed forces, in
which there is a day (see references).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from . import references

FIRST_PHOTOGRAPH = date(1826, 1, 1)
EXTENSION = re.compile(r"\.[A-Za-z0-9]{2,5}$")
DAY_AND_CREDIT = re.compile(r"(?:^| )([0-9]{8}|[0-9]{6}) CREDIT(?= |$)", re.IGNORECASE)
CREDIT_ALONE = re.compile(r" CREDIT ", re.IGNORECASE)
AS_IN_A_CAPTION = re.compile(r" ?\((?:Picture|Photo|Image|Credit)s?: ?([^()]+)\)\.?$", re.IGNORECASE)
NUMBERED_COPY = re.compile(r" ?\([0-9]{1,3}\)$")
ROOTED = re.compile(r"(?:[A-Za-z]:|file:|~|\.{1,2})?/")
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Filename:
    """The facts in a name. ``extension`` has its dot and is lower case; what the name does not say is empty or None."""

    description: str
    taken_on: date | None = None
    credit: str = ""
    problems: tuple[str, ...] = ()
    extension: str = ""


def read(name: str, *, today: date | None = None) -> Filename:
    """Read a name; ``today`` (a day, default: now) decides that nothing was taken in the future."""
    stem, extension = _without_extension(_last_part(_cleaned(name)))
    spaced = stem if " " in stem else stem.replace("_", " ").strip()
    *_before, found = (None, *DAY_AND_CREDIT.finditer(spaced))
    if not found or not spaced[found.end() :].strip():
        return _outside(stem, spaced, extension)
    description, credit = spaced[: found.start()].strip(), _holder(spaced[found.end() :])
    taken_on = _day(found[1], today=today or datetime.now(UTC).date())
    if taken_on:
        return Filename(description, taken_on, credit, extension=extension)
    problem = f"“{found[1]}” in the file name is not a day on which a picture can have been taken: enter the right day."
    return Filename(f"{description} {found[1]}".strip(), None, credit, (problem,), extension)


def _outside(stem: str, spaced: str, extension: str) -> Filename:
    """A name outside the convention: its credit in a bracket and the day in its number, if it has them."""
    bracket, number = AS_IN_A_CAPTION.search(stem), references.find(stem)
    return Filename(
        description=stem[: bracket.start()].strip() if bracket and bracket.start() else stem,
        taken_on=number.taken_on if number else None,
        credit=_holder(bracket[1]) if bracket and bracket.start() else "",
        problems=_missing(spaced),
        extension=extension,
    )


def _cleaned(name: str) -> str:
    """The name in NFC with single spaces and without control characters, half characters and direction marks."""
    spaced = " ".join(unicodedata.normalize("NFC", name).split())
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs") and c not in DIRECTION_MARKS)


def _last_part(name: str) -> str:
    """The name without its folders. A slash in a description ("Army/Navy match") is no folder: a path has a root."""
    name = name.rstrip("/\\").rpartition("\\")[2]
    return name.rpartition("/")[2] if ROOTED.match(name) else name


def _without_extension(name: str) -> tuple[str, str]:
    found = EXTENSION.search(name)
    return (name[: found.start()].strip(), found[0].lower()) if found and found.start() else (name.strip(), "")


def _missing(stem: str) -> tuple[str, ...]:
    """Half of the convention gives no facts, but the desk should hear that a credit was meant."""
    if CREDIT_ALONE.search(f"{stem} "):
        return ("The file name says CREDIT, but not “<day as DDMMYY> CREDIT <holder>”: enter day and credit yourself.",)
    return ()


def _holder(text: str) -> str:
    holder = NUMBERED_COPY.sub("", text.strip()).rstrip(" ,;")
    return holder[:-1] if holder.endswith(".") and holder.count(".") == 1 else holder


def _day(digits: str, *, today: date) -> date | None:
    """DDMMYY or DDMMYYYY as a day. Two digits of a year mean this century unless that has not come yet."""
    tomorrow = today + timedelta(days=1)  # somewhere it is tomorrow already
    for year in [digits[4:]] if len(digits) == 8 else ["20" + digits[4:], "19" + digits[4:]]:
        try:
            day = date(int(year), int(digits[2:4]), int(digits[:2]))
        except ValueError:
            continue
        if FIRST_PHOTOGRAPH <= day <= tomorrow:
            return day
    return None
