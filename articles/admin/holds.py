"""All casualty holds on one page: set one on a name, see what is live under it, lift one."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import holds, roles
from articles.models import Hold

from .handling import REFUSALS, HoldForm, LiftForm, lift

LIFTED_SHOWN = 50


class NameForm(HoldForm):
    """The name to be held, and how else it may be spelt."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=150)
    variants = forms.CharField(
        label=gettext_lazy("Other spellings"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line. Capitals, accents and hyphens make no difference."),
    )
    field_order = ("name", "variants", "reason")


def page(request: HttpRequest) -> HttpResponse:
    """The holds that stand and those that were lifted. POST sets one on a name, or lifts one."""
    if not request.user.has_perm("articles.view_hold"):
        raise PermissionDenied
    sent: dict[str, forms.Form] = {}
    if request.method == "POST":
        name = request.POST.get("form", "")
        if name not in MAKE:
            raise Http404
        questions, make = MAKE[name]
        form = sent[name] = questions(request.POST, prefix=name)
        if form.is_valid():
            try:
                messages.success(request, make(request, form.cleaned_data))
            except REFUSALS as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("admin:holds")
    return TemplateResponse(request, "desk/holds.html", _context(request, sent))


def _context(request: HttpRequest, sent: dict[str, forms.Form]) -> dict:
    now, rows = timezone.now(), Hold.objects.select_related("article", "set_by", "lifted_by")
    standing = [{"hold": hold, "live": holds.live_with(hold, at=now)} for hold in rows.filter(lifted_at=None)]
    return admin.site.each_context(request) | {
        "title": _("Casualty holds"),
        "standing": standing,
        "lifted": rows.exclude(lifted_at=None).order_by("-lifted_at")[:LIFTED_SHOWN],
        "forms": {name: form(prefix=name) for name, (form, _make) in MAKE.items()} | sent,
        "lifting": request.POST.get("lift-hold", ""),
        "may_hold": roles.may(request.user, "hold"),
        "may_lift": roles.may(request.user, "lift"),
    }


def _set(request: HttpRequest, said: dict) -> str:
    variants = said["variants"].splitlines()
    holds.set_on_name(said["name"], variants=variants, reason=said["reason"], by=request.user)
    return _("The name is held in every story, caption, text alternative and topic.")


def _lift(request: HttpRequest, said: dict) -> str:
    return lift(None, request.user, said)


MAKE = {"name": (NameForm, _set), "lift": (LiftForm, _lift)}
