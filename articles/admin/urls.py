"""The journalists' addresses. Importing them registers all pages, once in a process, however many threads ask first."""

from django.contrib import admin

from . import (  # noqa: F401  they register
    agencies,
    articles,
    events,
    flat_pages,
    house_style,
    images,
    people,
    taxonomy,
)

admin.autodiscover()

urlpatterns = admin.site.get_urls()
