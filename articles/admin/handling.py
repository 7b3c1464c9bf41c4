"""How a story is handled: who writes it, how sensitive it is, its embargo, its holds, its approvals. One page, small
forms, each for one verb."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import (
    approvals,
    approved,
    assigning,
    embargoes,
    held,
    holds,
    moves,
    roles,
    schedule,
    translating,
)
from articles.desk.times import NoSuchTime, local_moment
from articles.live import store, translations
from articles.manuscript import fingerprint, of
from articles.models import Approval, Article, EmbargoRelease, Hold, Opening, Publication, User

from . import related

# How these verbs say no; each has a sentence that a person may read as it is.
REFUSALS = (
    *(embargoes.TakesTwo, embargoes.NotAsked, schedule.NoTime, moves.NoteWanted),
    *(holds.NotHeld, holds.NoName, approvals.NotYours, assigning.NoWriter, translating.NotATranslation),
)
OPENINGS_SHOWN = 50


class Moment(forms.Form):
    """A day and a time as the outlet's own clocks show them; together ``moment``, or None where neither is given."""

    day = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    clock = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )
    is_needed = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        day, clock = cleaned.get("day"), cleaned.get("clock")
        if not self.errors and bool(day) != bool(clock):
            self.add_error("clock" if day else "day", _("Give both the day and the time."))
        elif not self.errors and self.is_needed and not day:
            self.add_error("day", _("Give the day and the time."))
        elif day and clock:
            try:
                cleaned["moment"] = local_moment(day, clock)
            except NoSuchTime as refusal:
                self.add_error("clock", str(refusal))
        return cleaned


def moment_of(at: datetime | None) -> dict[str, Any]:
    local = timezone.localtime(at) if at else None
    return {"day": local and local.date(), "clock": local and local.time().replace(second=0, microsecond=0)}


class PlanForm(Moment):
    """Who, until when, how much it matters."""

    is_needed = False
    assignee = forms.ModelChoiceField(
        label=gettext_lazy("Writer"), queryset=User.objects.none(), required=False, empty_label=gettext_lazy("nobody")
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Priority"), coerce=int, choices=[*assigning.PRIORITIES.items()], initial=3
    )
    field_order = ("assignee", "day", "clock", "priority")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        writers = User.objects.filter(is_active=True, groups__permissions__codename="add_article").distinct()
        self.fields["assignee"].queryset = writers.order_by("first_name", "last_name", "username")


class SensitivityForm(forms.Form):
    sensitivity = forms.ChoiceField(
        label=gettext_lazy("How sensitive it is"), choices=Article.Sensitivity.choices, widget=forms.RadioSelect
    )


class EmbargoForm(Moment):
    source = forms.CharField(
        label=gettext_lazy("Who set it"),
        max_length=150,
        help_text=gettext_lazy("The office or person outside, such as “Ministry of Defence press desk”."),
    )


class ReleaseForm(Moment):
    is_needed = False
    why = forms.CharField(
        label=gettext_lazy("Why it can end earlier"),
        max_length=300,
        help_text=gettext_lazy("Without a day and a time it would end at once. A second person must agree."),
    )


class AnswerForm(forms.Form):
    release = forms.ModelChoiceField(queryset=EmbargoRelease.objects.all(), widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=(("yes", "yes"), ("no", "no")))


class HoldForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300)


class LiftForm(Moment):
    hold = forms.ModelChoiceField(queryset=Hold.objects.all(), widget=forms.HiddenInput)
    informed_by = forms.CharField(label=gettext_lazy("Who informed the next of kin"), max_length=150)
    note = forms.CharField(label=gettext_lazy("How we know"), max_length=300)
    field_order = ("hold", "informed_by", "day", "clock", "note")


class RevokeForm(forms.Form):
    approval = forms.ModelChoiceField(queryset=Approval.objects.all(), widget=forms.HiddenInput)
    why = forms.CharField(label=gettext_lazy("Why"), max_length=300)


