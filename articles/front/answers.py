"""What all answers to readers have in common: GET or HEAD, one moment ``t``, a proof of freshness, and no cookie."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles.live import depends
from articles.live.days import day_of

# A browser may keep a page, but asks before it shows it again: an update or a withdrawal is seen by the next request.
ASK_AGAIN = "public, max-age=0, must-revalidate"
# A page, its new address, the notice that it was withdrawn. What is not there is not kept: anybody can ask for that.
KEPT = frozenset({200, 301, 410})


def readers_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give ``view`` the moment it answers for as ``t``, and its page an ETag: nothing unchanged is sent twice.

    Whoever keeps finished pages (KEEP) is told what the page stands on, and remembers what many pages show (MEMORY);
    drawings say themselves how long they hold.
    """

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, **named: object) -> HttpResponse:
        t = timezone.now()
        with depends.noted(request.META.get("newsroom.memory")) as grounds:
            response = view(request, t=t, **named)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = ASK_AGAIN
            _offer(request, response, grounds, t)
        elif grounds.names:
            stands_on(response, *grounds.names)
        return _unless_unchanged(request, response)

    return answer


def stands_on(response: HttpResponse, *names: str) -> None:
    """For the cache in front, where there is one: it lets go of the answer when one of ``names`` changes."""
    response.stands_on = names  # type: ignore[attr-defined]  # read by the plant room, which sends every answer


def _offer(request: HttpRequest, response: HttpResponse, grounds: depends.Grounds, t: datetime) -> None:
    """To be kept, and made anew at the outlet's midnight: pages tell the year, and how old things are."""
    keep: Callable[..., None] | None = request.META.get("newsroom.keep")
    if keep and response.status_code in KEPT:
        until, midnight = grounds.until.timestamp(), day_of(t)[1].timestamp()
        keep(names=grounds.names, until=until, fresh_until=min(until, midnight))


def _unless_unchanged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Whoever keeps finished pages signs them, and knows who has them already."""
    if response.status_code != 200 or "newsroom.keep" in request.META:
        return response
    etag = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
