"""What an open story asks while somebody writes: save these words, put these together, who else is here.

The doors are for scripts; without them the form (admin.articles) does the same by the same verbs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, fields, replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from articles import manuscript as manuscripts
from articles.body import BodyRefused
from articles.desk import drafts, merging, presence, revisions, roles
from articles.desk.drafts import Clash, NotNow, TakenOver, Unfit, Written
from articles.manuscript import Manuscript
from articles.models import Article, Presence, Revision, Tag, User

from . import bylines, doors, reading, related, sent_words, topics
from .story_form import picture_label

CHOICES = ("mine", "theirs", "both")

Answer = tuple[dict[str, Any], int]  # the words, and the status


class WritingPages:
    """Autosave, presence, taking over and putting together, for the stories' admin."""

    def writing_urls(self) -> list:
        begin = path("autosave/", _door(self.begin_view), name="articles_article_begin")
        views = {
            "autosave": self.autosave_view,
            "settle": self.settle_view,
            "against": self.against_view,
            "beside": self.beside_view,
            "presence": self.presence_view,
            "take-over": self.take_over_view,
            "come-back": self.come_back_view,
            "leave": self.leave_view,
        }
        return [begin] + [
            path(f"<int:pk>/{name}/", _door(view), name=f"articles_article_{name.replace('-', '_')}")
            for name, view in views.items()
        ]

    # --- Words --------------------------------------------------------------------------------------------------------

    def autosave_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save what was changed since the version that the page has seen."""
        sent = doors.sent(request)
        return _said(_save(request, pk, sent, seen=sent_words.number(sent, "seen")))

    def begin_view(self, request: HttpRequest) -> HttpResponse:
        """The first words of a new story make it, once; what the same page sends again is a saving."""
        sent = doors.sent(request)
        uid = sent_words.uid(sent, "uid")
        roles.require(request.user, "start")
        begun = Article.objects.filter(uid=uid, created_by=request.user).first()
        if begun is None:
            begun, (answer, status) = _begin(request, uid, sent)
        else:
            answer, status = _save(request, begun.pk, sent, seen=1)
        place = {"pk": begun.pk, "url": self.page("change", begun.pk)} if begun else {}
        return JsonResponse(answer | place, status=status)

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put an aside of one's own together with the story, by a choice for each clash."""
        sent = doors.sent(request)
        aside = get_object_or_404(
            Revision.objects.asides(), article=pk, number=sent_words.number(sent, "aside"), written_by=request.user
        )
        over, tab, chosen = sent_words.number(sent, "over"), sent_words.name(sent, "tab"), _choices(sent)
        try:
            written = drafts.settle(aside, chosen, over=over, by=request.user, tab=tab)
        except NotNow as refusal:
            return _said(_not_now(refusal))
        except (Unfit, BodyRefused) as refusal:
            return JsonResponse({"problems": problems_of(refusal)}, status=422)
        if not written.clashes:
            name_loser(aside, by=request.user)
        return JsonResponse(_became(request, written, manuscripts.from_json(aside.manuscript), tab))

    def against_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """In what a text that a page kept differs from the story as it stands: HTML for a dialog."""
        sent = doors.sent(request)
        story = get_object_or_404(Article.objects.select_related("section", "cover"), pk=pk)
        roles.require(request.user, "write", story)
        now, seen, sender = manuscripts.of(story), sent_words.number(sent, "seen"), sent_words.name(sent, "sender")
        changed = sent_words.changed(sent.get("changed"))
        try:
            kept = manuscripts.normal(replace(drafts.base_of(story, seen) or now, **changed))
        except BodyRefused as refusal:
            return JsonResponse({"problems": problems_of(refusal)}, status=422)
        merge = merging.merge(revisions.ancestor(story, seen, sender) or Manuscript(), kept, now)
        found = reading.differences(now, kept, only=set(changed))
        is_in = not found or (merge.plain == now and not merge.clashes)
        return JsonResponse({"html": _shown(found, _("In the story"), _("On this computer")), "same": is_in})

    def beside_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep a text beside the story, in its history, without putting it into the story."""
        sent = doors.sent(request)
        story = get_object_or_404(Article.objects.select_related("section", "cover"), pk=pk)
        seen = sent_words.number(sent, "seen")
        base = drafts.base_of(story, seen) or manuscripts.of(story)
        changed = sent_words.changed(sent.get("changed"))
        words = replace(base, **changed)
        try:
            aside = drafts.keep_beside(story, words, seen=seen, by=request.user, why="kept on a computer")
        except BodyRefused as refusal:
            return JsonResponse({"problems": problems_of(refusal)}, status=422)
        return JsonResponse({"aside": aside.number})

    # --- People -------------------------------------------------------------------------------------------------------

    def presence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """This tab is here; who else is, what version there is now, and whether somebody took over."""
        sent = doors.sent(request)
        story = get_object_or_404(
            Article.objects.select_related("saved_by").only("version", "saved_at", "saved_by"), pk=pk
        )
        tab = sent_words.name(sent, "tab")
        here = presence.beat(story, by=request.user, tab=tab, typed=sent.get("typed") is True)
        is_over = here.ended_by is not None and presence.is_over(here)
        return JsonResponse(
            {
                "others": [_person(other) for other in presence.others(story, by=request.user, tab=tab)],
                "version": story.version,
                "saved_by": str(story.saved_by or ""),
                "saved_at": drafts.clock_time(story.saved_at),
                "over": {"by": str(here.ended_by), "at": drafts.clock_time(here.ended_at)} if is_over else None,
            }
        )

    def take_over_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story, tab = get_object_or_404(Article, pk=pk), _tab(request)
        try:
            ended = presence.take_over(story, by=request.user, tab=tab)
        except NotNow as refusal:
            return _said(_not_now(refusal))
        return JsonResponse({"ended": sorted({str(other.user) for other in ended})})

    def come_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        presence.come_back(get_object_or_404(Article, pk=pk), by=request.user, tab=_tab(request))
        return JsonResponse({})

    def leave_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        presence.leave(get_object_or_404(Article, pk=pk), by=request.user, tab=_tab(request))
        return JsonResponse({})


def _door(view):
    @wraps(view)
    def answer(request: HttpRequest, **named: int) -> HttpResponse:
        if named.get("pk", 0) > BigIntegerField.MAX_BIGINT:  # no database can be asked about it
            raise Http404
        return view(request, **named)

    return doors.for_scripts(require_POST(answer))


def _said(answer: Answer) -> JsonResponse:
    words, status = answer
    return JsonResponse(words, status=status)


def _tab(request: HttpRequest) -> str:
    """The tab that asks, in JSON or, from a browser's last breath, as a form."""
    return sent_words.name(request.POST or doors.sent(request), "tab")


