"""What all answers to readers have in common: GET or HEAD, one moment ``t``, a proof of freshness, and no cookie."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

# A browser may keep a page, but asks before it shows it again: an update or a withdrawal is seen by the next request.
ASK_AGAIN = "public, max-age=0, must-revalidate"


def readers_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give ``view`` the moment it answers for as ``t``, and its page an ETag: nothing unchanged is sent twice."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **named: object) -> HttpResponse:
        response = view(request, t=timezone.now(), **named)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        response.headers.setdefault("Cache-Control", ASK_AGAIN)
        return _unless_unchanged(request, response)

    return answer


def _unless_unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code != 200:
        return response
    etag = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
