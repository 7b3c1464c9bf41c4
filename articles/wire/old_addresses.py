"""Takes in the addresses of a site from before: a CSV file with an old address and where it leads, one a line."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from articles.live import addresses, editions
from articles.models import Address, Author, Edition, Section, Tag

LONGEST = 500
# Pages of ours that an old address may lead to, beside stories: what tells whether there is one.
_THERE = {
    "section": lambda slug: Section.objects.filter(slug=slug),
    "topic": lambda slug: Tag.objects.filter(slug=slug),
    "author": lambda slug: Author.objects.filter(slug=slug),
    "flat_page": lambda slug: Edition.objects.filter(subject=f"{editions.PAGE}{slug}"),
}
_ALWAYS = frozenset({"home", "latest", "corrections", "search", "archive", "about", "feed"})


@dataclass(frozen=True)
class Outcome:
    """What became of a line: “kept”, “known” before, or “refused”, with a sentence."""

    line: int
    kind: str
    sentence: str


def take_in(lines: Iterable[str], *, at: datetime) -> Iterator[Outcome]:
    """Keep each line that can be kept; the others are refused one by one, and nothing of theirs is done."""
    for number, row in enumerate(csv.reader(lines), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].lower().startswith("old")):
            continue
        yield _taken(number, cells, at)


def _taken(line: int, cells: list[str], at: datetime) -> Outcome:
    if len(cells) < 2 or not cells[1]:
        return Outcome(line, "refused", "There must be two columns: the old address, and where it leads.")
    old, new = _path(cells[0]), _path(cells[1])
    if old is None or new is None:
        wrong = cells[0] if old is None else cells[1]
        return Outcome(line, "refused", f"“{wrong[:80]}” is not an address of this site.")
    if len(old) > LONGEST:
        return Outcome(line, "refused", f"The old address has {len(old)} characters; {LONGEST} fit.")
    if old == new or Address.objects.filter(path=old).exists():
        return Outcome(line, "refused", f"“{old}” is an address of this site already.")
    story = Address.objects.filter(path=new).values_list("article_id", flat=True).first()
    if story is None and not _is_there(new):
        return Outcome(line, "refused", f"There is nothing at “{new}”, so “{old}” would lead nowhere.")
    target = {"article_id": story} if story else {"leads_to": new}
    kept = addresses.remember(old, at=at, **target)
    return Outcome(line, "kept" if kept else "known", f"“{old}” leads to “{new}”.")


def _path(written: str) -> str | None:
    """The path with its query, of a whole address of this site or of a path alone; None for any other."""
    try:
        parts = urlsplit(written)
    except ValueError:
        return None
    ours = urlsplit(settings.SITE_URL).hostname or ""
    host = (parts.hostname or "").removeprefix("www.")
    if (parts.netloc and host != ours.removeprefix("www.")) or not parts.path.startswith("/"):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_there(path: str) -> bool:
    try:
        found = resolve(path.partition("?")[0])
    except Resolver404:
        return False
    rows = _THERE.get(found.url_name or "")
    return found.url_name in _ALWAYS or bool(rows and rows(found.kwargs["slug"]).exists())
