"""The text of a story: what may be in it, how it is cleaned, and what can be read from it. Knows no Django."""

from .allowlist import BodyRefused, known_uid
from .blocks import Block, blocks, picture_uids, related_uids, story_uids, with_site, with_story_links, without_links
from .cleaning import clean
from .plain import figure_words, plain_text, word_count
from .replacing import with_picture

__all__ = [
    "Block",
    "BodyRefused",
    "blocks",
    "clean",
    "figure_words",
    "known_uid",
    "picture_uids",
    "plain_text",
    "related_uids",
    "story_uids",
    "with_picture",
    "with_site",
    "with_story_links",
    "without_links",
    "word_count",
]
