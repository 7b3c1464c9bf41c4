"""The one allow-list of a story's text: the editor, forms, paste, imports and the API obey it; nothing else decides.

A body is canonical HTML: one top-level block on a line, in this vocabulary.

=================  ======================================================================
``p h2 h3``        text with inline marks
``ul ol``          ``li`` with text, and lists inside
``blockquote``     paragraphs
``hr``             a separator
``figure``         empty; ``data-image`` is the uid of a picture, ``data-caption`` and
                   ``data-alt`` override that picture's own words in this story only
inline             ``a[href]`` outside ``strong`` outside ``em``; ``br``
=================  ======================================================================
"""

import uuid
from urllib.parse import urlsplit

LONGEST_BODY = 1_000_000  # characters; the longest report of an inquiry fits ten times

FIGURE_ATTRIBUTES = ("data-image", "data-caption", "data-alt")
LINK_SCHEMES = frozenset({"http", "https", "mailto"})

# What pasted pages are made of, and what it becomes. None: the element goes, its contents stay as blocks of their own.
BLOCKS: dict[str, str | None] = {
    "p": "p",
    "h1": "h2",
    "h2": "h2",
    "h3": "h3",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "pre": "p",
    "ul": "ul",
    "ol": "ol",
    "li": None,
    "blockquote": "blockquote",
    "hr": "hr",
    "figure": "figure",
} | dict.fromkeys(
    [
        "address",
        "article",
        "aside",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "footer",
        "form",
        "header",
        "main",
        "nav",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
    ]
)
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em"}
INLINE = frozenset(MARKS) | {"a", "br"}


class BodyRefused(ValueError):
    """The text holds something that cannot be kept; the message says what to do."""


def picture_uid(value: str) -> str:
    """The canonical form of a figure's picture, or BodyRefused."""
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise BodyRefused(
            f"A figure in the story names a picture as “{value[:60]}”, which is no picture of ours."
            " Take it out and place it again."
        ) from None


def link_address(href: str) -> str:
    """``href`` if a link may lead there (http, https, mailto, or a path of this site), else an empty string."""
    href = "".join(href.split())
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        return ""
    if scheme:
        return href if scheme in LINK_SCHEMES else ""
    return href if href.startswith("/") else ""
