"""Our own sentences in the language of the page, each looked up once: to ask all catalogues costs more than the line
that a sentence stands in.
"""

from collections.abc import Callable
from functools import lru_cache

from django.utils.translation import get_language, gettext


def spoken() -> Callable[[str], str]:
    """What gettext says in the language that is active now. Call it ``_``: so makemessages finds what it is asked."""
    return _in(get_language())


@lru_cache(maxsize=32)
def _in(language: str | None) -> Callable[[str], str]:
    return lru_cache(maxsize=512)(gettext)
