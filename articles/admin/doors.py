"""Doors for our own scripts: each answer is JSON, a refusal too, and nobody is sent to another page."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles import audit
from articles.desk import factors, roles, visits


def for_scripts(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """``view`` behind a door for scripts; it stands where pages have ``admin_view``. Besides the view's own answer:

    - 401 ``{"ended": true}``: nobody is logged in, the account does not open the newsroom any more, or it is not that
      of the page that asks (its header X-Account)
    - 403 ``{"refused": sentence}``: this is not theirs to do
    - 404 ``{"missing": sentence}``
    - 400 and 413 ``{"wrong": sentence}``: what was sent cannot be read, or is too much

    The plant room adds 403 ``{"token": true}`` for a token of another session and 503 ``{"busy": sentence}``, to
    whoever accepts JSON. Nothing of this may be kept by anybody: no address of the newsroom may.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not admin.site.has_permission(request) or _is_anothers(request):
            return JsonResponse({"ended": True}, status=401)
        if factors.is_overdue(request.user):
            return JsonResponse({"refused": _("Set up your second factor first: see the desk.")}, status=403)
        note(request)
        try:
            with recorded(request):
                return view(request, *args, **kwargs)
        except (roles.Refused, PermissionDenied) as refusal:
            return JsonResponse({"refused": str(refusal) or not_theirs(request)}, status=403)
        except Http404:
            return JsonResponse({"missing": _("That is not in the newsroom.")}, status=404)
        except (BadRequest, UnreadablePostError) as wrong:
            return JsonResponse({"wrong": str(wrong) or _("What was sent cannot be read.")}, status=400)
        except RequestDataTooBig:
            return JsonResponse({"wrong": _("That is too much at once.")}, status=413)

    answer.for_scripts = True  # a test asks each door whose it is
    return answer


def recorded(request: HttpRequest) -> AbstractContextManager[None]:
    """What the record says of ``request`` was done from its address and browser."""
    address = import_string(settings.CLIENT_ADDRESS)(request)
    return audit.done_from(address or "", request.headers.get("User-Agent", ""))


def note(request: HttpRequest) -> None:
    """Something is sent from this session: its owner sees when that last was."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.session.session_key:
        visits.seen(request.session.session_key, at=timezone.now())


def _is_anothers(request: HttpRequest) -> bool:
    """Does the page that asks belong to another account than the one that is logged in now?"""
    return request.headers.get("X-Account", str(request.user.pk)) != str(request.user.pk)


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that a script sent, with text that every database can hold. Raises BadRequest."""
    try:
        words = json.loads(request.body)
        if not isinstance(words, dict):
            raise ValueError
        for text in _texts(words):
            if "\0" in text:
                raise ValueError
            text.encode()  # half a character, as in "\ud83d", is none
    except (ValueError, RecursionError, RawPostDataException) as wrong:  # the last: it was a form with files
        raise BadRequest(_("What was sent cannot be read.")) from wrong
    return words


def not_theirs(request: HttpRequest) -> str:
    """What to say where a permission is missing and no verb has said it better."""
    held = ", ".join(sorted(request.user.groups.values_list("name", flat=True)))
    if not held:
        return str(_("Your account has no role yet. Ask a site administrator for one."))
    return str(
        _("This is not part of your role (%(role)s). A site administrator can say who does it.") % {"role": held}
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _texts(part)
