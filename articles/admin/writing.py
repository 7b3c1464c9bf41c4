"""What an open story asks while somebody writes: save these words, put these together, who else is here.

The doors are for scripts; without them the form (admin.articles) does the same by the same verbs.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db import IntegrityError, transaction
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles import manuscript as manuscripts
from articles.body import BodyRefused
from articles.desk import drafts, merging, presence, revisions, roles
from articles.desk.drafts import NotNow, Unfit, Written
from articles.manuscript import Manuscript
from articles.models import Article, Presence, Revision

from . import clashes, doors, reading, sent_words
from .outcomes import Answer, became, held, not_now, problems_of

# The version that the page of a new story has before it: it began from an empty form, whoever was first.
NOTHING = 0


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
            answer, status = _save(request, begun.pk, sent, seen=NOTHING)
        place = {"pk": begun.pk, "url": self.page("change", begun.pk)} if begun else {}
        return JsonResponse(answer | place, status=status)

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put an aside of one's own together with the story, by a choice for each clash."""
        sent = doors.sent(request)
        aside = get_object_or_404(
            Revision.objects.asides(), article=pk, number=sent_words.number(sent, "aside"), written_by=request.user
        )
        over, tab, chosen = sent_words.number(sent, "over"), sent_words.name(sent, "tab"), clashes.chosen(sent)
        try:
            written = drafts.settle(aside, chosen, over=over, by=request.user, tab=tab)
        except NotNow as refusal:
            return _said(not_now(refusal))
        except (Unfit, BodyRefused) as refusal:
            return JsonResponse({"problems": problems_of(refusal)}, status=422)
        if not written.clashes:
            clashes.name_loser(aside, by=request.user)
        return JsonResponse(became(request, written, manuscripts.from_json(aside.manuscript), tab))

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
        return JsonResponse({"html": clashes.beside(found, _("In the story"), _("On this computer")), "same": is_in})

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
            return _said(not_now(refusal))
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
        base = Manuscript() if seen == NOTHING else drafts.base_of(article, seen) or _as_it_stands(pk)
        words, written, problems = _as_far_as_it_can_be(
            base, sent_words.changed(sent.get("changed")), lambda words: drafts.write(article, words, seen=seen, **hand)
        )
    except Article.DoesNotExist as missing:
        raise Http404 from missing
    except NotNow as refusal:
        return not_now(refusal)
    answer, status = _answer(request, written, words, problems, tab=hand["tab"])
    if written and sent.get("whole") is True and not written.clashes:
        every = [field.name for field in fields(Manuscript)]
        answer |= held(written, every)
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
    return begun, _save(request, begun.pk, sent, seen=NOTHING)


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
    answer = became(request, written, words, tab) if written else {}
    return (answer | {"problems": problems}, 422) if problems else (answer, 200)


def _as_it_stands(pk: int) -> Manuscript:
    return manuscripts.of(get_object_or_404(Article.objects.select_related("section", "cover"), pk=pk))
