"""Addresses for machines: is the process alive, can it serve, and what is there to count? Strangers get one word.

Who shows HEALTH_TOKEN, or asks from one of HEALTH_NETWORKS, is an operator and gets the whole status. A cookie is never
looked at here, and the database is not waited for.
"""

import json
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom import status
from newsroom.middleware import comes_from

# What a story could not be read or written without. All else spoils no page, so it is told and not counted.
COUNTED = ("database", "migrations", "pictures")


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all; asks nothing of database or disk."""
    return _words("ok\n")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when a story could be read and written here, else 503; to operators as JSON with every part."""
    now, for_operators = timezone.now(), is_operators(request)
    facts = status.lately(now) if for_operators else status.lately(now, parts=COUNTED)
    is_ready = not any(fact.do for fact in facts if fact.name in COUNTED)
    code = 200 if is_ready else 503
    if not for_operators:
        return _words("ok\n" if is_ready else "not ready\n", status=code)
    parts = {
        fact.name: {"well": not fact.do, "says": fact.says, **({"do": fact.do} if fact.do else {})} for fact in facts
    }
    told = json.dumps({"ready": is_ready, "parts": parts}, ensure_ascii=False, indent=1)
    return HttpResponse(f"{told}\n", status=code, content_type="application/json")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus; 403 for strangers. Only there where METRICS is on."""
    if not is_operators(request):
        return _words("This is for the operators of this site.\n", status=403)
    from newsroom import metrics  # needs a library that is only there where it is used

    return HttpResponse(metrics.page(), content_type=metrics.CONTENT_TYPE)


def is_operators(request: HttpRequest) -> bool:
    """Whether the request shows the token, or comes from a network of the operators'."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if settings.HEALTH_TOKEN and compare_digest(shown, settings.HEALTH_TOKEN.encode()):
        return True
    return comes_from(request, settings.HEALTH_NETWORKS)


def _words(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
