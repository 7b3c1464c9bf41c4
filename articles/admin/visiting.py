"""What else happens at the door: a browser is known again, a session is written down, its owner is told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles import audit
from articles.desk import devices, notices, visits
from articles.models import User

from .browsers import named


def came_in(request: HttpRequest, answer: HttpResponse, *, how: str) -> None:
    """Somebody has just come in, by that second factor."""
    user, now = request.user, timezone.now()
    if not request.session.session_key:
        request.session.create()
    key = str(request.session.session_key)
    visits.began(user, key, how=how, address=_address(request), browser=_browser(request), at=now)
    remember(request, answer, user, tells=True)


def remember(request: HttpRequest, answer: HttpResponse, user: User, *, tells: bool) -> None:
    """This browser is one of ``user``'s from now on; ``tells`` them of it where it was not."""
    now = timezone.now()
    word = request.COOKIES.get(settings.DEVICE_COOKIE_NAME) or devices.new_word()
    if devices.met(user, word, at=now) and tells:
        event = audit.record("logged in from a new device", user, by=user, at=now)
        sentence = _(
            "Your account was opened from a device that was not known: %(browser)s, address %(address)s. If that was"
            " not you, change your password and call an administrator."
        )
        said = {"browser": named(_browser(request)), "address": _address(request) or _("unknown")}
        notices.tell([user], sentence % said, key=f"device:{event.number}", kind=notices.ACCOUNT, at=now)
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        word,
        max_age=devices.FORGOTTEN_AFTER,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _address(request: HttpRequest) -> str:
    return import_string(settings.CLIENT_ADDRESS)(request) or ""


def _browser(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")
