"""Coming in by a provider of OpenID Connect, and linking an account there to one's own. 404 where there is none.

Both begin with a link and not with a form: browsers hold a form's redirects to form-action too (CSP 3, 6.4.1), and no
page of ours may send what was typed to another site. So nothing is done on the way back but what was begun in this very
browser, and a link is made only by a button after it, on a page that says whose account it is.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from articles.desk import factors, identities, issuer, openid

from . import proving, visiting, your_account
from .second_factor import LoginForm

BY = "OpenID Connect"  # on the record, and beside a session
_SHOWN = "identity_shown"
_LONGEST_ONWARD = 1000  # characters; a cookie holds it


def _if_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not issuer.is_on():
            raise Http404
        return view(request, *args, **kwargs)

    return answer


# --- Coming in -------------------------------------------------------------------------------------------------------


@_if_on
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """On to the provider, to come in."""
    onward = request.GET.get("next", "")[:_LONGEST_ONWARD]
    try:
        return _on_to_provider(onward=onward)
    except issuer.NotShown as fault:
        return _door(request, LoginForm(request), onward, sentence=str(fault))


@_if_on
@require_GET
@sensitive_variables()
def back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends people back to, whatever they began. What was asked is forgotten by it."""
    asked = openid.asked_by(request.COOKIES.get(settings.OIDC_COOKIE_NAME, ""))
    is_linking = asked is not None and asked.user is not None
    try:
        shown = openid.check(asked, request.GET.dict(), _back(), at=timezone.now())
        answer = _shown_inside(request, asked, shown) if is_linking else _shown_outside(request, asked, shown)
    except issuer.NotShown as fault:
        if admin.site.has_permission(request):  # linking; or inside already, and here by the browser's way back
            messages.warning(request, str(fault))
            answer = redirect("admin:account" if is_linking else "admin:index")
        else:
            answer = _door(request, LoginForm(request), asked.onward if asked else "", sentence=str(fault))
    answer.delete_cookie(settings.OIDC_COOKIE_NAME, samesite="Lax")
    return answer


def _shown_outside(request: HttpRequest, asked: Any, shown: openid.Shown) -> HttpResponse:
    """The same steps as the login form's, once it is known whose account that is. Raises NotShown."""
    now, form = timezone.now(), LoginForm(request)
    user = identities.check(shown, at=now)
    try:
        how = form.comes_from(BY, user, has_second_factor=shown.has_second_factor)
    except ValidationError as refused:
        raise issuer.NotShown(refused.messages[0]) from refused
    if how is None:
        return _door(request, form, asked.onward)
    factors.let_in(user, how=how, at=now, first=BY)
    login(request, user)
    proving.is_not_asked(request)
    answer = redirect(_here(asked.onward))
    visiting.came_in(request, answer, how=how)
    return answer


def _door(request: HttpRequest, form: LoginForm, onward: str, *, sentence: str = "") -> HttpResponse:
    """The login page, with its second half where ``form`` asks for a code."""
    context = admin.site.each_context(request) | {
        "title": _("Log in"),
        "form": form,
        "app_path": reverse("admin:login"),
        "next": _here(onward),
        "trouble": sentence,
    }
    return render(request, "admin/login.html", context)


# --- In one's account ------------------------------------------------------------------------------------------------


@_if_on
@require_GET
@proving.first
def begin_link(request: HttpRequest) -> HttpResponse:
    """On to the provider, to show an account there that is to open one's own."""
    try:
        return _on_to_provider(user=request.user.pk)
    except issuer.NotShown as fault:
        messages.warning(request, str(fault))
        return redirect("admin:account")


def _shown_inside(request: HttpRequest, asked: Any, shown: openid.Shown) -> HttpResponse:
    """It waits in the session until its owner says that it is the right one: another may be open at the provider."""
    if not admin.site.has_permission(request) or request.user.pk != asked.user:
        raise issuer.NotShown(_("You were logged out, or are somebody else now. Log in, and begin again."))
    request.session[_SHOWN] = [shown.issuer, shown.subject, shown.name, shown.at]
    return redirect("admin:identity_add")


@_if_on
@require_http_methods(["GET", "HEAD", "POST"])
@proving.first
def add(request: HttpRequest) -> HttpResponse:
    """Asks whether that is the right account, and links it. Who had no recovery codes gets them with a factor."""
    user: Any = request.user
    waits = request.session.get(_SHOWN)
    if not waits or timezone.now().timestamp() - waits[3] > openid.ANSWER_WITHIN.total_seconds():
        return redirect("admin:account")
    shown = openid.Shown(*waits, has_second_factor=False)
    if request.method != "POST":
        context = admin.site.each_context(request) | {"title": _("Is that your account?"), "shown": shown}
        return render(request, "desk/identity.html", context)
    del request.session[_SHOWN]
    try:
        identity = identities.link(user, shown, at=timezone.now())
    except issuer.NotShown as fault:
        messages.warning(request, str(fault))
        return redirect("admin:account")
    messages.success(request, _("“%(name)s” opens your account from now on.") % {"name": identity})
    if not identities.is_factor_of(user) or factors.codes_left(user):
        return redirect("admin:account")
    return your_account.with_codes(request, factors.renew_codes(user, at=timezone.now()))


@_if_on
@require_POST
@proving.first
def remove(request: HttpRequest, identity: int) -> HttpResponse:
    user: Any = request.user
    found = user.identities.filter(pk=identity).first()
    if found is None:  # pressed twice, or in two tabs
        messages.info(request, _("That link was removed already."))
        return redirect("admin:account")
    identities.remove(found, by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” no longer opens your account.") % {"name": found})
    return redirect("admin:account")


# --- Both ------------------------------------------------------------------------------------------------------------


def _on_to_provider(**facts: Any) -> HttpResponse:
    """With a cookie that binds the answer to this browser. Lax, or it would not come back with it. Raises NotShown."""
    url, word = openid.ask(_back(), at=timezone.now(), **facts)
    answer = redirect(url)
    answer.set_cookie(
        settings.OIDC_COOKIE_NAME,
        word,
        max_age=openid.ANSWER_WITHIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _back() -> str:
    """The one address that the provider knows of us."""
    return settings.SITE_URL + reverse("admin:openid_back")


def _here(onward: str) -> str:
    """``onward`` if it is an address of ours, else the desk."""
    return onward if onward and url_has_allowed_host_and_scheme(onward, allowed_hosts=None) else reverse("admin:index")
