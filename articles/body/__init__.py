"""The text of a story: what may be in it, how it is cleaned, and what can be read from it. Knows no Django."""

from .allowlist import BodyRefused
from .blocks import Block, blocks, picture_uids
from .cleaning import clean
from .plain import plain_text, word_count

__all__ = ["Block", "BodyRefused", "blocks", "clean", "picture_uids", "plain_text", "word_count"]
