"""The house with some more pages, for readers and journalists: each tells the plant room's tests what it got."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from newsroom import urls
from newsroom.urls import handler400, handler403, handler404, handler500  # noqa: F401


def look(request: HttpRequest) -> JsonResponse:
    """What the middleware has put on the request."""
    return JsonResponse({name: hasattr(request, name) for name in ("session", "user", "_messages", "axes_locked_out")})


def long_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>A paragraph much like the others.</p>" * 100)


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"drop ", b"by drop"]))


def save(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="Visitors")
    return HttpResponse("saved")


def save_much(request: HttpRequest) -> HttpResponse:
    Group.objects.bulk_create(Group(name=f"Visitors {number}") for number in range(20_000))
    return HttpResponse("saved")


def stumble(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def promise(request: HttpRequest) -> HttpResponse:
    """As a view whose transaction fails at its very end."""
    messages.success(request, "Saved as version 2.")
    raise ZeroDivisionError


def _pages(prefix: str) -> list:
    views = (look, long_page, stream, save, save_much, stumble, promise)
    return [path(f"{prefix}{view.__name__}/", view) for view in views]


urlpatterns = [
    *_pages(settings.ADMIN_PATH),
    *_pages(settings.PREVIEW_PATH),
    *_pages(""),
    *urls.urlpatterns,
]
