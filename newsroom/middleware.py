"""What every request passes on its way in and out; it decides by the path alone which half of the house is meant.

Readers' paths get no session, no user, no token and no cookie, so a page is the same bytes for everybody.
"""

import ipaddress
import logging
from collections.abc import Iterable
from typing import Any

from axes.middleware import AxesMiddleware
from csp.constants import HEADER, SELF
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import resolve
from django.utils.module_loading import import_string
from django_http_compression.middleware import HttpCompressionMiddleware

from newsroom import cdn, csp_reports, errors, pages, requests
from newsroom.paths import in_frame, in_newsroom, in_preview

log = logging.getLogger(__name__)

HEALTH_PATHS = frozenset({"/healthz", "/readyz", "/metricsz"})

# Everything a page could ask of a browser and ours never does. Only names that browsers know: others fill the console.
PERMISSIONS_POLICY = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), "
    "geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), local-fonts=(), "
    "magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), "
    "screen-wake-lock=(), serial=(), storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()"
)


def client_address(request: HttpRequest) -> str | None:
    """Return the IP address of who asks, or None where there is none (a unix socket).

    X-Forwarded-For is read from its right end, one entry for each proxy of ours: what stands further left was sent by
    the client and may be anything.
    """
    hops = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    address = forwarded[-hops] if 0 < hops <= len(forwarded) else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address.strip()))
    except ValueError:
        return None


def counted_address(request: HttpRequest) -> str | None:
    """As ``client_address``, for whoever counts tries: of an IPv6 address the first one of its /64.

    The least that anybody is given is such a network (RFC 6177), so single addresses in it would never be used up.
    """
    address = client_address(request)
    known = ipaddress.ip_address(address) if address else None
    if isinstance(known, ipaddress.IPv6Address):
        known = known.ipv4_mapped or ipaddress.IPv6Address(int(known) >> 64 << 64)
    return str(known) if known else None


