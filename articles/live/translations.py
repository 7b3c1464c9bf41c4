"""Which stories tell the same in different languages. The only writer of Translation."""

from uuid import uuid4

from django.db import transaction

from articles.models import Article, Translation

from . import stamps


def others_of(article: Article) -> list[Article]:
    """The stories that tell the same in other languages."""
    group = Translation.objects.filter(article=article).values("group")
    told = Translation.objects.filter(group__in=group).values("article")
    return list(Article.objects.filter(pk__in=told).exclude(pk=article.pk).order_by("language", "pk"))


@transaction.atomic
def join(article: Article, other: Article) -> None:
    """Let ``article`` tell the same as ``other`` and those beside it, and no longer as any before."""
    group = Translation.objects.filter(article=other).values_list("group", flat=True).first() or uuid4()
    before = others_of(article)
    for each in (other, article):
        Translation.objects.update_or_create(article=each, defaults={"group": group})
    _tell([article, *before, *others_of(article)])


@transaction.atomic
def leave(article: Article) -> None:
    """Let ``article`` stand for itself."""
    before = others_of(article)
    Translation.objects.filter(article=article).delete()
    _tell([article, *before])


def _tell(stories: list[Article]) -> None:
    stamps.bump({f"story:{story.pk}" for story in stories})
