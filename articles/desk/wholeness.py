"""Is every story on the desk whole? Its working copy is its newest revision, and the desk's search knows it."""

from collections.abc import Iterator

from articles import manuscript as manuscripts
from articles.models import Article, DeskText, Revision

AT_ONCE = 200  # stories read at once


def faults(*, read: bool = False) -> Iterator[str]:
    """A sentence for each story that is not whole; reads every working copy."""
    known = set(DeskText.objects.values_list("article", flat=True))
    for story in Article.objects.select_related("section", "cover").order_by("pk").iterator(AT_ONCE):
        newest = Revision.objects.of_the_story().filter(article=story).newest_first().first()
        if newest is None:
            yield f"story {story.pk} has no revision"
        elif manuscripts.from_json(newest.manuscript) != manuscripts.of(story):
            yield f"story {story.pk}: its working copy is not what its newest revision says"
        elif newest.version != story.version:
            yield f"story {story.pk} has version {story.version}, its newest revision {newest.version}"
        if story.pk not in known:
            yield f"story {story.pk}: the desk's search does not know it"
