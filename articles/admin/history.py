"""What a story was: its revisions, newest first, and which of them readers saw. Found by person, by words, by kind."""

from dataclasses import dataclass
from html import escape
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import roles
from articles.models import Article, Publication, Revision, User

from .versions import VersionPages, number_in

PAGE = 50
WORDS = 8  # of a question that are looked for
TEXTS_AT_ONCE = 1000  # texts that are read through for one page; the next page goes on below
SHOWN_ABOVE = 20  # publications, and open asides, at the head of the page

KINDS = {
    "": gettext_lazy("all"),
    "named": gettext_lazy("with a name"),
    "published": gettext_lazy("that readers saw"),
    "asides": gettext_lazy("kept beside the story"),
}


@dataclass(frozen=True)
class Wanted:
    """Which revisions somebody looks for. What is no answer to a question counts as no question."""

    who: int | None = None
    kind: str = ""
    words: str = ""
    in_texts: bool = False
    before: int | None = None

    @classmethod
    def of(cls, asked: QueryDict) -> Self:
        kind = asked.get("kind", "")
        return cls(
            who=number_in(asked.get("who", "")),
            kind=kind if kind in KINDS else "",
            words=" ".join(asked.get("q", "")[:200].split()[:WORDS]),
            in_texts="texts" in asked and bool(asked.get("q", "").strip()),
            before=number_in(asked.get("before", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.who or self.kind or self.words)


def revisions_of(story: Article):
    """The story's revisions, newest first, without their texts: of those only the headline is read."""
    return (
        Revision.objects.filter(article=story)
        .newest_first()
        .select_related("written_by", "label__named_by")
        .defer("manuscript", "ancestor")
        .annotate(headline=KT("manuscript__headline"))
    )


def found(story: Article, wanted: Wanted) -> tuple[list[Revision], int | None]:
    """A page of the story's revisions that are ``wanted``, and below which number there may be more."""
    floor = _floor(story, wanted)
    rows = list(_narrowed(story, wanted).filter(number__gte=floor)[: PAGE + 1])
    if len(rows) > PAGE:
        return rows[:PAGE], rows[PAGE - 1].number
    return rows, floor if floor > 1 else None


def _floor(story: Article, wanted: Wanted) -> int:
    """How far down one page looks: to the first revision, unless all the texts must be read through."""
    if not wanted.in_texts:
        return 0
    newest = Revision.objects.filter(article=story).newest_first().values_list("number", flat=True).first() or 0
    return min(wanted.before or newest + 1, newest + 1) - TEXTS_AT_ONCE


def _narrowed(story: Article, wanted: Wanted):
    """One index walked from the newest down."""
    revisions = revisions_of(story)
    if wanted.before is not None:
        revisions = revisions.filter(number__lt=wanted.before)
    if wanted.who is not None:
        revisions = revisions.filter(written_by=wanted.who)
    if wanted.kind == "named":
        revisions = revisions.filter(label__isnull=False)
    elif wanted.kind == "published":
        revisions = revisions.filter(Exists(Publication.objects.filter(revision=OuterRef("pk"))))
    elif wanted.kind == "asides":
        revisions = revisions.asides()
    for word in wanted.words.split():
        revisions = revisions.filter(_says(word, in_texts=wanted.in_texts))
    return revisions


def _says(word: str, *, in_texts: bool) -> Q:
    said = (
        Q(label__name__icontains=word)
        | Q(sealed_why__icontains=word)
        | Q(note__icontains=word)
        | Q(headline__icontains=word)
    )
    return said | Q(manuscript__body__icontains=escape(word, quote=False)) if in_texts else said


class HistoryPages(VersionPages):
    """The history of a story, for the stories' admin. Who may read the story may read what it was."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        story = self.get_object(request, object_id)
        if story is None:
            raise Http404
        self.refuse_unread(request, story)
        wanted = Wanted.of(request.GET)
        revisions, below = found(story, wanted)
        context = {
            "title": _("History"),
            "wanted": wanted,
            "kinds": KINDS.items(),
            "people": _writers(story),
            "rows": _rows(revisions),
            "chosen": _chosen(revisions),
            "older": _further(request.GET, below) if below else "",
            "newest": _further(request.GET, None) if wanted.before is not None else "",
            "publications": _publications(story)[:SHOWN_ABOVE],
            "waiting": list(revisions_of(story).asides().open()[:SHOWN_ABOVE]),
            "newest_of_story": revisions_of(story).of_the_story().first(),
            "may_write": roles.may(request.user, "write", story),
        }
        return self.history_page(request, story, "desk/history.html", context)


def _further(asked: QueryDict, before: int | None) -> str:
    """The same question, from another place in the list on."""
    query = asked.copy()
    query.pop("before", None)
    if before is not None:
        query["before"] = str(before)
    return f"?{query.urlencode()}"


def _writers(story: Article) -> list[User]:
    wrote = Revision.objects.filter(article=story, written_by=OuterRef("pk"))
    return list(User.objects.filter(Exists(wrote)).order_by("last_name", "first_name", "username"))


def _publications(story: Article):
    return (
        Publication.objects.filter(article=story)
        .order_by("-number")
        .select_related("published_by", "revision")
        .defer("manuscript", "body_html", "revision__manuscript", "revision__ancestor")
    )


def _chosen(revisions: list[Revision]) -> dict[str, int]:
    """What is offered to compare at once: the two uppermost of the story itself."""
    numbers = [revision.number for revision in revisions if not revision.is_aside][:2]
    return {"a": numbers[-1], "b": numbers[0]} if numbers else {}


def _rows(revisions: list[Revision]) -> list[dict[str, Any]]:
    """Each revision with the last publication of it, and whether that is what readers see now."""
    published = Publication.objects.filter(revision__in=revisions).order_by("number")
    last = {p.revision_id: p for p in published.only("revision_id", "live_from", "live_until", "parked_at")}
    public = {pk for pk, p in last.items() if p.live_from <= timezone.now() < p.live_until and not p.parked_at}
    return [{"revision": r, "shown": last.get(r.pk), "is_public": r.pk in public} for r in revisions]
