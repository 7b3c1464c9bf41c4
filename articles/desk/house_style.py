"""The house style as data. The only writer of house rules.

A rule's text is compared word by word, “*” standing for any one word, so nobody can write one that takes long.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit, body
from articles.manuscript import Manuscript
from articles.models import Article, HouseRule, User

from . import roles
from .dates_said import PHRASES, meaning
from .findings import ERROR, WARNING, Finding

Kind = HouseRule.Kind
_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
_ACRONYM = re.compile(r"(?<![\w.-])[A-Z]{2,9}(?![\w-])")
_DOUBLED = re.compile(
    r"[$£€] ?\d[\d.,]{0,15}(?: (?:thousand|million|billion|trillion))? (?:dollars|pounds|euros)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Said:
    """What a rule has found: the words, and what is said about them."""

    words: str
    sentence: str
    level: str = WARNING


# --- Verbs ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def keep(rule: HouseRule, *, by: User) -> HouseRule:
    """Keep ``rule`` as it is now. Raises Refused, and ValidationError when it cannot be kept."""
    roles.require(by, "house_style")
    rule.text = " ".join(rule.text.split())
    is_new = rule.pk is None
    rule.changed_at, rule.changed_by = timezone.now(), by
    rule.full_clean()
    rule.save()
    audit.record("added" if is_new else "changed", rule, by=by, at=rule.changed_at, rule=rule.kind)
    return rule


# --- What others ask --------------------------------------------------------------------------------------------------


def check(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    """As desk.checks has it: what the house style says of the headline, the standfirst and the text.

    Relative dates are read as of the day that stands above the story.
    """
    rules = list(HouseRule.objects.active())
    on = date.fromisoformat(manuscript.dated_on) if manuscript.dated_on else timezone.localdate(at)
    texts = {
        "headline": manuscript.headline,
        "standfirst": manuscript.standfirst,
        "body": body.plain_text(manuscript.body),
    }
    for field, text in texts.items():
        for said in look(text, rules, on=on, is_text=field == "body"):
            yield Finding(said.level, field, said.sentence)


def look(text: str, rules: Iterable[HouseRule], *, on: date, is_text: bool = True) -> list[Said]:
    """What ``rules`` find in ``text``, which is to be read on that day, each thing once.

    Abbreviations and ranks are written out in the text only: a headline has no room for that.
    """
    by_kind: dict[str, list[HouseRule]] = {kind: [] for kind in Kind.values}
    for rule in rules:
        by_kind[rule.kind].append(rule)
    found = [*_wordings(text, by_kind[Kind.WORDING]), *_dates(text, by_kind[Kind.RELATIVE_DATE], on), *_doubled(text)]
    if is_text:
        found += [*_acronyms(text, by_kind[Kind.ACRONYM]), *_ranks(text, by_kind[Kind.RANK])]
    return list({said.sentence: said for said in found}.values())


# --- How ------------------------------------------------------------------------------------------------------------


def _wordings(text: str, rules: list[HouseRule]) -> Iterator[Said]:
    for rule in rules:
        for words in _matches(text, rule.text):
            yield Said(words, _advice(words, rule), _level(rule))


def _dates(text: str, rules: list[HouseRule], on: date) -> Iterator[Said]:
    """Only what a rule asks for, and with the day that it means where that can be worked out."""
    for rule in rules:
        phrase = rule.text.casefold()
        for words in _matches(text, rule.text):
            day = meaning(phrase, on) if phrase in PHRASES else ""
            told = _("“%(words)s” will be wrong for later readers.") % {"words": words}
            if day:
                told += " " + _("If it is read on %(on)s it means %(day)s.") % {
                    "on": f"{on.day} {on:%B %Y}",
                    "day": day,
                }
            yield Said(words, told, _level(rule))


def _doubled(text: str) -> Iterator[Said]:
    for match in _DOUBLED.finditer(text):
        told = _("“%(words)s” names the currency twice. Leave out the word or the sign.")
        yield Said(match[0], told % {"words": match[0]})


def _acronyms(text: str, rules: list[HouseRule]) -> Iterator[Said]:
    """An abbreviation that is not known to everybody is written out where it stands first."""
    known = {rule.text.casefold(): rule for rule in rules}
    first: dict[str, int] = {}
    for match in _ACRONYM.finditer(text):
        first.setdefault(match[0], match.start())
    for acronym, start in first.items():
        rule = known.get(acronym.casefold())
        is_explained = text[max(0, start - 1) : start] == "(" or (
            rule and rule.expansion and rule.expansion in text[:start]
        )
        if is_explained or (rule and not rule.expansion):
            continue
        told = _("“%(words)s” is not written out where it stands first.") % {"words": acronym}
        if rule:
            told += " " + _("Write “%(full)s (%(words)s)”.") % {"full": rule.expansion, "words": acronym}
        yield Said(acronym, told, _level(rule) if rule else WARNING)


def _ranks(text: str, rules: list[HouseRule]) -> Iterator[Said]:
    """A rank stands in full where its holder is named first, and not only later."""
    for rule in rules:
        for words in list(_matches(text, rule.text))[:1]:
            if rule.expansion:
                told = _("“%(words)s” is written out at first mention: “%(full)s”.")
                yield Said(words, told % {"words": words, "full": rule.expansion}, _level(rule))
        for title in filter(None, (rule.text, rule.expansion)):
            yield from _named_before(text, title, rule)


def _named_before(text: str, title: str, rule: HouseRule) -> Iterator[Said]:
    """Names that stand in the text before the place where they get their rank."""
    for match in re.finditer(rf"\b{re.escape(title)} ((?:[A-Z][\w’'-]{{1,30}} ){{0,2}}[A-Z][\w’'-]{{1,30}})", text):
        surname = match[1].split()[-1]
        earlier = re.search(rf"\b{re.escape(surname)}\b", text[: match.start()])
        if earlier:
            told = _("%(name)s is named before the rank %(rank)s is given. Give it at first mention.")
            yield Said(surname, told % {"name": surname, "rank": title}, _level(rule))
            return


def _matches(text: str, pattern: str) -> Iterator[str]:
    """The places where the words of ``pattern`` stand in ``text`` one after the other, as they are written there."""
    wanted = [word.casefold() for word in pattern.split()]
    folded = text.casefold()
    if any(want not in folded for want in wanted if want != "*"):
        return  # most rules, and that is seen a hundred times sooner than by going through the words
    found = list(_WORD.finditer(text))
    for start in range(len(found) - len(wanted) + 1 if wanted else 0):
        here = found[start : start + len(wanted)]
        if all(want in ("*", word[0].casefold()) for want, word in zip(wanted, here, strict=True)):
            yield text[here[0].start() : here[-1].end()]


def _advice(words: str, rule: HouseRule) -> str:
    told = [f"“{words}”: {rule.advice}" if rule.advice else _("“%(words)s” is not our style.") % {"words": words}]
    if rule.expansion:
        told.append(_("Write “%(instead)s”.") % {"instead": rule.expansion})
    return " ".join(told)


def _level(rule: HouseRule) -> str:
    return ERROR if rule.level == HouseRule.Level.ERROR else WARNING
