"""The numbers that armed forces give their pictures, and what those say: service and day. Pure; it never guesses.

US forces: the VIRIN, YYMMDD-S-NNNNL-NNN until about 2011 and YYMMDD-S-LLNNN-NNNN since. British forces: a unit and a
day, as in DDC-20200324-87-094 and SCA-Official-20191001-815-0412.
"""

import re
from dataclasses import dataclass
from datetime import date

# The letter in a VIRIN. Others are in use and accepted; what they stand for is not said here.
SERVICES = {
    "A": "US Army",
    "D": "US Department of Defense",
    "F": "US Air Force",
    "G": "US Coast Guard",
    "M": "US Marine Corps",
    "N": "US Navy",
    "X": "US Space Force",
}
OLDEST_YEAR = 50  # two digits from here on are of the last century
_VIRIN = re.compile(
    r"(?<![A-Z0-9])(?P<day>[0-9]{6})[-_ ](?P<service>[A-Z])[-_ ](?P<who>[A-Z]{2}[0-9]{3}|[0-9]{4}[A-Z])[-_ ]"
    r"(?P<number>[0-9]{3,4})(?P<part>[A-Z])?(?![A-Z0-9]|-[0-9])"
)
_BRITISH = re.compile(
    r"(?<![A-Z0-9])(?:[A-Z0-9]{2,8}-OFFICIAL-(?P<official>[0-9]{8})-[0-9]{2,4}-[0-9]{3,5}"
    r"|[A-Z]{2,6}-(?P<plain>[0-9]{8})-[0-9]{2,4}-[0-9]{3,5})(?![A-Z0-9])"
)


@dataclass(frozen=True)
class Reference:
    """A picture's number as it is written in full, whose it is (empty: not known), and the day in it, if it is one."""

    number: str
    service: str = ""
    taken_on: date | None = None
    is_virin: bool = False


def find(text: str) -> Reference | None:
    """The first such number in a text or a file's name, with hyphens where the name has underscores or spaces."""
    upper = text.upper()
    if virin := _VIRIN.search(upper):
        number = "-".join(virin[name] for name in ("day", "service", "who", "number")) + (virin["part"] or "")
        return Reference(number, SERVICES.get(virin["service"], ""), _short_day(virin["day"]), is_virin=True)
    if british := _BRITISH.search(upper):
        day = british["official"] or british["plain"]
        number = text[british.start() : british.end()]
        return Reference(number, "Ministry of Defence", _day(int(day[:4]), day[4:]))
    return None


def _short_day(digits: str) -> date | None:
    """YYMMDD as a day."""
    year = int(digits[:2])
    return _day(year + (1900 if year >= OLDEST_YEAR else 2000), digits[2:])


def _day(year: int, month_and_day: str) -> date | None:
    try:
        return date(year, int(month_and_day[:2]), int(month_and_day[2:]))
    except ValueError:
        return None
