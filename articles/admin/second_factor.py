"""The page of one's own account, with the second factor on it, and what the login page asks of those who have one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from articles.desk import accounts, factors
from articles.models import User

from . import rescue

# What somebody may still do who has not set up a factor in time.
OPEN = frozenset({"account", "logout", "password_change", "password_change_done", "token", "logged_in_place"})


class LoginForm(AdminAuthenticationForm):
    """Name and password; then, in the same form, the code of who has a second factor.

    One sentence for a wrong password, an unknown name and a locked account alike: it tells nobody who works here.
    Between the two the form carries a word that says who passed, for five minutes; no password is carried.
    """

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": gettext_lazy("That name and password do not go together. Capital letters count in both."),
        "inactive": gettext_lazy("That name and password do not go together. Capital letters count in both."),
    }
    code = forms.CharField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=30,
        help_text=gettext_lazy("The six digits that your app shows now, or one of your recovery codes."),
        widget=forms.TextInput({"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )
    asks_code = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "passed" in self.data:
            self.fields["username"].required = self.fields["password"].required = False

    def clean(self) -> dict[str, Any]:
        user = factors.who_passed(self.data["passed"]) if "passed" in self.data else None
        if user is not None:
            user.backend = "articles.desk.rights.Rights"
            self.confirm_login_allowed(user)
            self.user_cache = user
        elif "passed" in self.data:
            raise ValidationError(_("That took more than five minutes. Log in once more."), code="late")
        else:
            super().clean()
        if self.user_cache is None:  # a field is empty, and says so itself
            return self.cleaned_data
        factors.let_in(self.user_cache, how=self._second(), at=timezone.now())
        return self.cleaned_data

    def _second(self) -> str:
        """How the second factor was given; "" where there is none. Raises ValidationError."""
        user: Any = self.user_cache
        if not factors.of(user):
            return ""
        self.asks_code, self.passed = True, factors.passed(user)
        code = self.cleaned_data.get("code", "")
        if not code and "passed" not in self.data:
            raise ValidationError("", code="asked")  # no fault: the page goes on to its second half
        try:
            return factors.check(user, code, at=timezone.now())
        except factors.WrongCode as wrong:
            raise ValidationError(str(wrong), code="wrong") from wrong


class Asked(forms.Form):
    """What is asked again before the factor changes: whoever finds a desk open knows neither."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, data: Any = None, *, prefix: str):
        super().__init__(data if data and data.get("act") == prefix else None, prefix=prefix)
        self.user = user

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("That is not your password."))
        return ""


class Confirmed(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The number that the app shows now"),
        max_length=10,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@sensitive_post_parameters()
def page(request: HttpRequest) -> HttpResponse:
    """Set up, confirm, renew the codes, end all other sessions: each by a button of its own."""
    user, act = request.user, request.POST.get("act", "")
    asked = {name: Asked(user, request.POST or None, prefix=name) for name in ("begin", "codes", "everywhere")}
    shown: dict[str, Any] = {}
    if act in asked and asked[act].is_valid():
        if act == "everywhere":
            return _everywhere(request)
        shown = _begun(user) if act == "begin" else _renewed(request)
    elif act == "confirm":
        shown = _confirmed(request)
    return _page(request, asked, shown)


def _begun(user: User) -> dict[str, Any]:
    key = factors.begin(user)
    return {"key": key, "picture": _picture(factors.address(user, key)), "confirm": Confirmed()}


def _renewed(request: HttpRequest) -> dict[str, Any]:
    if not factors.of(request.user):
        return {}
    return {"codes": factors.renew_codes(request.user, at=timezone.now())}


def _confirmed(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    form, key = Confirmed(request.POST), factors.pending(user)
    if not key:
        return {}
    if form.is_valid():
        try:
            return {"codes": factors.confirm(user, form.cleaned_data["code"].replace(" ", ""), at=timezone.now())}
        except factors.WrongCode as wrong:
            form.add_error("code", str(wrong))
    return {"key": key, "picture": _picture(factors.address(user, key)), "confirm": form}


def _everywhere(request: HttpRequest) -> HttpResponse:
    accounts.log_out_everywhere(request.user, at=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, _("You are logged out everywhere but here."))
    return redirect("admin:account")


def _page(request: HttpRequest, asked: dict[str, Asked], shown: dict[str, Any]) -> HttpResponse:
    user: Any = request.user
    context = admin.site.each_context(request) | {
        "title": _("Your account"),
        "factor": factors.of(user),
        "left": factors.codes_left(user),
        "asked": asked,
        "is_overdue": factors.is_overdue(user),
    }
    return render(request, "desk/account.html", context | shown)


def _picture(address: str) -> SafeString:
    """What an app reads with its camera: black on white in the dark look too."""
    import segno

    drawn = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  made of squares


def first_page(request: HttpRequest) -> HttpResponse | None:
    """Where somebody is sent who has not set up a factor in time, whatever they asked for; not without their text."""
    match = request.resolver_match
    if not factors.is_overdue(request.user) or (match and match.url_name in OPEN):
        return None
    if sent := rescue.sent_with(request):
        sentence = _("Set up your second factor first: your name, at the top, leads there.")
        return rescue.text_is_here(request, sent, sentence=sentence, status=403)
    return redirect("admin:account")
