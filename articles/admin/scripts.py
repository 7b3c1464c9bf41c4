"""Our own scripts on a page: each is a module, announced together with all that it imports.

Without the announcement a browser would learn of a chain of modules one link at a time, a journey to the server for
each; on a ship that is seconds.
"""

import re
from functools import cache
from pathlib import Path

from django import forms
from django.contrib.staticfiles import finders

_IMPORT = re.compile(r'^(?:import|export)\b[^;]*?"\./([\w.-]+)"', re.MULTILINE)


class Announced(forms.widgets.MediaAsset):
    """``<link rel="modulepreload">`` for a script that another one will import."""

    element_template = '<link href="{path}"{attributes}>'

    def __init__(self, path: str):
        super().__init__(path, rel="modulepreload")


def module(path: str, *others: str) -> tuple[forms.widgets.MediaAsset, ...]:
    """The script at ``path`` (and ``others`` beside it), and before them what they import, for a form's ``Media``."""
    scripts = (path, *others)
    return (
        *(Announced(name) for name in _imported(scripts)),
        *(forms.Script(script, type="module") for script in scripts),
    )


@cache
def _imported(scripts: tuple[str, ...]) -> tuple[str, ...]:
    """All that ``scripts`` import, nearest first."""
    found: dict[str, None] = {}
    todo = list(scripts)
    while todo:
        script = todo.pop(0)
        file = finders.find(script)
        text = Path(file).read_text(encoding="utf-8") if file else ""
        beside = [str(Path(script).with_name(name)) for name in _IMPORT.findall(text)]
        new = [name for name in beside if name not in found]
        found |= dict.fromkeys(new)
        todo += new
    return tuple(name for name in found if name not in scripts)
