"""The house with one more door for scripts, which stumbles in each way that a view of ours may."""

from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path

from articles.admin import doors
from articles.desk import roles
from newsroom import urls
from newsroom.urls import handler400, handler403, handler404, handler500  # noqa: F401


@doors.for_scripts
def door(request: HttpRequest, what: str) -> JsonResponse:
    if what == "refused":
        raise roles.Refused("You cannot do this. Ask an editor.")
    if what == "missing":
        raise Http404
    if what == "publish":
        roles.require(request.user, "publish")
    if what == "busy":
        raise OperationalError("database is locked")
    return JsonResponse({"got": doors.sent(request)})


urlpatterns = [path("admin/door/<slug:what>/", door), *urls.urlpatterns]
