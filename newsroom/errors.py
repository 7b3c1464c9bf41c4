"""Pages for what goes wrong before or around a story: one sentence, what to do next, no details, no query.

Browsers forget what was typed into pages that may not be kept, so whoever sent a text gets it back in the answer.
"""

import errno
import logging
import re
import sys

from django.conf import settings
from django.contrib.messages.storage import default_storage
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom import requests
from newsroom.paths import in_newsroom

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

log = logging.getLogger(__name__)

# SQLite says it in words. PostgreSQL has codes: lock not available, deadlock, serialisation failure.
_LOCKED_WORDS = re.compile(r"\b(?:database|table|schema)\b.* is locked")
_LOCKED_CODES = frozenset({"55P03", "40P01", "40001"})
# The same for a full disk; PostgreSQL's code is disk full.
_FULL_WORDS, _FULL_CODE, _FULL_NUMBERS = "database or disk is full", "53100", frozenset({errno.ENOSPC, errno.EDQUOT})


def is_busy(error: BaseException | None) -> bool:
    """Whether ``error`` says that somebody else holds the lock, so that the same request may succeed in a moment."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code in _LOCKED_CODES or bool(_LOCKED_WORDS.search(str(error)))


def is_full(error: BaseException | None) -> bool:
    """Whether ``error`` says that the disk of the database or of the files is full."""
    if isinstance(error, OSError):
        return error.errno in _FULL_NUMBERS
    return isinstance(error, OperationalError) and (
        getattr(error.__cause__, "sqlstate", None) == _FULL_CODE or _FULL_WORDS in str(error)
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400: 413 for more text, fields or files than one form may bring, else the readers' 400."""
    if not isinstance(exception, TOO_MUCH):
        return import_string(settings.BAD_REQUEST_PAGE)(request, exception)
    sentence = _(
        "That is more than one form can bring: %(megabytes)s MB of text in %(fields)s fields, and %(files)s files."
        " Send it in parts."
    ) % {
        "megabytes": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024),
        "fields": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
        "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return _answer(request, _("Too much at once"), sentence, status=413, to_script={"wrong": sentence})


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while the exception is handled: 503 for a held lock, 507 where a journalist meets a
    full disk, else 500.

    What came with a journalist's form is given back; to everybody else it is the readers' page.
    """
    if is_busy(sys.exception()):
        return busy(request)
    if is_full(sys.exception()) and in_newsroom(request):
        return full(request)
    sentence = _("Something went wrong here. Our log knows what, under the number %(number)s.")
    kept = _after_a_fault(request, sentence % {"number": request.META.get(requests.NUMBER, "?")}, status=500)
    return kept or import_string(settings.SERVER_ERROR_PAGE)(request)


def busy(request: HttpRequest) -> HttpResponse:
    """Say that another change is being saved, with 503 and Retry-After."""
    sentence = _("The newsroom is busy saving another change. Nothing was lost: go back and try again.")
    response = _after_a_fault(request, _("The newsroom is busy saving another change."), status=503) or _answer(
        request, _("One moment"), sentence, status=503, to_script={"busy": sentence}
    )
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


def full(request: HttpRequest) -> HttpResponse:
    """Say that nothing can be saved because the disk is full, with 507; who wrote something has it back."""
    sentence = _("The site’s disk is full, so nothing can be saved. Tell whoever runs it; readers notice nothing.")
    response = _after_a_fault(request, sentence, status=507) or _answer(
        request, _("The disk is full"), sentence, status=507, to_script={"busy": sentence}
    )
    response["Cache-Control"] = "no-store"
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """Say that what was sent exceeds MAX_UPLOAD_MB, with 413."""
    sentence = _("That is more than %(limit)s MB in one go. Send a smaller file, or fewer of them at a time.")
    sentence %= {"limit": settings.MAX_UPLOAD_MB}
    return _answer(request, _("Too much at once"), sentence, status=413, to_script={"wrong": sentence})


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: the form's token does not belong to this session (``reason`` is for the log).

    A script fetches the new token and sends the same again; a person gets back what they wrote.
    """
    kept = _with_text(request, _("That form belonged to an earlier visit."), status=403)
    if kept:
        return kept
    sentence = _(
        "This form belongs to an earlier visit, or your browser refuses our cookie. Go back, copy what you wrote,"
        " reload the page and send it again."
    )
    return _answer(request, _("Not saved yet"), sentence, status=403, to_script={"token": True})


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict | None = None
) -> HttpResponse:
    """Django-axes' lockout page: too many wrong passwords for this name from this address; 429 with Retry-After."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    sentence = ngettext(
        "Too many wrong passwords, for this name or from your address. Wait one minute, then try again.",
        "Too many wrong passwords, for this name or from your address. Wait %(minutes)s minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}
    page = _with_text(request, sentence, status=429) or _page(request, _("Locked for a while"), sentence, status=429)
    page["Retry-After"] = str(minutes * 60)
    return page


def _accepts_json(request: HttpRequest) -> bool:
    """Whether a script asks; no browser asks for JSON by itself."""
    return "application/json" in request.headers.get("Accept", "")


def _with_text(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse | None:
    """The sentence on a page that gives back what came with the request; None where there is nothing to give back."""
    return None if _accepts_json(request) else import_string(settings.RESCUE)(request, sentence=sentence, status=status)


def _after_a_fault(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse | None:
    """As ``_with_text``, where more than one thing may be broken: then None, and a page that needs nothing.

    What was to be said before the fault is not said beside it: “Saved” may have come before a commit that failed.
    """
    try:
        if hasattr(request, "_messages"):
            request._messages = default_storage(request)
        return _with_text(request, sentence, status=status)
    except Exception:
        log.exception("The text that came with a form could not be given back.")
        return None


def _answer(request: HttpRequest, title: str, sentence: str, *, status: int, to_script: dict) -> HttpResponse:
    """The page, or ``to_script`` for whoever accepts JSON."""
    if _accepts_json(request):
        return JsonResponse(to_script, status=status)
    return _page(request, title, sentence, status=status)


def _page(request: HttpRequest, title: str, sentence: str, *, status: int) -> HttpResponse:
    newsroom = f"/{settings.ADMIN_PATH}" if in_newsroom(request) else ""
    context = {"title": title, "sentence": sentence, "newsroom": newsroom}
    return render(request, "sentence.html", context, status=status)
