"""What the readers' search knows of each publication: written when it is composed. How it is asked: live.search."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connections, transaction

from articles import body, fulltext
from articles.models import Publication, ReaderText, ReaderWord, Tag

MOST_BYTES = 400_000  # PostgreSQL refuses a word list above one megabyte
AT_ONCE = 200  # publications in one transaction
SHORTEST, LONGEST = 4, 40  # letters of a word that a slip may have meant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_WORD = re.compile(r"[^\W_]+")
_HEADLINES = ("headline", "short_headline", "search_headline", "feed_headline", "kicker")
_OF_A_PICTURE = ("title", "caption", "credit", "alt")


def place(dated_at: datetime, publication_id: int) -> int:
    """Where a publication stands among all, newest last: sortable, and unique up to ten million publications."""
    seconds = int((dated_at - _EPOCH).total_seconds() // 1)
    return seconds * 10_000_000 + publication_id % 10_000_000


def dated(place: int) -> datetime:
    """The second in which the publication at ``place`` is dated."""
    return _EPOCH + timedelta(seconds=place // 10_000_000)


def add(publication: Publication) -> None:
    """Write down what ``publication`` is found by; a notice is found by nothing. Three queries."""
    if publication.kind == Publication.Kind.STORY:
        _write([publication])


def index_missing(*, using: str = "default") -> int:
    """Write down the publications that have no text yet, such as those from before there was a search; how many."""
    known = ReaderText.objects.using(using).values("publication")
    return _in_batches(Publication.objects.using(using).stories().exclude(pk__in=known), using=using)


def index_all() -> int:
    """Write every publication down again, and make the database's index anew from that; how many there are."""
    ReaderWord.objects.all().delete()
    done = _in_batches(Publication.objects.stories())
    fulltext.rebuild(connections["default"], fulltext.READERS)
    return done


def folded(word: str) -> str:
    """A word in small letters without its accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _in_batches(publications, *, using: str = "default") -> int:
    done, after = 0, 0
    while batch := list(publications.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        with transaction.atomic(using=using):
            _write(batch, using=using)
        done, after = done + len(batch), batch[-1].pk
    return done


def _write(publications: list[Publication], *, using: str = "default") -> None:
    other_names = _synonyms({topic["slug"] for each in publications for topic in each.topics}, using=using)
    texts = [_text(publication, other_names) for publication in publications]
    columns = ["title", "words", "labels"]
    ReaderText.objects.using(using).bulk_create(
        texts, update_conflicts=True, unique_fields=["place"], update_fields=columns
    )
    known = {word for text in texts for word in _words(f"{text.title}\n{text.words}\n{text.labels}")}
    ReaderWord.objects.using(using).bulk_create(map(ReaderWord, sorted(known)), ignore_conflicts=True)


def _synonyms(slugs: set[str], *, using: str) -> dict[str, list[str]]:
    rows = Tag.objects.using(using).filter(slug__in=slugs).values_list("slug", "synonyms")
    return {slug: [str(name) for name in names] for slug, names in rows if isinstance(names, list)}


def _text(publication: Publication, other_names: dict[str, list[str]]) -> ReaderText:
    written = publication.manuscript.get("body", "")
    return ReaderText(
        place=place(publication.dated_at, publication.pk),
        publication=publication,
        title=_kept(getattr(publication, name) for name in _HEADLINES),
        words=_kept([publication.standfirst, body.plain_text(written), body.figure_words(written)]),
        labels=_kept(_labels(publication, other_names)),
    )


def _labels(publication: Publication, other_names: dict[str, list[str]]) -> Iterable[str]:
    yield publication.manuscript.get("dateline", "")
    yield publication.section.name
    for line in publication.bylines:
        yield line["name"]
    for topic in publication.topics:
        yield topic["name"]
        yield from other_names.get(topic["slug"], ())
    for facts in publication.pictures.values():
        yield from (facts.get(name, "") for name in _OF_A_PICTURE)


def _kept(texts: Iterable[str]) -> str:
    """Each text once, a line or more for each, without what no database takes."""
    joined = "\n".join(dict.fromkeys(filter(None, texts)))
    return _CONTROL.sub(" ", joined).encode()[:MOST_BYTES].decode(errors="ignore")


def _words(text: str) -> set[str]:
    words = {folded(word) for word in _WORD.findall(text)}
    return {word for word in words if SHORTEST <= len(word) <= LONGEST and not word.isdigit()}
