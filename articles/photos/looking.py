"""Finding pictures by words: caption, credit, place, number, file name, keywords. The only writer of PictureText."""

import unicodedata
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from articles import fulltext
from articles.models import Image, PictureText

MOST_WORDS = 8
LONGEST_QUESTION = 200
SHORTEST = 3  # letters of a part that the index knows on SQLite
AT_ONCE = 500
LAST = 2**63 - 1  # no key of SQLite's is greater
READ = (
    *("title", "caption", "alt_text", "credit", "photographer", "holder", "agency", "supplied_by", "place", "virin"),
    *("original_name", "keywords", "job_id"),
)


def index(image: Image) -> None:
    """Write down what ``image`` is found by. Call it in the transaction that changes the picture. One query."""
    PictureText.objects.bulk_create(
        [PictureText(image=image, words=_words_of(image))],
        update_conflicts=True,
        unique_fields=["image"],
        update_fields=["words"],
    )


def index_missing(*, using: str = "default") -> None:
    """Write down the pictures that have no text yet, such as those from before there was a search."""
    missing = Image.objects.using(using).filter(text=None).order_by("pk")
    after = 0  # from the beginning each time, all that are done already would be looked at again
    while images := list(missing.filter(pk__gt=after)[:AT_ONCE]):
        after = images[-1].pk
        with transaction.atomic(using=using):
            rows = [PictureText(image=image, words=_words_of(image)) for image in images]
            PictureText.objects.using(using).bulk_create(rows, ignore_conflicts=True)


def newest(pictures: QuerySet[Image], question: str, *, before: int | None = None) -> QuerySet[Image]:
    """Of ``pictures`` those that have all words of ``question``, in any order and as parts of words too; the newest
    first, with ``before`` the ones before that key.

    On SQLite the index is walked from its end, so that no more hits are read than a page shows. It knows parts of three
    letters and more; for shorter ones the texts themselves are read, until the page is full.
    """
    words = _plain(question[:LONGEST_QUESTION]).split()[:MOST_WORDS]
    known = [word for word in words if len(word) >= SHORTEST and connection.vendor == "sqlite"]
    for word in words:
        if word not in known:
            pictures = pictures.filter(text__words__contains=word)
    if before is not None:
        pictures = pictures.filter(pk__lt=before)
    return _walked(pictures, known, before) if known else pictures.order_by("-pk")


def _walked(pictures: QuerySet[Image], words: list[str], before: int | None) -> QuerySet[Image]:
    index = fulltext.PICTURES.name
    phrases = " ".join('"{}"'.format(word.replace('"', '""')) for word in words)
    where = [f"{index} MATCH %s", f"{index}.rowid = articles_image.id", f"{index}.rowid < %s"]
    parameters: list[Any] = [phrases, LAST if before is None else before]
    # The words are values. No other way of Django's joins a table that no model stands for.
    last_first = [f"-{index}.rowid"]
    return pictures.extra(None, where, parameters, [index], last_first)  # noqa: S610  # nosec B610


def _words_of(image: Image) -> str:
    return _plain("\n".join(filter(None, (getattr(image, name) for name in READ))))


def _plain(text: str) -> str:
    """Small letters without accents; underscores in file names are spaces."""
    parted = unicodedata.normalize("NFKD", text.replace("\0", "").replace("_", " ").casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))
