"""What pages and scripts ask of passkeys: questions for the browser, and the fields in which its answer comes back."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from articles.desk import factors, passkeys


class KeyFields(forms.Form):
    """Filled in by static/desk/passkeys.js: what was asked, and what the browser answered."""

    word = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=passkeys.LONGEST_ANSWER, widget=forms.HiddenInput)


def place_of(request: HttpRequest) -> passkeys.Place | None:
    """Where keys count; None under an address of numbers, for which no browser makes any."""
    host = request.get_host()
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return passkeys.Place(name, f"{request.scheme}://{host}")
    return None


@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """For the script of a page that asks for a key: the question. It tells nobody's name, nor whether they have a key.

    With the word of who has just given their password, or for somebody inside, it names their keys, for sticks.
    """
    place = place_of(request)
    if place is None:
        return JsonResponse({"wrong": _no_place()}, status=400)
    user: Any = factors.who_passed(request.POST.get("passed", ""))
    if user is None and request.user.is_authenticated and request.POST.get("own"):
        user = request.user
    options, word = passkeys.ask(place, user, at=timezone.now())
    return JsonResponse({"options": options, "word": word})


@require_POST
def begin_new(request: HttpRequest) -> JsonResponse:
    """For the script of one's own account: what the browser is to make."""
    place = place_of(request)
    if place is None:
        return JsonResponse({"wrong": _no_place()}, status=400)
    options, word = passkeys.ask_for_new(request.user, place, at=timezone.now())
    return JsonResponse({"options": options, "word": word})


def _no_place() -> str:
    return _("Browsers keep no passkeys for an address of numbers. Open the newsroom by its name.")
