"""Readers' pages for what goes wrong. Only a missing page asks the database; the others must stand when it does not."""

import logging
import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.live import listings, reading, registers, search, showing

from . import pages
from .answers import ASK_AGAIN
from .context import Around, Head, context

# An address that is longer was never one of ours, and its words are no question.
LONGEST_ADDRESS, MOST_CHARACTERS = 500, 200

_WORD = re.compile(r"[^\W_\d]+")

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404: where an address from before this site leads, or what there may be instead."""
    t = timezone.now()
    leads_to = _old_address(request, t)
    if leads_to:
        return HttpResponsePermanentRedirect(leads_to)
    suggested = search.suggest(_WORD.findall(request.path_info[:MOST_CHARACTERS]), t)
    cards = suggested or listings.latest(t, 4).cards
    show = showing.on_show([card.cover for card in cards], t)
    around = Around(t, registers.sections(t), show.files)
    response = pages.render_not_found(show.cards(cards), around, suggested=bool(suggested)).render()
    response.headers["Cache-Control"] = ASK_AGAIN
    return response


def _old_address(request: HttpRequest, t: datetime) -> str | None:
    """Asked with its query first: old systems told their pages apart by it. No address holds a NUL."""
    path = request.path_info
    query = request.META.get("newsroom.asked", request.META.get("QUERY_STRING", ""))
    if len(path) + len(query) > LONGEST_ADDRESS or "\0" in path:
        return None
    asked = [f"{path}?{query}", path] if query else [path]
    return next(filter(None, (reading.old_address(each, t) for each in asked)), None)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400: a request that cannot be understood."""
    return _without_database("400.html", _("That request could not be understood"), 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403: a page that is not for whoever asks."""
    return _without_database("403.html", _("This page is not for you"), 403)


def unavailable() -> HttpResponse:
    """The story at this address cannot be shown just now; whoever looks after the site has been told."""
    return _later(_("This story cannot be shown just now"))


def sick() -> HttpResponse:
    """The database does not answer."""
    return _later(_("This page cannot be shown just now"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault. Needs no database, and where even the template fails, no template."""
    try:
        number = request.META.get("newsroom.request", "")  # under which our log knows of it
        return _without_database("500.html", _("Something went wrong here"), 500, number=number)
    except Exception:
        log.exception("The page for faults has a fault of its own.")
        return HttpResponse("500\n", status=500, content_type="text/plain", headers={"Cache-Control": "no-store"})


def _later(title: str) -> HttpResponse:
    response = _without_database("503.html", title, 503)
    response.headers["Retry-After"] = "120"
    return response


def _without_database(template: str, title: str, status: int, **said: str) -> HttpResponse:
    page = render_to_string(template, context(Head(title, title, indexed=False), Around(timezone.now())) | said)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})
