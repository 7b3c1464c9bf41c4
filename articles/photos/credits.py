"""Credit lines as they are printed and what they say; it never changes the line that it was given."""

import re
from dataclasses import dataclass

SMALL_WORDS = frozenset({"a", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "via"})
# Words that are never written with one capital: who sends pictures, who takes them, and their ranks.
KEPT_WORDS = """
    AAP ABC AFP AP BBC BFBS CNN DPA EPA ITV PA REX SIPA TASS ZUMA
    DDC DOD DVIDS EU HM HMS IAEA IDF IRGC ISAF MOD NASA NATO NHS OGL RAAF RAF RAN RCAF RFA RLC RM RN RNZAF SAS SBS SHAPE
    UAE UK UN UNHCR US USA USAF USMC USN USS USSF
    AB CPO LCpl LPhot LS MSgt PO POPhot SAC SSgt WO II III IV
"""
FIXED_WORDS = {word.upper(): word for word in KEPT_WORDS.split()}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
APOSTROPHE = re.compile("(['’])")

LABEL = re.compile(
    r"(?:(?:cover|lead|file)\s)?(?:picture|photograph|photo|image|pic)s?"
    r"(?:(?:\s(?:credit|source|courtesy))?(?:\s(?:should\sread|to|of|by))?\s?[:,]"
    r"|\s(?:credit\s(?:to|should\sread)|courtesy\sof|by)\s)"
    r"|credit\s?:|courtesy\sof\s|by\s",
    re.IGNORECASE,
)
LICENCE = re.compile(
    r"[(\[]?\b(?P<found>CC0(?:\s1\.0)?|CC[ -]BY(?:-(?:NC|SA|ND))*(?:[ -][0-9]\.[0-9])?|public\sdomain"
    r"|(?:OGL|Open\sGovernment\sLicen[cs]e)(?:\sv?[0-9](?:\.[0-9])?)?)(?![\w-])[)\]]?",
    re.IGNORECASE,
)
PHOTOGRAPHER = re.compile(r"[\s,/]*\bphotographer\s?:\s*(?P<found>.+)$", re.IGNORECASE)
RELEASED = re.compile(r"[\s/(]*\bReleased\b\)?$", re.IGNORECASE)
YEAR = re.compile(r"(?<![\w-])(?P<found>1[89][0-9]{2}|20[0-9]{2})$")
COPYRIGHT_MARK = re.compile(
    r"^(?:©|\(c\)|copyright\s)\s*(?:(?P<year>1[89][0-9]{2}|20[0-9]{2})\b)?[\s,]*", re.IGNORECASE
)
HOLDER_PHOTO_BY = re.compile(r"^(?P<holder>.+?) photo(?: (?:by|courtesy of) (?P<photographer>.+))?$")
ASIDE = re.compile(r"\s\([^()]*\)$")
BETWEEN = re.compile(r"\s*,?\s+via\s+|\s*/\s*|\s*,\s+", re.IGNORECASE)
AGENCY = re.compile(
    r"\b(?:AAP|AFP|Agency|Alamy|Anadolu|AP|Associated Press|Avalon|Corbis|DPA|EPA|Getty|Images|PA|Press Association"
    r"|Reuters|REX|Shutterstock|SIPA|TASS|Xinhua|Zuma)\b",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:Air Force|Armed|Army|Command|Corps|Crown|Defen[cs]e|Department|Forces?|Government|Guard|Marines|Ministry"
    r"|MOD|NATO|Navy|RAF|Royal|Squadron|UK|UN|US|USA|USAF|U\.S)\b",
    re.IGNORECASE,
)
RANK = re.compile(
    r"(?:Capt|Captain|CPO|Corporal|Cpl|Flt Lt|Gunner|LA?\(?Phot\)?|LCpl|Leading|Lieutenant|Lt|Maj|Major|MC[123]"
    r"|Mass Communication Specialist|Petty Officer|PO|Private|Pte|SAC|Senior Airman|Sergeant|Sgt|Spc|SSgt"
    r"|Staff Sergeant|Staff Sgt|WO[12])\b",
    re.IGNORECASE,
)
LONGEST_READ = 500


@dataclass(frozen=True)
class Credit:
    """A credit line as given, and what it says. What it does not say is empty or None."""

    line: str
    photographer: str = ""
    holder: str = ""
    agency: str = ""
    year: int | None = None
    licence: str = ""


def printed(holder: str) -> str:
    """A holder in capitals as it is printed: US DEPARTMENT OF DEFENSE is US Department of Defense. Others stay."""
    return WORD.sub(_printed_word, holder) if holder.isupper() else holder


def _printed_word(found: re.Match[str]) -> str:
    word, before, after = found[0], found.string[: found.start()], found.string[found.end() :]
    if word in FIXED_WORDS or any(c.isdigit() for c in word):
        return FIXED_WORDS.get(word, word)
    if len(word) == 1 and (after.startswith(".") or before.endswith(".")):  # U.S. stays
        return word
    if word.lower() in SMALL_WORDS and before:
        return word.lower()
    head, *rest = APOSTROPHE.split(word, maxsplit=1)
    return head.capitalize() + "".join(part.capitalize() if len(head) == 1 else part.lower() for part in rest)


def split(line: str) -> Credit:
    """What a credit line says: "(Picture: PO Phot Jane Doe / Royal Navy)". A line too long to be one is kept unread."""
    if len(line) > LONGEST_READ:
        return Credit(line)
    text, licence = _take(LICENCE, _bare(line))
    label = LABEL.match(text)
    text, photographer = _take(PHOTOGRAPHER, _bare(text[label.end() :] if label else text))
    text, year = _take(YEAR, text)
    mark = COPYRIGHT_MARK.match(text)
    text, year = (_bare(text[mark.end() :]), year or mark["year"]) if mark else (text, year)
    person, holder, agency = _parties(text, is_by=label is not None and "by" in label[0].lower())
    return Credit(line, photographer or person, holder, agency, int(year) if year else None, licence)


def _bare(text: str) -> str:
    """The words without the brackets around them, the full stop behind them and the note that they were released."""
    text = RELEASED.sub("", " ".join(text.split()).strip(" .,;/"))
    if text[:1] + text[-1:] in ("()", "[]") and text.count(text[0]) == 1:
        return _bare(text[1:-1])
    return text[1:] if text.count("(") > text.count(")") and text.startswith("(") else text


def _take(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """The text without what the pattern finds in it, and what it found."""
    found = pattern.search(text)
    return (_bare(text[: found.start()] + text[found.end() :]), found["found"]) if found else (text, "")


def _parties(text: str, *, is_by: bool) -> tuple[str, str, str]:
    """Photographer, holder and agency. Behind a person stands who owns or sends the picture, as given."""
    if named := HOLDER_PHOTO_BY.match(text):
        return named["photographer"] or "", named["holder"], ""
    between = BETWEEN.search(text)
    first, rest = (text[: between.start()], text[between.end() :]) if between else (text, "")
    first = ASIDE.sub("", first)
    if _is_person(first) and (rest or is_by or RANK.match(first)):
        return first, *(("", rest) if AGENCY.search(rest) else (rest, ""))
    return "", *(("", text) if AGENCY.search(text) else (text, ""))


def _is_person(text: str) -> bool:
    return bool(RANK.match(text)) or (" " in text and not AGENCY.search(text) and not ORGANISATION.search(text))
