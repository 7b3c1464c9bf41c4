"""The page that searches: what the address asks, read strictly, and what was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import fulltext
from articles.live import registers, search
from articles.live.days import midnight
from articles.live.source import spared
from articles.live.values import KIND_LABELS, Author, Label, Place, Section, Topic

from . import views
from .answers import readers_page
from .context import Around, Head, context

KINDS = {"news": gettext_lazy("News"), **KIND_LABELS}
_OTHERS = 12  # topics to narrow by


@dataclass(frozen=True)
class Asked:
    """What the address asks, as far as it can be understood; ``wrong`` are sentences about the rest."""

    words: str = ""
    section: Section | None = None
    topic: Topic | None = None
    author: Author | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None
    best: bool = False
    before: Place | None = None
    wrong: Sequence[str] = field(default=())

    @property
    def within(self) -> search.Narrowed:
        return search.Narrowed(
            section=self.section.id if self.section else None,
            topic=self.topic.id if self.topic else None,
            author=self.author.id if self.author else None,
            kind=self.kind,
            since=midnight(self.since) if self.since else None,
            until=midnight(self.until + timedelta(days=1)) if self.until else None,
        )

    @property
    def narrows(self) -> bool:
        """Whether anything is asked in the fields that are folded away."""
        return bool(self.section or self.kind or self.since or self.until or self.wrong)

    def address(self, **other: object) -> str:
        """The query of this question with ``other`` parts in it; one that is empty is left out."""
        parts = {
            "q": self.words,
            "section": self.section.slug if self.section else "",
            "topic": self.topic.slug if self.topic else "",
            "author": self.author.slug if self.author else "",
            "kind": self.kind,
            "from": self.since or "",
            "until": self.until or "",
            "sort": "best" if self.best else "",
        } | other
        return "?" + urlencode({name: value for name, value in parts.items() if value})


@readers_page
@spared
def page(request: HttpRequest, *, t: datetime) -> HttpResponse:
    sections = registers.sections(t)
    asked = _read(request, t, sections)
    question = fulltext.read(asked.words)
    found = search.find(question, t, within=asked.within, before=asked.before, best=asked.best)
    return render(asked, found, Around(t, sections, before=asked.before), cut=question.cut)


def render(asked: Asked, found: search.Found, around: Around, *, cut: bool = False) -> SimpleTemplateResponse:
    """The form with what was asked, and one page of what was found."""
    has_asked = bool(asked.words.strip() or asked.within)
    title = _("Search: %(words)s") % {"words": asked.words} if asked.words.strip() else _("Search")
    about = _("Find any story by its words, names, captions and credits.")
    head = Head(title, about, "/search/", indexed=False)
    return SimpleTemplateResponse(
        "front/search.html",
        context(head, around, "search")
        | {
            "asked": asked,
            "has_asked": has_asked,
            "found": found,
            "most": search.COUNTED,
            "cut": (fulltext.MOST_TERMS, fulltext.MOST_CHARACTERS) if cut else None,
            "all_sections": around.sections,
            "kinds": KINDS.items(),
            "older": found.older,
            "newest": asked.address(),
            "next": asked.address(before=found.older),
            "turned": asked.address(sort="" if asked.best else "best"),
            "narrower": [(topic, asked.address(topic=topic.slug)) for topic in _topics(asked, found)],
            "wider": _wider(asked),
        },
    )


def _topics(asked: Asked, found: search.Found) -> list[Label]:
    """What the stories found are about, the commonest first."""
    own = asked.topic.slug if asked.topic else ""
    counted = Counter(topic for hit in found.hits for topic in hit.card.topics if topic.slug != own)
    return [topic for topic, _count in counted.most_common(_OTHERS)]


def _wider(asked: Asked) -> list[tuple[str, str]]:
    """(name, address without it) of what no field of the form shows."""
    return [
        (label.name, asked.address(**{name: ""}))
        for name, label in (("topic", asked.topic), ("author", asked.author))
        if label
    ]


def _read(request: HttpRequest, t: datetime, sections: Sequence[Section]) -> Asked:
    given = {name: str(value).strip() for name, value in request.GET.items()}
    wrong: list[str] = []
    since, until = (_day(given.get(name, ""), wrong) for name in ("from", "until"))
    if since and until and until < since:
        wrong.append(_("The last day lies before the first, so nothing can be found."))
    slug, kind = given.get("section", ""), given.get("kind", "")
    section = next((section for section in sections if section.slug == slug), None)
    return Asked(
        words=request.GET.get("q", "")[: fulltext.MOST_CHARACTERS + 1],
        section=section if not slug or section else views.found(registers.section, slug, t),
        topic=views.found(registers.topic, given["topic"], t) if given.get("topic") else None,
        author=views.found(registers.author, given["author"], t) if given.get("author") else None,
        kind=kind if kind in KINDS else "",
        since=since,
        until=until,
        best=given.get("sort") == "best",
        before=views.place_before(request),
        wrong=tuple(wrong),
    )


def _day(written: str, wrong: list[str]) -> date | None:
    """The day that was ``written``; one that is none is said in ``wrong`` and asks nothing."""
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = None
    if day is None or not 1000 <= day.year < 9000:
        wrong.append(_("“%(day)s” is not a day. Write it like 2026-03-21.") % {"day": written[:20]})
        return None
    return day
