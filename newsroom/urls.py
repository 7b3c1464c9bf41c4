"""The address book of the whole house: two health addresses, the newsroom, its links for people outside, and everything
else belongs to readers.
"""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from newsroom import health

handler400 = "newsroom.errors.bad_request"
handler403 = "articles.front.errors.forbidden"
handler404 = "articles.front.errors.not_found"
handler500 = "newsroom.errors.server_error"

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path(settings.PREVIEW_PATH, include("articles.preview.inside")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("preview/", include("articles.preview.outside")),
    path("", include("articles.front.urls")),
]
