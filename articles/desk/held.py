"""What is held, and where a name that is held stands. Asks only: the verbs are in desk.holds."""

import re
import unicodedata
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from articles import body
from articles.manuscript import Manuscript, of, picture_uids
from articles.models import Article, Author, Hold, Image, Publication, Tag

_APART = re.compile(r"[\W_]+")
_WRITTEN = (
    *("kicker", "headline", "short_headline", "search_headline", "feed_headline", "standfirst"),
    *("slug", "dateline", "dated_note"),
)


def standing_on(article: Article, manuscript: Manuscript | None = None) -> list[Hold]:
    """The holds that keep ``manuscript`` (the working copy) from going out: its own, and those on a name in it."""
    holds = list(Hold.objects.standing().filter(Q(article=article) | Q(article=None)).select_related("set_by"))
    names = [hold for hold in holds if hold.name]
    if not names:
        return holds
    words = f" {normal(' '.join(texts(manuscript or of(article))))} "
    return [hold for hold in holds if not hold.name or has_name(words, hold)]


def sentence(hold: Hold) -> str:
    """Why a story is kept back; a name that is held is not said again in places that many read."""
    if hold.name:
        return _("A name in the story is held until next of kin are informed.")
    return _("The story is held until next of kin are informed.")


def normal(text: str) -> str:
    """Words as they are compared: no accents, no capitals, one space for all that is no letter and no digit."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _APART.sub(" ", plain.casefold()).strip()


def has_name(words: str, hold: Hold) -> bool:
    """Does ``words`` (normal, with a space at both ends) have the name or one of its spellings, as whole words?"""
    return any(f" {normal(spelling)} " in words for spelling in (hold.name, *hold.variants))


def texts(manuscript: Manuscript) -> Iterator[str]:
    """All that is written in a story and in what belongs to it: captions, credits, topics, names, file names."""
    yield from (getattr(manuscript, name) for name in _WRITTEN)
    yield body.plain_text(manuscript.body)
    yield body.figure_words(manuscript.body)
    yield from (f"{line.text} {line.role}" for line in manuscript.bylines)
    yield from manuscript.tags
    rows = Image.objects.filter(uid__in=filter(body.known_uid, picture_uids(manuscript)))
    for row in rows.values_list("title", "caption", "alt_text", "credit", "original_name", "place"):
        yield from row
    for name, synonyms in Tag.objects.filter(slug__in=manuscript.tags).values_list("name", "synonyms"):
        yield from (name, *(str(each) for each in synonyms or ()))
    authors = [line.author for line in manuscript.bylines if line.author]
    yield from Author.objects.filter(slug__in=authors).values_list("name", flat=True)


def shown(publication: Publication) -> Iterator[str]:
    """As ``texts``, of what was published, from its own row alone."""
    yield from (publication.headline, publication.standfirst, publication.kicker, publication.address.path)
    yield from (publication.short_headline, publication.search_headline, publication.feed_headline)
    yield from (body.plain_text(publication.body_html), body.figure_words(publication.body_html), publication.note)
    for facts in (*publication.pictures.values(), *publication.topics, *publication.bylines):
        yield from (value for value in facts.values() if isinstance(value, str))