def comes_from(request: HttpRequest, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """Whether the client is in one of ``networks``, also where a server writes an IPv4 address as an IPv6 one.

    With a proxy that nobody has told us of, everybody would seem to come from this machine: then nobody does.
    """
    if "HTTP_X_FORWARDED_FOR" in request.META and not settings.TRUSTED_PROXIES:
        return False
    address = client_address(request)
    if not address:
        return False
    known = ipaddress.ip_address(address)
    known = getattr(known, "ipv4_mapped", None) or known
    return any(known in network for network in networks)


class Headers:
    """Headers that are the same for every answer of one half of the house."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with requests.answering(request.META) as asked:
            request.META[requests.NUMBER] = asked.number
            response = self.get_response(request)
            # Whoever has been asked for by now; nobody is asked for because of a log.
            asked.user = getattr(getattr(request, "_cached_user", None), "pk", None)
            # Readers' pages are kept and shown to others; what goes wrong is not.
            if in_newsroom(request) or response.status_code >= 500:
                response.headers[requests.HEADER] = asked.number
        if request.method == "HEAD":
            _empty(response)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        if settings.CSP_REPORTS:
            response.headers.setdefault("Reporting-Endpoints", f'{csp_reports.GROUP}="{csp_reports.PATH}"')
        if in_newsroom(request) or request.path_info in HEALTH_PATHS:
            response.headers["Cache-Control"] = "private, no-store"
        if in_frame(request):
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        for header, value in cdn.keyed(getattr(response, "stands_on", ())):
            response.headers[header] = value
        return response


def _empty(response: HttpResponseBase) -> None:
    """Answer HEAD without a body, whatever the view made; its length stays told. gunicorn complains of one."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    elif isinstance(response, HttpResponse):
        response.content = b""


class ContentSecurityPolicy(CSPMiddleware):
    """Three policies: readers' pages load our own files alone, journalists' a little more, files nothing at all.

    A preview is a readers' page, so it has theirs; but we may frame it.
    """

    # What readers' policy was put together of, and how it reads: that is the same for nearly every page.
    known: tuple[object, object, str] = (None, None, "")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if _is_file(response):
            response.headers[HEADER] = build_policy(settings.FILE_SECURITY_POLICY)
            return response
        if settings.DEBUG or in_preview(request) or in_newsroom(request):
            return super().process_response(request, response)
        base, own = settings.CONTENT_SECURITY_POLICY, _readers_own()
        if self.known[0] is not base or self.known[1] != own:
            self.known = (base, own, build_policy(update=own))
        response.headers.setdefault(HEADER, self.known[2])
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        for_readers = in_preview(request) or not in_newsroom(request)
        if for_readers and not report_only:
            parts.update = _readers_own()
        elif not report_only:
            parts.config = settings.NEWSROOM_SECURITY_POLICY
            parts.update = csp_reports.directives()
        if in_frame(request):
            parts.replace = {"frame-ancestors": [SELF]}
        return parts


def _is_file(response: HttpResponseBase) -> bool:
    """Whether it is a picture, or something to take home."""
    kind, place = response.headers.get("Content-Type", ""), response.headers.get("Content-Disposition", "")
    return kind.startswith("image/") or place.startswith("attachment")


def _readers_own() -> dict[str, list[str]]:
    """What stands in readers' policy besides the settings'."""
    return {"frame-src": import_string(settings.FRAMED_SITES)(), **csp_reports.directives()}


class Machines:
    """Answers what machines ask of the house, by whatever name they call it, before anything else is looked at.

    A balancer asks each process by its address, which is none of ALLOWED_HOSTS.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in HEALTH_PATHS:
            view, arguments, named = resolve(request.path_info)
            return view(request, *arguments, **named)
        return self.get_response(request)


class NoDatabase:
    """Answers at once where it is known that the database does not, so that nobody waits for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.META.get(pages.SICK):
            return import_string(settings.SICK_PAGE)()
        return self.get_response(request)


class NewsroomNetworks:
    """Outside of ADMIN_NETWORKS there is no newsroom: 404 as for any address that is none, before anything is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.ADMIN_NETWORKS and in_newsroom(request) and not comes_from(request, settings.ADMIN_NETWORKS):
            raise Http404
        return self.get_response(request)


class NoNul:
    """Keeps NUL away from the database, since PostgreSQL cannot even be asked about it: no page has one in its path.

    In a cookie, whose value names a session, it may be written as the octal number that Python reads there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("There is a NUL in the address.")
        if in_newsroom(request) and "\\000" in request.META.get("HTTP_COOKIE", ""):
            raise BadRequest("There is a NUL in a cookie.")
        return self.get_response(request)


class BodyLimit:
    """Refuses a body above MAX_UPLOAD_MB by its announced length, before anything of it is read or put on the disk.

    What no view has read is read off behind a proxy, which has it whole: else gunicorn hangs up while the proxy still
    sends, and instead of our refusal people see the proxy's 502. Without a proxy a slow client could hold us with it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > settings.MAX_UPLOAD_MB * 1024 * 1024:
            return errors.too_large(request)
        response = self.get_response(request)
        if settings.TRUSTED_PROXIES:
            _read_off(request)
        return response


def _read_off(request: HttpRequest) -> None:
    try:
        while request.read(64 * 1024):
            pass
    except OSError:
        log.info("Whoever sent to %s went away before all of it had come.", request.path_info)


class PublicCompression(HttpCompressionMiddleware):
    """Compresses readers' pages only. Journalists' pages carry secrets, and size would give them away (BREACH).

    Readers' pages carry none, so no random padding is added to them.
    """

    max_random_bytes = 0

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        if not in_newsroom(request):
            super().maybe_compress(request, response)


class NewsroomOnly:
    """A middleware of Django's or a library's that runs for journalists' paths and is not there for all others."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if in_newsroom(request):
            return super().__call__(request)  # type: ignore[misc]  # the middleware named beside this class
        return self.get_response(request)


class NewsroomSession(NewsroomOnly, SessionMiddleware):
    pass


class NewsroomCsrf(NewsroomOnly, CsrfViewMiddleware):
    def process_view(self, request, callback, callback_args, callback_kwargs):
        if in_newsroom(request):
            return super().process_view(request, callback, callback_args, callback_kwargs)
        return None


class NewsroomAuthentication(NewsroomOnly, AuthenticationMiddleware):
    pass


class NewsroomMessages(NewsroomOnly, MessageMiddleware):
    pass


class NewsroomAxes(NewsroomOnly, AxesMiddleware):
    pass
