"""Reports faults to Sentry, or to what speaks its language (SENTRY_DSN): which fault, where in our code, which release.

Of a request nothing is collected, so nothing can leak: no address, header, cookie, query, body or person; no values of
variables, no SQL, no other log lines, no lines of the program: what an operator types at ``manage.py shell -c`` is one.
What a sentence of the log was filled with stays here, for it may be a name.
"""

import logging
from typing import Any

import sentry_sdk
from django.conf import settings
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.integrations.threading import ThreadingIntegration

from newsroom import parts, requests

# Kept of an event. Whatever the library adds one day is not sent until it is named here.
_TOLD = ("event_id", "timestamp", "level", "platform", "release", "environment", "server_name", "logger", "sdk", "type")
_PLACE = ("filename", "module", "function", "lineno", "in_app")


def begin() -> None:
    """Report what is logged as an error, and what ends a process or a thread, from now on."""
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=f"newsroom@{parts.release()}",
        environment=settings.SITE_HOST,
        server_name=settings.SITE_HOST,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            ExcepthookIntegration(),
            ThreadingIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        send_client_reports=False,
        auto_session_tracking=False,
        before_send=told,
    )


def told(event: Any, hint: dict[str, Any]) -> Any:
    """Of ``event`` what may leave the house."""
    kept = {name: event[name] for name in _TOLD if name in event}
    if entry := event.get("logentry"):
        record = hint.get("log_record")
        kept["logentry"] = {"message": str(record.msg) if record else entry.get("message", "")}
    if faults := event.get("exception", {}).get("values"):
        kept["exception"] = {"values": [_fault(each) for each in faults]}
    asked = requests.current()
    kept["tags"] = {"request": asked.number} if asked else {}
    return kept


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    """Its kind and where it happened. What it says may be what somebody wrote, or a row of the database."""
    frames = fault.get("stacktrace", {}).get("frames", [])
    where = [{name: frame[name] for name in _PLACE if name in frame} for frame in frames]
    return {name: fault.get(name) for name in ("type", "module", "mechanism")} | {"stacktrace": {"frames": where}}