def _person(row: Presence) -> dict[str, Any]:
    typed_ago = int((timezone.now() - row.typed_at).total_seconds()) if row.typed_at else None
    return {"name": str(row.user), "typed_ago": typed_ago, "opened": drafts.clock_time(row.opened_at)}


# --- Saving -----------------------------------------------------------------------------------------------------------


def _save(request: HttpRequest, pk: int, sent: Mapping[str, Any], *, seen: int) -> Answer:
    article = Article(pk=pk)  # the verb reads the row, and holds it
    hand = _hand(request, sent)
    try:
        base = drafts.base_of(article, seen) or _as_it_stands(pk)
        words, written, problems = _as_far_as_it_can_be(
            base, sent_words.changed(sent.get("changed")), lambda words: drafts.write(article, words, seen=seen, **hand)
        )
    except Article.DoesNotExist as missing:
        raise Http404 from missing
    except NotNow as refusal:
        return _not_now(refusal)
    answer, status = _answer(request, written, words, problems, tab=hand["tab"])
    if written and sent.get("whole") is True and not written.clashes:
        every = [field.name for field in fields(Manuscript)]
        answer |= _held(written, every)
    return answer, status


def _begin(request: HttpRequest, uid: UUID, sent: Mapping[str, Any]) -> tuple[Article | None, Answer]:
    """The new story, and what to answer. None where its words cannot be kept at all."""
    hand = _hand(request, sent)

    def start(words: Manuscript) -> Written:
        with transaction.atomic():
            return Written(drafts.start(words, uid=uid, **hand), words)

    try:
        words, written, problems = _as_far_as_it_can_be(Manuscript(), sent_words.changed(sent.get("changed")), start)
    except IntegrityError:
        return _begun_meanwhile(request, uid, sent)
    begun = written.article if written else None
    return begun, _answer(request, written, words, problems, tab=hand["tab"])


