"""Django's templates, whose libraries of tags are imported by the first template that loads them."""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.template.backends.django import DjangoTemplates
from django.template.library import Library, import_library

OURS = {"i18n": "newsroom.i18n"}  # in the place of Django's


class Templates(DjangoTemplates):
    """As stock, which imports every library of every application before the first page: those of the admin's, too."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.engine.libraries = _installed() | self.engine.libraries
        self.engine.template_libraries = Libraries(self.engine.libraries | OURS)  # type: ignore[assignment]  # it is only read

    def get_templatetag_libraries(self, custom_libraries: dict[str, str]) -> dict[str, str]:
        return custom_libraries


class Libraries(Mapping[str, Library]):
    """Libraries of tags by the name that ``{% load %}`` knows."""

    def __init__(self, modules: dict[str, str]) -> None:
        self._modules = modules

    def __getitem__(self, name: str) -> Library:
        return import_library(self._modules[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def _installed() -> dict[str, str]:
    """The module of each library, by name; of two with one name the later application's, as in Django."""
    packages = ["django.templatetags", *(f"{app.name}.templatetags" for app in apps.get_app_configs())]
    return {
        module.name: f"{package}.{module.name}"
        for package in packages
        if (found := find_spec(package))
        for module in iter_modules(found.submodule_search_locations)
    }
