"""Registers the plant room with Django for its commands and system checks; it has no tables."""

from django.apps import AppConfig


class PlantRoomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Plant room"

    def ready(self) -> None:
        from newsroom import checks  # noqa: F401  importing registers them