def _begun_meanwhile(request: HttpRequest, uid: UUID, sent: Mapping[str, Any]) -> tuple[Article, Answer]:
    """The same words came twice at one moment, and the other was first; a uid of somebody else's story is none."""
    begun = Article.objects.filter(uid=uid, created_by=request.user).first()
    if begun is None:
        raise BadRequest(_("That story was begun by somebody else."))
    return begun, _save(request, begun.pk, sent, seen=1)


def _hand(request: HttpRequest, sent: Mapping[str, Any]) -> dict[str, Any]:
    return {"by": request.user, "tab": sent_words.name(sent, "tab"), "sender": sent_words.name(sent, "sender")}


def _as_far_as_it_can_be(
    base: Manuscript, changed: dict[str, Any], keep: Callable[[Manuscript], Written]
) -> tuple[Manuscript, Written | None, dict[str, list[str]]]:
    """What ``keep`` makes of ``base`` with ``changed`` laid over it; what can be kept does not wait for the rest."""
    problems: dict[str, list[str]] = {}
    while True:
        words = replace(base, **changed)
        try:
            return words, keep(words), problems
        except (Unfit, BodyRefused) as refusal:
            found = problems_of(refusal)
            problems |= found
            if found.keys().isdisjoint(changed):
                return words, None, problems
            changed = {name: value for name, value in changed.items() if name not in found}


def _answer(request: HttpRequest, written: Written | None, words: Manuscript, problems: dict, *, tab: str) -> Answer:
    answer = _became(request, written, words, tab) if written else {}
    return (answer | {"problems": problems}, 422) if problems else (answer, 200)


def _as_it_stands(pk: int) -> Manuscript:
    return manuscripts.of(get_object_or_404(Article.objects.select_related("section", "cover"), pk=pk))


def problems_of(refusal: Exception) -> dict[str, list[str]]:
    return refusal.problems if isinstance(refusal, Unfit) else {"body": [str(refusal)]}


def _not_now(refusal: NotNow) -> Answer:
    is_taken_over = isinstance(refusal, TakenOver)
    return {"refused": str(refusal), "kept": refusal.aside is not None, "taken_over": is_taken_over}, 409


def _became(request: HttpRequest, written: Written, words: Manuscript, tab: str) -> dict[str, Any]:
    """What a page is told of the words that it sent: what stands now, what came from others, what is to be chosen."""
    article, theirs = written.article, written.theirs
    answer: dict[str, Any] = {
        "version": article.version,
        "saved_at": date_format(timezone.localtime(article.saved_at), "H:i:s"),
        "fields": {},
        "known": {},
        "theirs": [],
        "clashes": [],
        "aside": written.aside.number if written.aside else None,
    }
    last = last_colleague(article, by=request.user, tab=tab) if theirs or written.clashes else None
    answer["who"] = str(last.written_by) if last else ""
    if written.clashes:
        answer |= {"clashes": [_clash(clash, written.manuscript, last) for clash in written.clashes]}
    elif theirs:
        sent = manuscripts.normal(words)
        answer |= _held(written, _differing(sent, written.manuscript))
        answer |= {"theirs": list(called(theirs, sent, written.manuscript))}
    return answer


def last_colleague(article: Article, *, by: User, tab: str) -> Revision | None:
    """What somebody besides this tab saved last; one's own other tab is somebody too."""
    others = Revision.objects.of_the_story().filter(article=article).exclude(written_by=by, tab=tab)
    return others.newest_first().select_related("written_by").defer("manuscript", "ancestor").first()


def called(theirs: Iterable[str], before: Manuscript, after: Manuscript) -> Iterable[str]:
    """What the fields of ``theirs`` are called, in reading order; of the body how many paragraphs came or changed."""
    for name, label in reading.FIELDS.items():
        if name not in theirs:
            continue
        if name != "body":
            yield str(label)
            continue
        number = max(len(set(after.body.split("\n")) - set(before.body.split("\n"))), 1)
        yield ngettext("%(number)s paragraph", "%(number)s paragraphs", number) % {"number": number}


