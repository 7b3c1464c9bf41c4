"""Finding pictures by words: caption, credit, place, number, file name, keywords. The only writer of PictureText."""

import unicodedata

from django.db import transaction
from django.db.models import Q

from articles.models import Image, PictureText

MOST_WORDS = 8
LONGEST_QUESTION = 200
AT_ONCE = 500
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


def fitting(question: str) -> Q:
    """What pictures must meet to have all words of ``question``, in any order and as parts of words too."""
    words = _plain(question[:LONGEST_QUESTION]).split()[:MOST_WORDS]
    if not words:
        return Q()
    found = PictureText.objects.all()
    for word in words:
        found = found.filter(words__contains=word)
    return Q(pk__in=found.values("image"))


def _words_of(image: Image) -> str:
    return _plain("\n".join(filter(None, (getattr(image, name) for name in READ))))


def _plain(text: str) -> str:
    """Small letters without accents; underscores in file names are spaces."""
    parted = unicodedata.normalize("NFKD", text.replace("\0", "").replace("_", " ").casefold())
    return "".join(c for c in parted if not unicodedata.combining(c))
