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
RELEASED = re.compile(r"[\s/(,.-]*\b(?:Not )?Released\b\)?\.?$", re.IGNORECASE)
YEAR = re.compile(r"(?<![\w-])(?P<found>1[89][0-9]{2}|20[0-9]{2})$")
COPYRIGHT_MARK = re.compile(
    r"^(?:©|\(c\)|copyright\s)\s*(?:(?P<year>1[89][0-9]{2}|20[0-9]{2})\b)?[\s,]*", re.IGNORECASE
)
HOLDER_PHOTO_BY = re.compile(r"^(?P<holder>.+?) photo(?: (?:by|courtesy of) (?P<photographer>.+))?$")
ASIDE = re.compile(r"\s\([^()]*\)$")
PARTED = re.compile(r"\s*[/,]\s*(?:via\s+)?|\s+via\s+|\s+[-–]\s+", re.IGNORECASE)
BETWEEN = re.compile(r"\s*,?\s+via\s+|\s*/\s*|\s*,\s+", re.IGNORECASE)
# Agencies as credit lines spell them, and the one name for each; the desk's own table goes before this one.
AGENCIES = {
    "AAP": r"AAP(?:\s?Images?)?|Australian Associated Press",
    "AFP": r"AFP|Agence France[- ]Presse",
    "Alamy": r"Alamy(?: (?:Stock Photo|Live News|Images))?",
    "Anadolu": r"Anadolu(?: Agency| Images)?",
    "AP": r"AP(?: (?:Photo|Images))?|Associated Press",
    "Avalon": r"Avalon(?:\.red)?",
    "Bloomberg": r"Bloomberg(?: News)?",
    "CNP": r"CNP",
    "Corbis": r"Corbis(?: News)?",
    "DPA": r"DPA|Picture Alliance",
    "EPA": r"EPA(?:[-/]EFE)?|European Pressphoto Agency",
    "Getty Images": r"Getty(?: Images)?(?: (?:Europe|News|AFP|Entertainment|Sport))?",
    "Imago": r"Imago(?: Images)?",
    "Kyodo": r"Kyodo(?: News)?",
    "Lehtikuva": r"Lehtikuva",
    "NurPhoto": r"NurPhoto",
    "PA": r"(?:PA|Press Association)(?: (?:Wire|Archive|Media|Photos?|Ima[a-z]*))*",
    "Reuters": r"Re(?:ut|tu)ers(?: (?:Pictures|Connect))?",
    "REX": r"REX(?: Features)?",
    "Shutterstock": r"Shutterstock(?: Editorial)?",
    "SIPA": r"SIPA(?: (?:USA|Press))?",
    "TASS": r"(?:ITAR-)?TASS",
    "Ukrinform": r"Ukrinform",
    "UPI": r"UPI",
    "Xinhua": r"Xinhua(?: News Agency)?",
    "Zuma": r"Zuma(?: (?:Press|Wire))?",
}
KNOWN = {name: re.compile(spelling, re.IGNORECASE) for name, spelling in AGENCIES.items()}
AGENCY = re.compile(r"\b(?:Agency|Images|Pictures|Press|Stock|Wire)\b", re.IGNORECASE)
# Neither a person nor a party: how the picture came.
NOBODY = re.compile(r"(?:stringer|pool|handout|courtesy|supplied|file)(?: photo)?", re.IGNORECASE)
# Holders that write themselves short where nothing else stands.
FULL_NAMES = {
    "USAF": "US Air Force",
    "USN": "US Navy",
    "USMC": "US Marine Corps",
    "USCG": "US Coast Guard",
    "USSF": "US Space Force",
}
IN_A_CAPTION = re.compile(
    r"\(\s*(?P<credit>(?:[^()]|\([^()]*\)){0,160}?\b(?:photos?|photographs?|pictures?|images?|courtesy)\b"
    r"(?:[^()]|\([^()]*\)){0,200}?)\s*\)?\s*(?:\(?\s*(?:Not )?Released\s*\)?)?\s*\.?\s*$",
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


def in_caption(caption: str) -> str:
    """The credit in brackets behind a caption, as US forces write it; nothing where there is none.

    "… (U.S. Navy photo by Seaman Jane Doe/Released)" gives "U.S. Navy photo by Seaman Jane Doe".
    """
    found = IN_A_CAPTION.search(" ".join(caption.split())[-LONGEST_READ:])
    return RELEASED.sub("", found["credit"]).strip(" ,;/") if found else ""


def _parties(text: str, *, is_by: bool) -> tuple[str, str, str]:
    """Photographer, holder and agency. Behind a person stands who owns or sends the picture, as given."""
    if named := HOLDER_PHOTO_BY.match(text):
        return named["photographer"] or "", _in_full(named["holder"]), ""
    between = BETWEEN.search(text)
    first, rest = (text[: between.start()], text[between.end() :]) if between else (text, "")
    first = ASIDE.sub("", first)
    if _is_person(first) and (rest or is_by or RANK.match(first)):
        agency = _agency(rest, _parts(rest))  # whoever stands behind the photographer sends the picture
        return first, *(("", agency) if agency else (rest, ""))
    agency = _agency(text, [part for part in _parts(text) if not _is_person(part)])
    return (_person_among(text), "", agency) if agency else ("", text, "")


def _in_full(holder: str) -> str:
    return FULL_NAMES.get(holder, holder)


def _agency(text: str, parts: list[str]) -> str:
    """The agency, by the one name for it; several that pass a picture on stay as they are written."""
    names = [_known(part) or part for part in parts]
    if not any(_known(part) or (AGENCY.search(part) and not ORGANISATION.search(part)) for part in parts):
        return ""
    return names[0] if len(set(names)) == 1 else _between(text, parts)


def _known(part: str) -> str:
    return next((name for name, spelling in KNOWN.items() if spelling.fullmatch(part)), "")


def _between(text: str, parts: list[str]) -> str:
    """The line from the first of the parties to the last."""
    return text[text.index(parts[0]) : text.rindex(parts[-1]) + len(parts[-1])]


def _person_among(text: str) -> str:
    """The photographer who does not stand first: “Pool/Jane Doe - Pool/CNP/Shutterstock”."""
    people = [ASIDE.sub("", part) for part in _parts(text) if _is_person(part)]
    return people[0] if len(people) == 1 else ""


def _parts(text: str) -> list[str]:
    """The parties of a line, in order, without those that are none."""
    parts = [part.strip(" .-") for part in PARTED.split(text)]
    return [part for part in parts if part and not NOBODY.fullmatch(part)]


def _is_person(text: str) -> bool:
    if _known(text.strip()):
        return False
    return bool(RANK.match(text)) or (" " in text and not AGENCY.search(text) and not ORGANISATION.search(text))
