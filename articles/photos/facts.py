"""Which facts hold of a picture and who says so: a person before the file's name, the name before the file. Pure.

Facts are {field: {value, source}}; who says otherwise of the same field stands in its "others", [{value, source}].
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from . import credits, metadata
from .filenames import Filename

DESK, FILE_NAME, CREDIT_LINE = "desk", "file name", "credit line"
# What we read ourselves is made to fit its column; what a person says is checked.
READ = frozenset({FILE_NAME, CREDIT_LINE, *metadata.SOURCES})

Said = tuple[str, Any, str]  # field, value, source
Facts = dict[str, dict[str, Any]]


def gather(given: Iterable[Said], name: Filename, stated: Mapping[str, list[dict[str, str]]]) -> Facts:
    """All that is said, in the order of trust: by a person, the file's name, the file (metadata.read's answer)."""
    facts: Facts = {}
    for field, value, source in (*given, *_of_name(name), *_of_file(stated), ("title", name.description, FILE_NAME)):
        add(facts, field, value, source)
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


def of_credit(line: str) -> dict[str, Any]:
    """What a credit line says of other fields, by the names of Image's columns."""
    read = credits.split(line)
    return {"photographer": read.photographer, "holder": read.holder, "agency": read.agency, "credit_year": read.year}


def _of_name(name: Filename) -> Iterator[Said]:
    follows_the_convention = bool(name.credit)
    yield "title", name.description if follows_the_convention else "", FILE_NAME
    yield "taken_on", name.taken_on, FILE_NAME
    yield "credit", credits.printed(name.credit), FILE_NAME
    yield "virin", metadata.virin(name.description), FILE_NAME
    yield "problems", " ".join(name.problems), FILE_NAME


def _of_file(stated: Mapping[str, list[dict[str, str]]]) -> Iterator[Said]:
    """A headline is a better description than an object name, which is often a number: that one comes last of all."""
    for fact in stated.get("headline", []):
        yield "title", fact["value"], fact["source"]
    for field, found in stated.items():
        for fact in found:
            yield "object_name" if field == "title" else field, fact["value"], fact["source"]