class TranslationForm(forms.Form):
    other = forms.CharField(
        label=gettext_lazy("The same story in another language"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Its address or its whole headline. Left empty, this story stands for itself again."),
    )

    def clean_other(self) -> Article | None:
        said = self.cleaned_data["other"].strip()
        found = related.understood(said, [], of=None) if said else ()
        return Article.objects.get(uid=found[0]) if found else None


def _plan(story: Article, by: User, said: dict) -> str:
    assigning.plan(
        story,
        assignee=said["assignee"],
        deadline_at=said.get("moment"),
        priority=said["priority"],
        by=by,
    )
    return _("The plan is kept.")


def _classify(story: Article, by: User, said: dict) -> str:
    story = approvals.classify(story, said["sensitivity"], by=by)
    return _("The story is %(level)s now.") % {"level": story.get_sensitivity_display()}


def _embargo(story: Article, by: User, said: dict) -> str:
    embargoes.set_until(story, said["moment"], source=said["source"], by=by)
    return _("The embargo stands. What would have appeared before its end is delayed.")


def _ask(story: Article, by: User, said: dict) -> str:
    embargoes.ask_release(story, said.get("moment"), why=said["why"], by=by)
    return _("Asked. A second person has been told.")


def _answer(story: Article, by: User, said: dict) -> str:
    is_granted = said["answer"] == "yes"
    embargoes.answer_release(_own(said["release"], story), is_granted=is_granted, by=by)
    return _("The embargo ends as asked.") if is_granted else _("The embargo stays as it was.")


def _hold(story: Article, by: User, said: dict) -> str:
    holds.set_on_story(story, reason=said["reason"], by=by)
    return _("The story is held.")


def lift(story: Article | None, by: User, said: dict) -> str:
    hold = said["hold"] if story is None else _own(said["hold"], story)
    holds.lift(hold, informed_by=said["informed_by"], informed_at=said["moment"], note=said["note"], by=by)
    return _("The hold is lifted. What was parked is not scheduled again by itself.")


def _revoke(story: Article, by: User, said: dict) -> str:
    approvals.revoke(_own(said["approval"], story), why=said["why"], by=by)
    return _("The approval is taken back.")


def _translate(story: Article, by: User, said: dict) -> str:
    if said["other"] is None:
        translating.take_back(story, by=by)
        return _("The story stands for itself.")
    translating.say(story, said["other"], by=by)
    return _("Readers of either find the other, while both are public.")


def _own(row, story: Article):
    """A row of this story, and of no other, whatever the form says."""
    if row.article_id != story.pk:
        raise Http404
    return row


Verb = Callable[[Article, User, dict], str]
# The name of a form on the page: its questions, and the verb that they go to.
FORMS: dict[str, tuple[type[forms.Form], Verb]] = {
    "plan": (PlanForm, _plan),
    "sensitivity": (SensitivityForm, _classify),
    "embargo": (EmbargoForm, _embargo),
    "ask": (ReleaseForm, _ask),
    "answer": (AnswerForm, _answer),
    "hold": (HoldForm, _hold),
    "lift": (LiftForm, lift),
    "revoke": (RevokeForm, _revoke),
    "translation": (TranslationForm, _translate),
}


class HandlingPages:
    """The page of a story's handling, for the stories' admin."""

    def handling_urls(self):
        view = self.admin_site.admin_view(self.handling_view)
        return [path("<int:pk>/handling/", view, name="articles_article_handling")]

    def handling_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = get_object_or_404(Article.objects.select_related("section", "cover", "assignee"), pk=pk)
        if not self.has_view_permission(request, story):
            raise PermissionDenied
        if request.method != "POST":
            return self._handling_page(request, story)
        name = request.POST.get("form", "")
        if name not in FORMS:
            raise Http404
        questions, verb = FORMS[name]
        form = questions(request.POST, prefix=name)
        if form.is_valid():
            try:
                done = verb(story, request.user, form.cleaned_data)
            except REFUSALS as refusal:
                form.add_error(None, str(refusal))
            else:
                self.message_user(request, done)
                return redirect(self.page("handling", story.pk) + f"#{name}")
        return self._handling_page(request, story, sent={name: form})

    def _handling_page(self, request: HttpRequest, story: Article, sent: dict | None = None) -> HttpResponse:
        now, by = timezone.now(), request.user
        release = EmbargoRelease.objects.filter(article=story, answered_at=None).select_related("asked_by").first()
        may = {
            right: roles.may(by, right, story)
            for right in ("assign", "classify", "embargo", "release", "hold", "lift", "publish")
        }
        context = self.admin_site.each_context(request) | self.beside(request, story)
        context |= {
            "title": _("Handling of “%(story)s”") % {"story": story},
            "opts": self.opts,
            "story_url": self.page("change", story.pk),
            "list_url": self.page("changelist"),
            "forms": fresh_forms(story) | (sent or {}),
            "may": may,
            "is_under": embargoes.is_under(story, at=now),
            "release": release,
            "held": held.standing_on(story),
            "approvals": approvals_of(story, by),
            "translations": translations.others_of(story),
            "needed": [Approval.Level(level).label for level in approved.REQUIRED[story.sensitivity]],
            "openings": Opening.objects.filter(article=story).select_related("user")[:OPENINGS_SHOWN],
            "live": store.live(story, at=now),
            "is_unfit": embargoes.is_under(story, at=now) or bool(held.standing_on(story)),
            "waiting": store.waiting(story, at=now),
            "parked": Publication.objects.filter(article=story).exclude(parked_at=None).order_by("-parked_at")[:5],
        }
        return TemplateResponse(request, "desk/handling.html", context)


def fresh_forms(story: Article) -> dict[str, forms.Form]:
    known = {
        "plan": {"assignee": story.assignee, "priority": story.priority} | moment_of(story.deadline_at),
        "sensitivity": {"sensitivity": story.sensitivity},
        "embargo": {"source": story.embargo_source} | moment_of(story.embargo_until),
    }
    return {name: form(initial=known.get(name), prefix=name) for name, (form, _verb) in FORMS.items()}


def approvals_of(story: Article, by: User) -> list[dict[str, Any]]:
    """The story's approvals, newest first: whether each fits the text as it stands, and the form to take it back."""
    text = fingerprint(of(story))
    rows = Approval.objects.filter(article=story).select_related("given_by", "revoked_by", "revision")
    return [
        {
            "row": row,
            "fits": row.revoked_at is None and row.fingerprint == text,
            "may_revoke": row.revoked_at is None and roles.may(by, approved.RIGHTS[row.level], story),
            "form": RevokeForm(prefix="revoke", initial={"approval": row.pk}),
        }
        for row in rows
    ]
