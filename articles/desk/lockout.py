"""Who may not try a password now. django-axes counts; this says of whom, so that nobody can lock a colleague out.

A browser that is known for an account (desk.devices) has tries of its own, whatever is tried for that name elsewhere,
also behind the same address. All others share three counts, each for LOGIN_COOLOFF_MINUTES: of name and address
together, of the name from everywhere (a guess spread over many machines), of the address for all names (a list of
stolen passwords). A passkey passes by all of them; a link sent by mail makes the browser a known one.
"""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.utils import timezone

from articles import audit
from articles.models import Device, User

from . import devices


class Lockout(AxesDatabaseHandler):
    """Named in AXES_HANDLER."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        if device := _device(request, credentials):
            return bool(device.wait_until and device.wait_until > timezone.now())
        return super().is_locked(request, credentials) or _is_flooded(request, credentials)

    def user_login_failed(self, sender: Any, credentials: dict, request: Any = None, **kwargs: Any) -> None:
        was_locked = getattr(request, "axes_locked_out", False)
        device = _device(request, credentials) if request is not None and not was_locked else None
        if device is None:
            super().user_login_failed(sender, credentials, request, **kwargs)
            _keep_no_text(request, credentials)
        elif devices.missed(device, at=timezone.now()):
            request.axes_locked_out, request.axes_credentials = True, credentials
        if request is not None and not was_locked and (request.axes_locked_out or _is_flooded(request, credentials)):
            _record(get_client_username(request, credentials))

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Who comes in from a known device says nothing of those who guess elsewhere: their count stands."""
        if _device(request, {"username": user.get_username()}) is None:
            super().user_logged_in(sender, request, user, **kwargs)


def _device(request: HttpRequest, credentials: dict | None) -> Device | None:
    word = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return devices.known(get_client_username(request, credentials) or "", word)


def _keep_no_text(request: HttpRequest | None, credentials: dict | None) -> None:
    """The login page carries text of stories, which is not to stand in a table of guesses."""
    if request is not None:
        guesses = AccessAttempt.objects.filter(
            username=get_client_username(request, credentials),
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]  # axes set it
            user_agent=request.axes_user_agent,  # type: ignore[attr-defined]  # axes set it
        )
        guesses.update(post_data="", get_data="")


def _is_flooded(request: HttpRequest, credentials: dict | None) -> bool:
    name, address = get_client_username(request, credentials), request.axes_ip_address  # type: ignore[attr-defined]  # axes set it
    theirs = AccessAttempt.objects.filter(Q(username=name) | Q(ip_address=address))
    counted = theirs.filter(attempt_time__gte=get_cool_off_threshold(request)).aggregate(
        of_name=Sum("failures_since_start", filter=Q(username=name)),
        of_address=Sum("failures_since_start", filter=Q(ip_address=address)),
    )
    return (counted["of_name"] or 0) >= settings.LOGIN_ACCOUNT_LIMIT or (
        counted["of_address"] or 0
    ) >= settings.LOGIN_ADDRESS_LIMIT


def _record(username: str | None) -> None:
    """Once for each lock: what is tried while it stands is not written down again."""
    if user := User.objects.filter(username=username or "").first():
        audit.record("was locked out after wrong passwords", user, by=None)
