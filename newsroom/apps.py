"""Registers the plant room with Django for its commands and system checks; it has no tables."""

from django.apps import AppConfig
from django.conf import settings


class PlantRoomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Plant room"

    def ready(self) -> None:
        from newsroom import checks  # noqa: F401  importing registers them

        if settings.REQUEST_LOG or settings.SLOW_QUERY_MS:
            from newsroom import queries

            queries.listen()
        if settings.SENTRY_DSN:
            from newsroom import reporting

            reporting.begin()
