"""The address book of the whole house: what machines ask, the newsroom, its links for people outside, and everything
else belongs to readers.
"""

from django.conf import settings
from django.urls import include, path

from newsroom import csp_reports, health
from newsroom.lazy_urls import lazy

handler400 = "newsroom.errors.bad_request"
handler403 = "articles.front.errors.forbidden"
handler404 = "articles.front.errors.not_found"
handler500 = "newsroom.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path(csp_reports.PATH.lstrip("/"), csp_reports.receive, name="csp_report"),
    *([path("metricsz", health.metrics, name="metricsz")] if settings.METRICS else []),
    lazy(settings.PREVIEW_PATH, "articles.preview.inside", namespace="preview"),
    lazy(settings.ADMIN_PATH, "articles.admin.urls", namespace="admin"),
    lazy("preview/", "articles.preview.outside", namespace="preview_link"),
    path("", include("articles.front.urls")),
]
