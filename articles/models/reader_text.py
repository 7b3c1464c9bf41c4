"""What the readers' search reads. Written by articles.live.indexing only."""

from django.db import models


class ReaderText(models.Model):
    """The words of one publication as plain text, for as long as there is the publication.

    ``place`` is where it stands in all lists: the second of its date, and the publication's number behind that. The
    index walks in its order, so the newest hits are found first without sorting. ``labels`` are the names, captions
    and credits that go with the words.
    """

    place = models.BigIntegerField(primary_key=True)
    publication = models.OneToOneField("articles.Publication", models.CASCADE, related_name="+")
    title = models.TextField(blank=True)
    words = models.TextField(blank=True)
    labels = models.TextField(blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title


class ReaderWord(models.Model):
    """A word that stands in some story, in small letters without accents: what a slip of the pen may have meant."""

    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.word
