"""How the site is, for those who look after its machines: part by part, and for each that is not well, what to do."""

from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from articles.desk import jobs, roles


def page(request: HttpRequest) -> HttpResponse:
    """All parts, those that need somebody on top, and the jobs that have failed. POST has one of them tried again."""
    roles.require(request.user, "look_after")
    if request.method == "POST":
        _try_again(request)
        return redirect("admin:status")
    now = timezone.now()
    facts = import_string(settings.STATUS)(now)
    context = admin.site.each_context(request) | {
        "title": _("Site status"),
        "now": now,
        "ill": [fact for fact in facts if fact.do],
        "well": [fact for fact in facts if not fact.do],
        "failed": jobs.failed(),
    }
    return TemplateResponse(request, "desk/site_status.html", context)


def _try_again(request: HttpRequest) -> None:
    try:
        key = UUID(request.POST.get("job", ""))
    except ValueError as wrong:
        raise Http404 from wrong
    try:
        jobs.try_again(key, by=request.user)
    except jobs.NotFailed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It waits for the worker again."))
