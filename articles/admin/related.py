"""Stories that a story leads on to: found by headline or address while typing, and understood when sent as lines."""

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from articles.live import addresses
from articles.models import Address, Article

from . import uids

OFFERED = 12  # stories that are offered at once
MOST = 20  # related stories of one story
AMBIGUOUS = "several"


def _with_path(stories: QuerySet[Article]) -> QuerySet[Article]:
    current = Address.objects.filter(article=OuterRef("pk"), is_current=True)
    return stories.annotate(path=Subquery(current.values("path")[:1]))


def as_json(story: Article) -> dict[str, str]:
    """A story for the form's script: ``value`` is its line in the form, ``key`` its uid."""
    said = story.path or str(story.get_state_display())
    return {"value": _line(story), "name": str(story), "kind": said, "key": str(story.uid)}


def _line(story: Article) -> str:
    """What a person reads and the form understands: its address, else its headline, else its number."""
    return story.path or " ".join(story.headline.split()) or str(story.uid)


def find(question: str, *, beside: str = "") -> list[dict[str, str]]:
    """The newest stories with all the words in headline or address, but not the story of uid ``beside``. One query."""
    words = question.split()[:8]
    if not words:
        return []
    fits = Q()
    for word in words:
        fits &= Q(headline__icontains=word) | Q(slug__icontains=word)
    if question.strip().startswith(("/", "http://", "https://")):
        fits = Q(addresses__path=addresses.path_in(question))
    stories = _with_path(Article.objects.filter(fits)).only("uid", "headline", "state").order_by("-pk").distinct()
    return [as_json(story) for story in stories[: OFFERED + 1] if str(story.uid) != beside][:OFFERED]


def chosen(wanted: list[str]) -> list[dict[str, str]]:
    """The stories of the uids ``wanted`` in that order, each with a line of its own. One query, none for none."""
    if not wanted:
        return []
    stories = _with_path(Article.objects.filter(uid__in=uids.among(wanted)))
    rows = {str(story.uid): as_json(story) for story in stories.only("uid", "headline", "state")}
    said: set[str] = set()
    lines = []
    for uid in wanted:
        row = rows.get(uid) or {"value": uid, "name": uid, "kind": _("not here any more"), "key": uid}
        if row["value"] in said:
            row |= {"value": uid}
        said.add(row["value"])
        lines.append(row)
    return lines


def lines_in(text: str) -> list[str]:
    """The lines of the form's field, without those that are empty."""
    return [line for part in text.split("\n") if (line := " ".join(part.split()))]


def understood(text: str, before: list[dict[str, str]], *, of: Article | None) -> tuple[str, ...]:
    """The uids that the lines of ``text`` mean, in order. What stood there ``before`` needs no asking.

    Raises ValidationError, with a sentence for each line that means no story of ours.
    """
    lines = list(dict.fromkeys(lines_in(text)))
    if len(lines) > MOST:
        raise ValidationError(_("A story leads on to %(most)s others at most.") % {"most": MOST})
    known = {row["value"]: row["key"] for row in before}
    asked = [line for line in lines if line not in known]
    if asked:
        known |= _asked(asked)
    faults = [_unknown(line, known.get(line, "")) for line in lines if not uids.read(known.get(line, ""))]
    if of and str(of.uid) in known.values() and any(known.get(line) == str(of.uid) for line in lines):
        faults.append(_("A story does not lead on to itself."))
    if faults:
        raise ValidationError(faults)
    return tuple(dict.fromkeys(known[line] for line in lines))


def _asked(lines: list[str]) -> dict[str, str]:
    """By line the uid that it means: an address, a number or a headline; AMBIGUOUS where several stories fit."""
    paths = {line: addresses.path_in(line) for line in lines}
    by_path = dict(Address.objects.filter(path__in=paths.values()).values_list("path", "article__uid"))
    fits = Q(uid__in=uids.among(lines))
    for line in lines:
        fits |= Q(headline__iexact=line)
    found: dict[str, str] = {}
    for uid, headline in Article.objects.filter(fits).values_list("uid", "headline"):
        name = headline.casefold()
        found[name] = AMBIGUOUS if name in found else str(uid)
        found[str(uid)] = str(uid)
    meant = {line: found.get(line.casefold(), "") for line in lines}
    return meant | {line: str(by_path[path]) for line, path in paths.items() if path in by_path}


def _unknown(line: str, why: str) -> str:
    if why == AMBIGUOUS:
        return _("Several stories are called “%(line)s”. Write the address of the one you mean.") % {"line": line[:200]}
    if line.startswith(("/", "http://", "https://")):
        return _("There is no story of ours at “%(line)s”.") % {"line": line[:200]}
    return _("No story is called “%(line)s”. Write its address or its whole headline.") % {"line": line[:200]}
