"""Moving a story to another address. The old one leads there for ever, in one hop."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.live import addresses, store
from articles.models import Address, Article, Section, User

from . import roles
from .moves import NoteWanted, NotPossible

LONGEST_SLUG = 200


@transaction.atomic
def move(article: Article, *, section: Section, slug: str, why: str, by: User) -> Address:
    """Let readers find ``article`` under ``slug`` in ``section``; the story itself stays as it is.

    Raises Refused, NoteWanted, NotPossible for a story that readers never knew or an address that it has, Taken, and
    ValidationError for what is no address.
    """
    roles.require(by, "publish", article)
    if not why.strip():
        raise NoteWanted(_("Say in a few words why it moves: readers keep links to it."))
    validate_slug(slug)
    if len(slug) > LONGEST_SLUG:
        raise ValidationError(_("That is too long. %(most)d characters fit.") % {"most": LONGEST_SLUG})
    article = Article.objects.select_for_update().get(pk=article.pk)
    now, path = timezone.now(), addresses.path_for(section.slug, slug)
    before = addresses.of(article)
    if before is None:
        raise NotPossible(_("Nobody knows the story by an address yet. Write the one you want into its form."))
    if before.path == path:
        raise NotPossible(_("That is its address already."))
    address = addresses.move(article, path, at=now)
    store.readdress(article, address, at=now)
    audit.record("moved", article, by=by, at=now, old=before.path, new=path, note=why.strip())
    return address
