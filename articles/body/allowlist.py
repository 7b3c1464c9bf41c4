"""The one allow-list of a story's text: the editor, forms, paste, imports and the API obey it; nothing else decides.

A body is canonical HTML: one top-level block on a line, in this vocabulary, and no attribute but those named here.

==============================================  ================================================================
``p h2 h3``                                     text with inline marks
``ul ol``                                       ``li`` with text, and lists inside, up to DEEPEST_LIST
``blockquote``                                  paragraphs and lists, at least one
``hr``                                          a separator
``figure[data-image]``                          a picture by its uid; empty. ``data-layout`` is wide, full or beside
                                                (absent: as broad as the text); ``data-caption`` and ``data-alt``
                                                override the picture's own words in this story only
``div[data-kind=gallery]``                      one figure or more, none with a layout
``aside[data-kind=facts]``                      ``h3`` or none, then paragraphs and lists
``aside[data-kind=quote]``                      one ``p``, a line lifted from the text; ``data-by`` says whose it is
``aside[data-kind=timeline]``                   ``h3`` or none, then ``dl`` of ``dt`` (when) and ``dd`` (what) in pairs
``table``                                       ``caption`` or none, then ``tr`` of ``th`` and ``td`` with text; all
                                                rows equally long, no spans, no ``thead`` or ``tbody``
``div[data-embed][data-url]``                   something at a provider of ``embeds.PROVIDERS``, by its canonical
                                                address; ``data-title`` is our own text for it
``div[data-related]``                           stories of ours by their uids, divided by spaces
inline                                          ``a[href]`` or ``a[data-article]`` (a story's uid), outside
                                                ``strong``, outside ``em``, outside ``abbr``; ``br``
``abbr[title]``                                 a word that the desk explains to readers, outside links, up to
                                                LONGEST_GLOSS
==============================================  ================================================================
"""

import uuid

LONGEST_BODY = 1_000_000  # characters; the longest report of an inquiry fits ten times
MOST_SIGNS = 120_000  # “<” and “&”, of which markup is made; ten thousand paragraphs have half of that
DEEPEST_LIST = 6
MOST_COLUMNS = 30
LONGEST_GLOSS = 300  # characters

# Which attributes are read at all, by element; those of tables only to lay out what was pasted.
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "data-article"}),
    "abbr": frozenset({"title"}),
    "figure": frozenset({"data-image", "data-layout", "data-caption", "data-alt"}),
    "div": frozenset({"data-kind", "data-embed", "data-url", "data-title", "data-related"}),
    "aside": frozenset({"data-kind", "data-by"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
}
LAYOUTS = frozenset({"wide", "full", "beside"})
ASIDES = frozenset({"facts", "quote", "timeline"})

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
} | dict.fromkeys(
    [
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hgroup",
        "main",
        "nav",
        "search",
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
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em"}
INLINE = frozenset(MARKS) | {"a", "abbr", "br"}


class BodyRefused(ValueError):
    """The text holds something that cannot be kept; the message says what to do."""


def picture_uid(value: str) -> str:
    """The canonical form of a figure's picture, or BodyRefused."""
    uid = known_uid(value)
    if not uid:
        raise BodyRefused(
            f"A figure in the story names a picture as “{value[:60]}”, which is no picture of ours."
            " Take it out and place it again."
        )
    return uid


def known_uid(value: str) -> str:
    """The canonical form of a uid, or an empty string."""
    try:
        return str(uuid.UUID(value.strip()))
    except ValueError:
        return ""


def story_uids(value: str) -> list[str]:
    """The uids in a list of related stories, each once; what is none is left out."""
    return list(dict.fromkeys(uid for uid in map(known_uid, value.split()) if uid))
