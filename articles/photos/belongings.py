"""The files that rows name: what a copy of the database is not whole without."""

from collections.abc import Iterator

from articles.models import Delivery, Image, Rendition


def files(using: str) -> Iterator[tuple[str, str]]:
    """The half (“private” or “public”) and the name of each."""
    for name in Image.objects.using(using).exclude(file="").values_list("file", flat=True).iterator():
        yield "private", name
    for pieces in Delivery.objects.using(using).values_list("pieces", flat=True).iterator():
        yield from (("private", piece["file"]) for piece in pieces)
    for name in Rendition.objects.using(using).values_list("name", flat=True).iterator():
        yield "public", name
