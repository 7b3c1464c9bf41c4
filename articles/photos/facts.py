"""Which facts hold of a picture and who says so: a person before the file's name, the name before the file. Pure.

Facts are {field: {value, source}}; who says otherwise of the same field stands in its "others", [{value, source}].
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from . import credits, metadata, references
from .filenames import Filename

DESK, FILE_NAME, CREDIT_LINE, CAPTION, VIRIN = "desk", "file name", "credit line", "caption", "VIRIN"
# What we read ourselves is made to fit its column; what a person says is checked.
READ = frozenset({FILE_NAME, CREDIT_LINE, CAPTION, VIRIN, *metadata.SOURCES})

Said = tuple[str, Any, str]  # field, value, source
Facts = dict[str, dict[str, Any]]


def gather(given: Iterable[Said], name: Filename, stated: Mapping[str, list[dict[str, str]]]) -> Facts:
    """All that is said, in the order of trust: by a person, the file's name, the file (metadata.read's answer)."""
    facts: Facts = {}
    for field, value, source in (*given, *_of_name(name), *_of_file(stated), ("title", name.description, FILE_NAME)):
        add(facts, field, value, source)
    _question_virin(facts)
    for field, value in of_credit(facts["credit"]["value"] if "credit" in facts else "").items():
        if value:
            facts.setdefault(field, {"value": value, "source": CREDIT_LINE})
    return facts


def add(facts: Facts, field: str, value: Any, source: str) -> None:
    """Note what one source says of a field, behind what is there already. An empty value says nothing."""
    if value in (None, ""):
        return
    fact = {"value": value.isoformat() if isinstance(value, date) else value, "source": source}
    first = facts.setdefault(field, fact)
    if first["value"] != fact["value"]:
        first.setdefault("others", []).append(fact)


def instead(fact: dict[str, Any] | None, value: Any, source: str) -> dict[str, Any]:
    """The fact that says ``value`` from now on; what was said before stands in its others, the latest first."""
    told = {"value": value, "source": source}
    if not fact or fact["value"] in ("", None):
        return told
    before = [{"value": fact["value"], "source": fact["source"]}, *fact.get("others", [])]
    others = [other for other in before if other["value"] != value and other["source"] != DESK]
    return told | ({"others": others} if others else {})


def of_credit(line: str) -> dict[str, Any]:
    """What a credit line says of other fields, by the names of Image's columns."""
    read = credits.split(line)
    return {"photographer": read.photographer, "holder": read.holder, "agency": read.agency, "credit_year": read.year}


def _of_name(name: Filename) -> Iterator[Said]:
    follows_the_convention, number = bool(name.credit), references.find(name.description)
    yield "title", name.description if follows_the_convention else "", FILE_NAME
    yield "taken_on", None if number else name.taken_on, FILE_NAME
    yield "credit", credits.printed(name.credit), FILE_NAME
    yield "virin", number.number if number else "", FILE_NAME
    yield "problems", " ".join(name.problems), FILE_NAME


def _question_virin(facts: Facts) -> None:
    """Such a number has a day in it: where that is another than the picture's, somebody has to look."""
    number = references.find(facts["virin"]["value"]) if "virin" in facts else None
    if number and number.taken_on:
        add(facts, "taken_on", number.taken_on, VIRIN)
    if number and number.service:
        add(facts, "service", number.service, VIRIN)


def _of_file(stated: Mapping[str, list[dict[str, str]]]) -> Iterator[Said]:
    """A headline is a better description than an object name, which is often a number: that one comes last of all.

    US forces put the unit where the credit belongs, and the credit in brackets behind the caption.
    """
    for fact in stated.get("headline", []):
        yield "title", fact["value"], fact["source"]
    if stated.get("virin"):
        for fact in stated.get("caption", []):
            yield "credit", credits.in_caption(fact["value"]), CAPTION
    for field, found in stated.items():
        for fact in found:
            yield "object_name" if field == "title" else field, fact["value"], fact["source"]
