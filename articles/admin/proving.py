"""Asking again who somebody is before what is dangerous: an open desk is not its owner. Publishing is not among it.

Who has come in or proved it within PROOF_MINUTES is not asked. What came with a form is not lost: it travels through
the page that asks, as it does through the login page, and stands after it on a page from which the form opens again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from articles import audit
from articles.desk import passkeys

from . import rescue
from .passkeys import KeyFields, place_of

_PROVED = "proved_at"


class ProofForm(KeyFields):
    """The password once more, or a passkey. Wrong passwords count as they do at the door."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        required=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: HttpRequest, data: Any = None):
        super().__init__(data)
        self.request = request

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        user: Any = self.request.user
        if cleaned.get("key"):
            try:
                where = place_of(self.request)
                passkeys.check(cleaned.get("word", ""), cleaned["key"], where, at=timezone.now(), user=user)
            except passkeys.WrongKey as wrong:
                raise ValidationError(str(wrong)) from wrong
        elif authenticate(self.request, username=user.username, password=cleaned.get("password", "")) != user:
            raise ValidationError(_("That is not your password."))
        return cleaned


def is_proved(request: HttpRequest) -> bool:
    proved_at = request.session.get(_PROVED, 0)
    return 0 <= timezone.now().timestamp() - proved_at <= settings.PROOF_MINUTES * 60


def first(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """``view`` for an act on one's own account, once it is proved who asks; it is asked for again after that."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_proved(request):
            return view(request, *args, **kwargs)
        return redirect(f"{reverse('admin:prove')}?next={reverse('admin:account')}")

    return answer


def ask(request: HttpRequest) -> HttpResponse:
    """The page that asks, in the place of what was asked for."""
    return _page(request, ProofForm(request), rescue.sent_with(request), request.get_full_path(), status=403)


@sensitive_post_parameters()
def page(request: HttpRequest) -> HttpResponse:
    """Where that page is sent. Whoever opens it by its address is asked all the same."""
    onward = request.POST.get("next", "") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = reverse("admin:account")
    if request.method != "POST":
        return _page(request, ProofForm(request), rescue.Sent(), onward)
    form, sent = ProofForm(request, request.POST), rescue.sent_with(request)
    if not form.is_valid():
        return _page(request, form, sent, onward)
    has_come_in(request)
    audit.record("proved who they are", request.user, by=request.user, key=bool(form.cleaned_data.get("key")))
    return rescue.text_is_here(request, sent) if sent else redirect(onward)


def _page(request: HttpRequest, form: ProofForm, sent: rescue.Sent, onward: str, status: int = 200) -> HttpResponse:
    user: Any = request.user
    context = admin.site.each_context(request) | {
        "title": _("Is it you?"),
        "form": form,
        "sent": sent,
        "next": onward,
        "keys_here": place_of(request) and user.passkeys.exists(),
    }
    return render(request, "desk/prove.html", context, status=status)


def is_not_asked(request: HttpRequest) -> None:
    """Somebody came in without having been asked for anything here, so they have proved nothing yet."""
    request.session.pop(_PROVED, None)


def has_come_in(request: HttpRequest) -> None:
    """Whoever has just come in has proved it."""
    request.session[_PROVED] = timezone.now().timestamp()
