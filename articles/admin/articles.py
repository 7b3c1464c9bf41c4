"""The stories' pages: the list, the form, the page to read. They save through desk.drafts only and delete nothing."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import manuscript as manuscripts
from articles.desk import drafts, embargoes, moves, roles, workflow
from articles.live import addresses, store
from articles.models import Article, Event, Publication

from . import form_data, reading, rescue, status, together, uids
from .bulk import BulkPages
from .choosing import ChoicePages
from .handling import HandlingPages
from .history import HistoryPages, revisions_of
from .lanes import HANDED
from .moves import MovePages
from .pages import NewsroomAdmin
from .pictures import receive_cover
from .previews import PreviewPages
from .readdressing import AddressPages
from .seen import SeenPages
from .story_form import StoryForm
from .story_list import StoryList
from .story_rows import STATE_LOOKS
from .waivers import WaiverPages
from .writing import WritingPages

VERSIONS_BESIDE = 6
# The people whom a story's page names.
PEOPLE = ("saved_by", "created_by", "assignee")


@admin.register(Article)
class ArticleAdmin(
    StoryList,
    AddressPages,
    BulkPages,
    ChoicePages,
    WritingPages,
    HistoryPages,
    MovePages,
    HandlingPages,
    SeenPages,
    WaiverPages,
    PreviewPages,
    NewsroomAdmin,
):
    form = StoryForm
    change_form_template = "desk/story.html"

    def get_urls(self):
        own = [
            *self.view_urls(),
            path(
                "<int:pk>/move/<slug:name>/", self.admin_site.admin_view(self.move_view), name="articles_article_move"
            ),
        ]
        own += (
            self.bulk_urls()
            + self.handling_urls()
            + self.seen_urls()
            + self.waiver_urls()
            + self.address_urls()
            + self.choice_urls()
            + self.writing_urls()
            + self.preview_urls()
        )
        return own + super().get_urls()

    def add_label(self) -> str:
        return _("New story")

    def get_object(self, request, object_id, from_field=None) -> Article | None:
        """As stock, with the rows that its page names; asked once where the page is only looked at."""
        if request.method != "GET":
            return super().get_object(request, object_id, from_field)
        if not hasattr(request, "story_shown"):
            try:
                named = self.get_queryset(request).select_related("section", "cover", *PEOPLE)
                request.story_shown = named.get(pk=self.opts.pk.to_python(object_id))
            except (Article.DoesNotExist, ValidationError, ValueError):
                request.story_shown = None
        return request.story_shown

    def has_view_permission(self, request, obj=None) -> bool:
        """As stock. Every door to a story asks this first, so here it is written down who opens one under embargo."""
        may = super().has_view_permission(request, obj)
        if may and obj and request.method == "GET" and not getattr(request, "opening_is_known", False):
            request.opening_is_known = True
            embargoes.opened(obj, by=request.user, at=timezone.now())
        return may

    def has_change_permission(self, request, obj=None) -> bool:
        """The object’s own rule: a reporter changes their own stories only. Asked once by a page to look at."""
        if request.method != "GET" or obj is None:
            return roles.may(request.user, "write", obj)
        known = request.__dict__.setdefault("may_write", {})
        if obj.pk not in known:
            known[obj.pk] = roles.may(request.user, "write", obj)
        return known[obj.pk]

    def keep(self, form, *, by):
        form.make_topics()
        if form.article is None:
            return self._start(form, by=by)
        form.written = together.write(form, by=by)
        return form.written.article

    def save_related(self, request, form, formsets, change) -> None:
        """As for every form; but what was kept beside the story must stay kept, so nothing is raised through here."""
        try:
            super().save_related(request, form, formsets, change)
        except (together.Clashing, drafts.NotNow) as refusal:
            request.refusal = refusal
        request.form_sent = form

    def response_change(self, request, obj) -> HttpResponse:
        if getattr(request, "refusal", None):
            return self._changeform_view(request, str(obj.pk), "", None)
        return super().response_change(request, obj)

    def _start(self, form, *, by) -> Article:
        """A new story; of a form that comes twice at one moment only the first makes it, the other goes on with it."""
        uid, words, tab = form.cleaned_data["uid"], form.manuscript(), form.cleaned_data["tab"]
        others = Article.objects.filter(uid=uid).exclude(created_by=by)
        try:
            with transaction.atomic():
                return drafts.start(words, by=by, uid=None if others.exists() else uid, tab=tab)
        except IntegrityError:
            started = Article.objects.filter(uid=uid, created_by=by).first()
            if started is None:
                raise
            return drafts.save(started, words, seen=1, by=by, tab=tab)

    def _started(self, request: HttpRequest) -> Article | None:
        """The story that this form for a new one has made already: it was sent twice, or saved itself meanwhile."""
        uid = request.POST.get("uid", "")
        theirs = Article.objects.filter(created_by=request.user)
        return theirs.filter(uid=uid).first() if uids.read(uid) else None

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """The form; for those who may not write the story now, the page to read it."""
        if object_id is None and request.method == "POST" and (started := self._started(request)):
            object_id = str(started.pk)
            request.POST = request.POST.copy()
            request.POST["seen"] = request.POST.get("seen") or "1"
        story = self.get_object(request, unquote(object_id)) if object_id else None
        reads = story and request.method != "POST" and self.has_view_permission(request, story)
        if reads and (why := self._why_not(request, story)):
            return self._reading_page(request, story, why)
        if request.method == "POST" and self._may_save(request, story) and not rescue.is_reopened(request):
            receive_cover(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _may_save(self, request: HttpRequest, story: Article | None) -> bool:
        return self.has_change_permission(request, story) if story else self.has_add_permission(request)

    def _why_not(self, request: HttpRequest, story: Article) -> str:
        """Why this person may not write the story now, or an empty string."""
        try:
            roles.require(request.user, "write", story)
            drafts.refuse_out_of_turn(story, request.user)
        except (roles.Refused, drafts.NotNow) as refusal:
            return str(refusal)
        return ""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.cover_fault = getattr(request, "cover_fault", "")
        form.cover_on_page = getattr(request, "cover_on_page", None)
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        beside = self.beside(request, obj) if obj else {"moves": self._first_moves(request), "status": status.fresh()}
        refusal = getattr(request, "refusal", None)
        if isinstance(refusal, together.Clashing):
            beside |= {"places": together.places(refusal, request.POST), "version": refusal.version}
        beside |= {
            "may_upload": roles.may(request.user, "pictures"),
            "form_data": form_data.of(context["adminform"].form),
        }
        return super().render_change_form(request, beside | context, add, change, form_url, obj)

    def beside(self, request: HttpRequest, story: Article) -> dict:
        """What stands beside a story's text: where it is, what may be done with it, its versions, its address."""
        now = timezone.now()
        public = store.live(story, at=now)
        waits = store.waiting(story, at=now).first()
        live = public is not None and public.kind == Publication.Kind.STORY
        offered = moves.available(story, request.user, live=live, scheduled=waits is not None)
        return {
            "story": story,
            "waits": waits,
            "under_embargo": embargoes.is_under(story, at=now),
            "handling_url": self.page("handling", story.pk),
            "seen_url": self.page("seen", story.pk),
            "state_look": STATE_LOOKS.get(story.state, ""),
            "public": public,
            "status": status.of(story, public),
            "address": addresses.of(story),
            "moving_url": self.page("address", story.pk) if roles.may(request.user, "publish", story) else "",
            "handed": Event.objects.about("article", story.pk).filter(verb__in=HANDED).newest_first().first(),
            "moves": [(move, self.page("move", story.pk, move.name)) for move in offered],
            "preview_url": reverse("preview:story", args=[story.uid]),
            "history_url": self.page("history", story.pk),
            "checks_url": self.page("checks", story.pk),
            "versions": list(revisions_of(story).of_the_story()[:VERSIONS_BESIDE]),
        } | self.preview_beside(request, story)

    def _first_moves(self, request: HttpRequest) -> list[tuple]:
        """What may be done with a story right after it was started: nothing has an address yet."""
        first = [
            move
            for move in workflow.MOVES
            if workflow.fits(move, workflow.WRITING, live=False) and move.right != "spike"
        ]
        return [(move, "") for move in first if roles.may(request.user, move.right)]

    def _reading_page(self, request: HttpRequest, story: Article, why: str) -> HttpResponse:
        context = self.admin_site.each_context(request) | self.beside(request, story)
        context |= {"title": str(story), "opts": self.opts, "why": why, "page": reading.page(manuscripts.of(story))}
        return TemplateResponse(request, "desk/read.html", context | {"list_url": self.page("changelist")})

    def saved(self, request: HttpRequest, obj: Article) -> HttpResponse:
        """Say which version that made and what came in from others, and go on to the move that was asked for."""
        came = together.sentence(request.form_sent, by=request.user)
        wanted = request.POST.get("then", "")
        if wanted in {move.name for move in moves.available(obj, request.user)}:
            if came:
                self.message_user(
                    request, _("Saved as version %(version)s, %(came)s.") % {"version": obj.version, "came": came}
                )
            return redirect(self.page("move", obj.pk, wanted))
        if request.POST.get("seen") == str(obj.version) and not together.saved_itself(request.form_sent):
            self.message_user(
                request, _("No word was changed: version %(version)s stands.") % {"version": obj.version}, messages.INFO
            )
        else:
            version = f"{obj.version}, {came}" if came else str(obj.version)
            sentence = _('Saved as version {}. Readers see no change yet. <a href="{}">Preview it</a>')
            self.message_user(request, format_html(sentence, version, reverse("preview:story", args=[obj.uid])))
        return redirect(self.page("change", obj.pk))
