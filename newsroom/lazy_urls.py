"""Addresses whose code is imported when the first of them is asked for: a process for readers starts without it."""

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class LazyResolver(URLResolver):
    """Imports its module when a path begins with its route, or a name of its namespace is reversed.

    Django's own resolver does the first as well, but reads every module there is as soon as any name is reversed. Names
    stand in a namespace of their own, so nobody else needs them; a namespace within it would not be found.
    """

    def _populate(self) -> None:
        if "url_patterns" in vars(self):
            super()._populate()


def lazy(route: str, module: str, *, namespace: str) -> LazyResolver:
    """As ``path(route, include((module, namespace)))``, later."""
    return LazyResolver(RoutePattern(route, is_endpoint=False), module, app_name=namespace, namespace=namespace)
