"""One's own account: what opens it, where it is open, and how either ends."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.desk import accounts, factors, identities, passkeys, visits

from . import proving
from .browsers import named
from .passkeys import KeyFields, place_of


class NewKeyForm(KeyFields):
    name = forms.CharField(
        label=gettext_lazy("What you call it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For example “telephone”, “office computer”, “stick on my keys”."),
    )


def page(request: HttpRequest) -> HttpResponse:
    return _page(request, NewKeyForm())


@require_POST
@proving.first
def add_key(request: HttpRequest) -> HttpResponse:
    """The browser has made a key. Who had no recovery codes gets them now: a telephone can be lost."""
    user: Any = request.user
    form, place = NewKeyForm(request.POST), place_of(request)
    if place is None or not form.is_valid():
        return _page(request, form)
    try:
        said = form.cleaned_data
        key = passkeys.add(user, said["word"], said["key"], place, name=said["name"], at=timezone.now())
    except passkeys.WrongKey as wrong:
        form.add_error(None, str(wrong))
        return _page(request, form)
    messages.success(request, _("“%(name)s” opens your account from now on.") % {"name": key})
    if factors.codes_left(user):
        return redirect("admin:account")
    return with_codes(request, factors.renew_codes(user, at=timezone.now()))


@require_POST
@proving.first
def remove_key(request: HttpRequest, key: int) -> HttpResponse:
    user: Any = request.user
    found = user.passkeys.filter(pk=key).first()
    if found is None:  # pressed twice, or in two tabs
        messages.info(request, _("That passkey was removed already."))
        return redirect("admin:account")
    passkeys.remove(found, by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” no longer opens your account.") % {"name": found})
    return redirect("admin:account")


@require_POST
@proving.first
def end_session(request: HttpRequest, visit: int) -> HttpResponse:
    user: Any = request.user
    found = user.visits.filter(pk=visit).first()
    if found is None:  # pressed twice, or it has run out since the page was made
        messages.info(request, _("That session was over already."))
        return redirect("admin:account")
    if found.session_key == request.session.session_key:
        messages.warning(request, _("That is this session. Log out, with the button on top."))
        return redirect("admin:account")
    visits.end(found, by=request.user, at=timezone.now())
    messages.success(request, _("That session is over."))
    return redirect("admin:account")


@require_POST
@proving.first
def end_others(request: HttpRequest) -> HttpResponse:
    user, before = request.user, request.session.session_key
    accounts.log_out_everywhere(user, at=timezone.now())
    update_session_auth_hash(request, user)
    goes_on(request, before)
    messages.success(request, _("You are logged out everywhere but here."))
    return redirect("admin:account")


def goes_on(request: HttpRequest, before: str | None) -> None:
    """This session goes on under its new key; all others of the account are over."""
    visits.moved(before, request.session.session_key)
    visits.end_all(request.user, but=request.session.session_key)


def with_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The page with new recovery codes, which are shown this once."""
    return _page(request, NewKeyForm(), codes=codes)


def _page(request: HttpRequest, form: NewKeyForm, **shown: Any) -> HttpResponse:
    user: Any = request.user
    running = visits.of(user, at=timezone.now())
    context = admin.site.each_context(request) | {
        "title": _("Your account"),
        "factor": factors.of(user),
        "left": factors.codes_left(user),
        "is_overdue": factors.is_overdue(user),
        "passkeys": passkeys.of(user),
        "identity": identities.of(user),
        "form": form,
        "place": place_of(request),
        "visits": [
            (visit, named(visit.browser), visit.session_key == request.session.session_key) for visit in running
        ],
    }
    return render(request, "desk/account.html", context | shown)
