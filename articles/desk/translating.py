"""Saying which stories tell the same in different languages, so that readers and search engines find theirs."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.live import translations
from articles.models import Article, User

from . import roles


class NotATranslation(ValueError):
    """The two do not tell the same in two languages; the message says why."""


@transaction.atomic
def say(article: Article, other: Article, *, by: User) -> None:
    """Say that ``article`` tells what ``other`` tells, in another language. Raises Refused, NotATranslation."""
    roles.require(by, "publish", article)
    taken = {story.language: story for story in (other, *translations.others_of(other)) if story.pk != article.pk}
    if other.pk == article.pk:
        raise NotATranslation(_("That is this story itself. Name the one in the other language."))
    if article.language in taken:
        raise NotATranslation(
            _("“%(story)s” is in this story’s language too. Put the languages right, or choose another.")
            % {"story": taken[article.language]}
        )
    translations.join(article, other)
    audit.record("translated", article, by=by, other=str(other))


@transaction.atomic
def take_back(article: Article, *, by: User) -> None:
    """Say that ``article`` stands for itself. Raises Refused."""
    roles.require(by, "publish", article)
    translations.leave(article)
    audit.record("untranslated", article, by=by)
