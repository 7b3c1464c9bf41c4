"""The nouns of the newsroom: facts about rows, and questions about many rows. No verbs live here."""

from .access import Device, Identity, Letter, Passkey, Visit
from .approval import Approval, SecurityReview
from .article import Article, Byline, Placement
from .event import Chain, Event, EventOrigin
from .finding import Bookmark, DeskText, SavedView
from .flat_page import Edition, FlatPage
from .front import Front
from .hold import EmbargoRelease, Hold, Opening
from .house_rule import HouseRule
from .image import Image, Rendition
from .notice import Alarm, Notice, NoticeChoice
from .people import Author, RecoveryCode, SecondFactor, User
from .photo_desk import AgencyName, BulkChange, Collection, Delivery, LooseFile, PictureText, Waiver
from .presence import Presence
from .preview_link import PreviewLink
from .publication import (
    FAR_FUTURE,
    Address,
    AuthorListing,
    Correction,
    OldAddress,
    PictureUse,
    Publication,
    SectionListing,
    TopicListing,
    Translation,
)
from .reader_text import ReaderText, ReaderWord
from .revision import MergeBase, Revision, RevisionName
from .source import Source
from .stamp import Stamp
from .takedown import Takedown
from .taxonomy import Section, Tag, TaggedArticle

__all__ = [
    "FAR_FUTURE",
    "Address",
    "AgencyName",
    "Alarm",
    "Approval",
    "Article",
    "Author",
    "AuthorListing",
    "Bookmark",
    "BulkChange",
    "Byline",
    "Chain",
    "Collection",
    "Correction",
    "Delivery",
    "DeskText",
    "Device",
    "Edition",
    "EmbargoRelease",
    "Event",
    "EventOrigin",
    "FlatPage",
    "Front",
    "Hold",
    "HouseRule",
    "Identity",
    "Image",
    "Letter",
    "LooseFile",
    "MergeBase",
    "Notice",
    "NoticeChoice",
    "OldAddress",
    "Opening",
    "Passkey",
    "PictureText",
    "PictureUse",
    "Placement",
    "Presence",
    "PreviewLink",
    "Publication",
    "ReaderText",
    "ReaderWord",
    "RecoveryCode",
    "Rendition",
    "Revision",
    "RevisionName",
    "SavedView",
    "SecondFactor",
    "Section",
    "SectionListing",
    "SecurityReview",
    "Source",
    "Stamp",
    "Tag",
    "TaggedArticle",
    "Takedown",
    "TopicListing",
    "Translation",
    "User",
    "Visit",
    "Waiver",
]