def _differing(one: Manuscript, other: Manuscript) -> list[str]:
    return [field.name for field in fields(Manuscript) if getattr(one, field.name) != getattr(other, field.name)]


def _held(written: Written, names: Iterable[str]) -> dict[str, Any]:
    """What the story holds in the fields of ``names``, and what the form calls the rows that these name."""
    plain, story, wanted = asdict(written.manuscript), written.article, set(names)
    tags = Tag.objects.filter(slug__in=written.manuscript.tags).values_list("name", "slug", "kind")
    rows = {
        "tags": lambda: {"topics": [topics.as_json(*row) for row in tags]},
        "related": lambda: {"stories": related.chosen(list(written.manuscript.related))},
        "bylines": lambda: {
            "authors": [{"value": line["author"], **line} for line in bylines.initial(story) if line["key"]]
        },
        "cover": lambda: {
            "covers": [{"value": picture_label(story.cover), "key": plain["cover"]}] if story.cover else []
        },
    }
    known: dict[str, Any] = {}
    for name in rows.keys() & wanted:
        known |= rows[name]()
    return {"fields": {name: plain[name] for name in plain if name in wanted}, "known": known}


# --- Clashes ----------------------------------------------------------------------------------------------------------


def _clash(clash: Clash, story: Manuscript, last: Revision | None) -> dict[str, Any]:
    return {
        "key": clash.key,
        "field": clash.field,
        "label": place_of(clash, story),
        "choices": list(choices_of(clash)),
        "html": shown_clash(clash, last),
        **{side: _plain(getattr(clash, side)) for side in ("base", "mine", "theirs")},
    }


def choices_of(clash: Clash) -> tuple[str, ...]:
    """“both” makes sense where both are paragraphs."""
    return CHOICES if clash.field == "body" and clash.mine and clash.theirs else CHOICES[:2]


def place_of(clash: Clash, story: Manuscript) -> str:
    """What a clash is about, for its heading: a field, or which paragraph of the story as it stands."""
    label = str(reading.FIELDS[clash.field])
    if clash.field != "body":
        return label
    if not clash.theirs:
        return _("A paragraph that a colleague took out")
    blocks, first = story.body.split("\n"), clash.theirs.split("\n")[0]
    if first not in blocks or not first.startswith("<p>"):
        return label
    number = sum(block.startswith("<p>") for block in blocks[: blocks.index(first) + 1])
    return _("Paragraph %(number)s") % {"number": number}


def shown_clash(clash: Clash, last: Revision | None) -> str:
    """Both sides of a clash beside each other, marked where they differ; ``last`` is what a colleague saved last."""
    theirs, mine = (replace(Manuscript(), **{clash.field: side}) for side in (clash.theirs, clash.mine))
    signed = {"who": last.written_by, "time": drafts.clock_time(last.saved_at)} if last else {}
    in_story = _("In the story (by %(who)s, %(time)s)") % signed if last else _("In the story")
    return _shown(reading.differences(theirs, mine, only={clash.field}), in_story, _("Yours"))


def _plain(value: Any) -> Any:
    return (
        value if isinstance(value, str) else [asdict(entry) if not isinstance(entry, str) else entry for entry in value]
    )


def _choices(sent: Mapping[str, Any]) -> dict[str, str]:
    chosen = sent.get("choices")
    if not isinstance(chosen, dict) or not all(choice in CHOICES for choice in chosen.values()):
        raise BadRequest(_("A choice is “mine”, “theirs” or “both”."))
    return chosen


def name_loser(aside: Revision, *, by: User) -> None:
    """What was not taken stays in the history, under a name by which it is found again."""
    time = drafts.clock_time(aside.saved_at)
    words = {"who": aside.written_by, "version": aside.departed_from, "time": time}
    drafts.name(aside, _("%(who)s’s text over version %(version)s, %(time)s") % words, by=by)


def _shown(found: list[reading.Difference], before: str, after: str) -> str:
    labels = {"before_label": before, "after_label": after}
    return render_to_string("desk/difference.html", {"differences": found} | labels)
