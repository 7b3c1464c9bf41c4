"""What the login page asks of those who have a second factor, and the page of one's own app and recovery codes."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk import factors, identities, passkeys
from articles.models import User

from . import proving, rescue
from .passkeys import place_of

# What somebody may still do who has not set up a factor in time.
OPEN = frozenset(
    [
        "second_factor",
        "account",
        "prove",
        "passkey_begin_new",
        "passkey_add",
        "identity_begin",
        "identity_add",
        "logout",
        "password_change",
        "password_change_done",
        "token",
        "logged_in_place",
    ]
)


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
    word = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=passkeys.LONGEST_ANSWER, widget=forms.HiddenInput)
    asks_code = has_keys = is_elsewhere = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys_here = self.request is not None and place_of(self.request) is not None
        if "passed" in self.data or self.data.get("key"):
            self.fields["username"].required = self.fields["password"].required = False

    def clean(self) -> dict[str, Any]:
        user = factors.who_passed(self.data["passed"]) if "passed" in self.data else None
        if user is not None:
            self._is(user)
        elif "passed" in self.data:
            raise ValidationError(_("That took more than five minutes. Log in once more."), code="late")
        elif not self.data.get("key"):
            super().clean()
            if self.user_cache is None:  # a field is empty, and says so itself
                return self.cleaned_data
        how = self._key(user) if self.data.get("key") else self._second()
        request: Any = self.request
        request.came_in_by = how
        first = factors.first_of(self.data.get("passed", ""))
        factors.let_in(self.user_cache, how=how, at=timezone.now(), first=first)
        return self.cleaned_data

    def comes_from(self, provider: str, user: User, *, has_second_factor: bool) -> str | None:
        """``user`` came by what a provider says instead of a password: by which second factor, "" by none.

        None where this form must ask for a code. Raises ValidationError.
        """
        self._is(user)
        if has_second_factor or not factors.is_set_up(user):
            return provider if has_second_factor else ""
        self._ask_for_code(user, first=provider)
        return None

    def _is(self, user: Any) -> None:
        user.backend = "articles.desk.rights.Rights"
        self.confirm_login_allowed(user)
        self.user_cache = user

    def _key(self, user: User | None) -> str:
        """A passkey is both factors: it opens the door alone, and after the password. Raises ValidationError."""
        if user is not None:
            self._ask_for_code(user)
        place = place_of(self.request)
        try:
            if place is None:
                raise passkeys.WrongKey(_("Browsers keep no passkeys for an address of numbers."))
            word, key = self.cleaned_data.get("word", ""), self.cleaned_data.get("key", "")
            self._is(passkeys.check(word, key, place, at=timezone.now(), user=user))
        except passkeys.WrongKey as wrong:
            raise ValidationError(str(wrong), code="wrong") from wrong
        return "passkey"

    def _ask_for_code(self, user: User, first: str = "") -> None:
        """The page, if it comes back, comes with its second half."""
        first = first or factors.first_of(self.data.get("passed", ""))
        self.asks_code, self.passed = True, factors.passed(user, first=first)
        self.has_keys, self.is_elsewhere = user.passkeys.exists(), not first and identities.is_factor_of(user)

    def _second(self) -> str:
        """How the second factor was given; "" where there is none. Raises ValidationError."""
        user: Any = self.user_cache
        if not factors.is_set_up(user):
            return ""
        self._ask_for_code(user)
        code = self.cleaned_data.get("code", "")
        if not code and "passed" not in self.data:
            raise ValidationError("", code="asked")  # no fault: the page goes on to its second half
        try:
            return factors.check(user, code, at=timezone.now())
        except factors.WrongCode as wrong:
            raise ValidationError(str(wrong), code="wrong") from wrong


class Confirmed(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The number that the app shows now"),
        max_length=10,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None):
        super().__init__(data)
        if self.is_bound:  # it comes back: the number was wrong
            self.fields["code"].widget.attrs["autofocus"] = True


def page(request: HttpRequest) -> HttpResponse:
    """Set up an app, confirm it, renew the codes: each by a button of its own, once it is proved who asks."""
    act, shown = request.POST.get("act", ""), {}
    if request.method == "POST" and not proving.is_proved(request):
        return redirect(f"{reverse('admin:prove')}?next={reverse('admin:second_factor')}")
    if act in ACTS:
        shown = ACTS[act](request)
    return _page(request, shown)


def _begun(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    key = factors.begin(user)
    return _to_confirm(user, key, Confirmed())


def _renewed(request: HttpRequest) -> dict[str, Any]:
    if not factors.is_set_up(request.user):
        return {}
    return {"codes": factors.renew_codes(request.user, at=timezone.now())}


def _confirmed(request: HttpRequest) -> dict[str, Any]:
    user: Any = request.user
    key = factors.pending(user)
    if not key:
        return {"trouble": _("No app waits for its first number any more: perhaps you set one up in another tab.")}
    if request.POST.get("of", _mark(key)) != _mark(key):
        anew = _("You have begun anew in another tab: only this key counts. Show it to your app.")
        return _to_confirm(user, key, Confirmed(), trouble=anew)
    form = Confirmed(request.POST)
    if form.is_valid():
        try:
            return {"codes": factors.confirm(user, form.cleaned_data["code"].replace(" ", ""), at=timezone.now())}
        except factors.WrongCode as wrong:
            form.add_error("code", str(wrong))
    return _to_confirm(user, key, form)


def _to_confirm(user: User, key: str, form: Confirmed, *, trouble: str = "") -> dict[str, Any]:
    """Shows ``key`` to an app: a picture for a camera, an address for an app on this device, letters for a person."""
    address = factors.address(user, key)
    return {
        "key": key,
        "groups": [key[start : start + 4] for start in range(0, len(key), 4)],
        "address": address,
        "picture": _picture(address),
        "of": _mark(key),
        "confirm": form,
        "trouble": trouble,
        "errors": trouble or form.errors,
    }


def _mark(key: str) -> str:
    """Tells which key a form belongs to, without saying it: two tabs may each have begun."""
    return salted_hmac("articles.admin.second_factor", key, algorithm="sha256").hexdigest()[:16]


ACTS: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {"begin": _begun, "codes": _renewed, "confirm": _confirmed}


def _page(request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
    user: Any = request.user
    context = admin.site.each_context(request) | {
        "title": _("App and recovery codes"),
        "factor": factors.of(user),
        "left": factors.codes_left(user),
        "may_have_codes": factors.is_set_up(user),
    }
    return render(request, "desk/codes.html", context | shown)


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
