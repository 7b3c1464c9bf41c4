"""Files that readers' pages show: public pictures behind their gate, and the drawings made when asked for."""

import logging
import re
from datetime import datetime
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from articles.live import showing

from . import pictures, share
from .answers import readers_page, stands_on
from .placeholder import drawing

log = logging.getLogger(__name__)

TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}

# A public file is named by its content, so what a name stands for never changes.
A_YEAR = 31_536_000  # seconds
FOR_EVER = f"public, max-age={A_YEAR}, immutable"
A_DAY = "public, max-age=86400"

_NAME = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)*", re.ASCII)


@require_safe
def public_file(request: HttpRequest, name: str) -> HttpResponse:
    """The public file called ``name``, while something public shows its picture; else 404, which nothing may keep."""
    kind, now = TYPES.get(PurePosixPath(name).suffix), timezone.now()
    found = showing.public_file(name, now) if kind and _NAME.fullmatch(name) else None
    if not kind or not found:
        return _missing()
    _file, uid, ends = found
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag) or _opened(name, kind)
    if response.status_code in (200, 304):
        headers = {"ETag": etag, "Cache-Control": _kept(ends, now), "X-Content-Type-Options": "nosniff"}
        for header, value in headers.items():
            response.headers[header] = value
        stands_on(response, f"picture:{uid}")
    return response


def _kept(ends: datetime | None, now: datetime) -> str:
    """How long a copy may be kept: no longer than we have the rights."""
    seconds = A_YEAR if ends is None else min(A_YEAR, int((ends - now).total_seconds()))
    return FOR_EVER if seconds == A_YEAR else f"public, max-age={seconds}"


def _opened(name: str, kind: str) -> HttpResponse:
    """The whole file: the largest have some hundred kilobytes, and so HEAD knows its length too."""
    try:
        with storages["public"].open(name) as file:
            return HttpResponse(file.read(), content_type=kind)
    except FileNotFoundError:
        log.error("The public file %s is gone. Make it again with the picture's renditions.", name)
        return _missing()
    except OSError as fault:
        log.error("The public file %s cannot be read: %s", name, fault)
        return later()


@readers_page
def placeholder(request: HttpRequest, width: int, height: int, **_moment: object) -> HttpResponse:
    """The drawing for a picture whose file is awaited, in one of the sizes that pages use."""
    if (width, height) not in pictures.PLACEHOLDERS:
        return _missing()
    return HttpResponse(drawing(width, height), content_type="image/svg+xml", headers={"Cache-Control": A_DAY})


@readers_page
def share_card(request: HttpRequest, **_moment: object) -> HttpResponse:
    """The picture for link previews of pages that have none of their own."""
    card = share.card(settings.SITE_NAME, settings.SITE_TAGLINE)
    return HttpResponse(card, content_type="image/png", headers={"Cache-Control": A_DAY})


@readers_page
def icon(request: HttpRequest, width: int, **_moment: object) -> HttpResponse:
    """The outlet's mark for the first screen of a telephone, in the sizes that the manifest names."""
    if width not in share.ICONS:
        return _missing()
    return HttpResponse(share.icon(width), content_type="image/png", headers={"Cache-Control": A_DAY})


def later() -> HttpResponse:
    """Public files cannot be read or kept just now; the next request may find all well."""
    return HttpResponse(
        "503\n", status=503, content_type="text/plain", headers={"Cache-Control": "no-store", "Retry-After": "30"}
    )


def _missing() -> HttpResponse:
    return HttpResponse("404\n", status=404, content_type="text/plain", headers={"Cache-Control": "no-store"})
