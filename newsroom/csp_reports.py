"""What browsers say about the content security policy: where a page of ours wanted something that its policy forbids.

No page of ours breaks its policy, so each line is a mistake of ours, an extension of somebody's browser, or an attack.
Anybody may send reports, so few are written down, shortly, and nothing of who sent them. W3C CSP 3 and Reporting API.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

PATH = "/csp-report"
GROUP = "csp"
LARGEST = 16 * 1024  # bytes of one request
MOST = 10  # reports of one request that are looked at
LENGTH = 200  # characters of one word in the log
READ = 2000  # characters of an address that are looked at
WINDOW = 60.0  # seconds

# What report-uri sends, and what report-to sends.
_TYPES = {"application/csp-report", "application/reports+json", "application/json"}
_OPENS = re.compile(r"^(/(?:[^/]+/)*preview/)[^/]+")  # the word behind it opens a draft
_STRANGE = re.compile(r"[^\x20-\x7e]")

log = logging.getLogger(__name__)


class Allowance:
    """How many lines may still be written in this minute by this process; the same report is one line."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.began = 0.0
        self.written: set[tuple[str, ...]] = set()
        self.left_out = 0

    def takes(self, report: tuple[str, ...], now: float) -> bool:
        with self.lock:
            if not self.began <= now < self.began + WINDOW:
                self._begin(now)
            if report in self.written:
                return False
            if len(self.written) >= settings.CSP_REPORTS:
                self.left_out += 1
                return False
            self.written.add(report)
            return True

    def _begin(self, now: float) -> None:
        if self.left_out:
            log.warning("%d more reports about the policy were not written down.", self.left_out)
        self.began, self.written, self.left_out = now, set(), 0


allowance = Allowance()


def directives() -> dict[str, list[str]]:
    """What a policy says of reports; nothing where none are asked for."""
    return {"report-uri": [PATH], "report-to": [GROUP]} if settings.CSP_REPORTS else {}


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Answer 204 to whatever can be read, written down or not; 413, 415 or 400 to what cannot."""
    if not settings.CSP_REPORTS:
        return HttpResponse(status=404)
    if request.content_type not in _TYPES:
        return HttpResponse(status=415)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for report in _reports(sent):
        _write_down(report)
    return HttpResponse(status=204)


def _reports(sent: Any) -> Iterator[dict[str, Any]]:
    """The bodies of the reports in what was sent, in either form."""
    for each in (sent if isinstance(sent, list) else [sent])[:MOST]:
        body = (each.get("csp-report") or each.get("body")) if isinstance(each, dict) else None
        if isinstance(body, dict):
            yield body


def _write_down(body: dict[str, Any]) -> None:
    page = _place(_said(body, "document-uri", "documentURL"))
    directive = _said(body, "effective-directive", "effectiveDirective", "violated-directive")[:LENGTH]
    blocked = _origin(_said(body, "blocked-uri", "blockedURL"))
    source = _place(_said(body, "source-file", "sourceFile"))
    line = _said(body, "line-number", "lineNumber")[:LENGTH]
    if not directive or not allowance.takes((page, directive, blocked, source), time.monotonic()):
        return
    told = {"page": page, "directive": directive, "blocked": blocked, "source": source, "line": line}
    log.warning("A page wanted what its policy forbids: %s on %s (%s)", blocked, page, directive, extra={"csp": told})


def _said(body: dict[str, Any], *names: str) -> str:
    """The first of ``names`` that says something, in plain letters and cut to what is still worth reading."""
    found = next((body[name] for name in names if isinstance(body.get(name), str | int)), "")
    return _STRANGE.sub("?", str(found)[:READ])


def _place(url: str) -> str:
    """The path alone of a page of ours, the origin of any other: queries say what readers looked for."""
    if url.startswith(f"{settings.SITE_URL}/"):
        return _OPENS.sub(r"\1…", url.removeprefix(settings.SITE_URL).partition("?")[0].partition("#")[0])[:LENGTH]
    return _origin(url)


def _origin(url: str) -> str:
    """Scheme and host; the words that are no address (inline, eval, data) as they are."""
    try:
        parts = urlsplit(url)
        return (f"{parts.scheme}://{parts.hostname}" if parts.hostname else parts.scheme or parts.path)[:LENGTH]
    except ValueError:
        return "?"
