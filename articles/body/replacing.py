"""A body with another picture in the place of one, or without it."""

import re

from .cleaning import clean

_FIGURE = re.compile(r'<figure data-image="([^"]+)"([^>]*)></figure>')
_LAYOUT = re.compile(r' data-layout="\w+"')


def with_picture(body: str, old: str, new: str) -> str:
    """The canonical ``body`` with the picture ``new`` wherever ``old`` stands (uids); with no ``new``, without it.

    The layout stays; the words that the story had for the old picture go with it.
    """

    def instead(found: re.Match[str]) -> str:
        if found[1] != old:
            return found[0]
        layout = _LAYOUT.search(found[2])
        return f'<figure data-image="{new}"{layout[0] if layout else ""}></figure>' if new else ""

    return clean(_FIGURE.sub(instead, body))
