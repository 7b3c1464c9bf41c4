"""Is everything that readers see there as a whole? A publication has its lists, its search rows, stamp and address.

A transaction writes all of it or nothing; this looks whether that held, after a crash, a move or a restore.
"""

from collections.abc import Iterator

from django.db.models import F, Q

from articles.models import Correction, Publication, ReaderText, Stamp

from . import composed, indexing
from .store import LISTINGS

AT_ONCE = 200  # publications read at once


def faults(*, read: bool = False) -> Iterator[str]:
    """A sentence for each thing that is not whole; reads every publication."""
    for publication in Publication.objects.select_related("address").order_by("pk").iterator(AT_ONCE):
        for fault in (*_of_itself(publication), *_of_its_lists(publication), *_of_what_goes_with_it(publication)):
            yield f"publication {publication.number} of story {publication.article_id}: {fault}"
    yield from _overlapping()
    yield from _without_a_stamp()
    for article in Publication.objects.exclude(article__addresses__is_current=True).values_list("article", flat=True):
        yield f"story {article} is published and has no current address"


def _of_itself(publication: Publication) -> Iterator[str]:
    if publication.composed_digest != composed.of(publication):
        yield "what is stored is not what was composed"
    if publication.address.article_id != publication.article_id:
        yield "it stands at the address of another story"


def _of_its_lists(publication: Publication) -> Iterator[str]:
    hung = {listing: list(listing.objects.filter(publication=publication)) for listing in LISTINGS}
    own = (publication.dated_at, publication.live_from, publication.live_until)
    for listing, rows in hung.items():
        if any((row.dated_at, row.live_from, row.live_until) != own for row in rows):
            yield f"its dates differ in {listing._meta.db_table}"
    if publication.kind != Publication.Kind.STORY:
        return
    named = {
        "section": {publication.section_id},
        "tag__slug": {topic["slug"] for topic in publication.topics},
        "image__uid": set(publication.pictures),
    }
    for listing in LISTINGS:
        for path, wanted in named.items():
            if path.partition("__")[0] == listing.HANGS_ON:
                there = listing.objects.filter(publication=publication).values_list(path, flat=True)
                if missing := wanted - {value if path == "section" else str(value) for value in there}:
                    yield f"it is missing in {listing._meta.db_table}: {', '.join(map(str, sorted(missing)))}"


def _of_what_goes_with_it(publication: Publication) -> Iterator[str]:
    if publication.kind == Publication.Kind.STORY:
        place = indexing.place(publication.dated_at, publication.pk)
        if not ReaderText.objects.filter(place=place, publication=publication).exists():
            yield "the readers' search does not know it"
    if publication.change in Correction.Kind.values and not Correction.objects.filter(publication=publication).exists():
        yield "its correction is not on the record"


def _overlapping() -> Iterator[str]:
    awake = Publication.objects.filter(parked_at=None)
    both = awake.filter(
        Q(article__publications__live_from__lt=F("live_until")),
        Q(article__publications__live_until__gt=F("live_from")),
        Q(article__publications__parked_at=None),
        article__publications__pk__gt=F("pk"),
    )
    for story, number in both.values_list("article", "number"):
        yield f"publication {number} of story {story} overlaps another"


def _without_a_stamp() -> Iterator[str]:
    """A page is made anew when its stamp is raised: a publication that began at once has raised its story's."""
    values = dict(Stamp.objects.values_list("name", "value"))
    at_once = Publication.objects.filter(live_from=F("published_at"), parked_at=None)
    for story, number, moment in at_once.values_list("article", "number", "published_at").iterator(AT_ONCE):
        if values.get(f"story:{story}", 0) < int(moment.timestamp() * 1_000_000):
            yield f"publication {number} of story {story} has left no stamp"
