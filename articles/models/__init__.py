"""The nouns of the newsroom: facts about rows, and questions about many rows. No verbs live here."""

from .article import Article, Byline, Placement
from .event import Chain, Event
from .finding import Bookmark, DeskText, SavedView
from .image import Image, Rendition
from .people import Author, User
from .presence import Presence
from .preview_link import PreviewLink
from .publication import (
    FAR_FUTURE,
    Address,
    AuthorListing,
    Correction,
    PictureUse,
    Publication,
    SectionListing,
    TopicListing,
)
from .revision import MergeBase, Revision, RevisionName
from .source import Source
from .stamp import Stamp
from .taxonomy import Section, Tag, TaggedArticle

__all__ = [
    "FAR_FUTURE",
    "Address",
    "Article",
    "Author",
    "AuthorListing",
    "Bookmark",
    "Byline",
    "Chain",
    "Correction",
    "DeskText",
    "Event",
    "Image",
    "MergeBase",
    "PictureUse",
    "Placement",
    "Presence",
    "PreviewLink",
    "Publication",
    "Rendition",
    "Revision",
    "RevisionName",
    "SavedView",
    "Section",
    "SectionListing",
    "Source",
    "Stamp",
    "Tag",
    "TaggedArticle",
    "TopicListing",
    "User",
]
