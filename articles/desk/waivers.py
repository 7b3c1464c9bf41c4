"""A named editor lets one story go out with a picture whose credit or rights are missing. The only writer of Waiver."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Article, Image, User, Waiver

from . import clearing, roles
from .moves import NoteWanted


class NothingToWaive(Exception):
    """The picture lacks nothing that an editor could set aside."""


@transaction.atomic
def give(article: Article, image: Image, *, why: str, by: User) -> Waiver:
    """Let ``article`` go out with ``image`` as it is. Raises Refused, NoteWanted and NothingToWaive."""
    roles.require(by, "waive")
    if not why.strip():
        raise NoteWanted(_("Say why the story may go out with this picture."))
    if not clearing.unowned(image):
        raise NothingToWaive(_("“%(name)s” has its credit, and we know why we may use it.") % {"name": image})
    said = {"why": why.strip()[:300], "given_at": timezone.now(), "given_by": by}
    waiver, _made = Waiver.objects.update_or_create(article=article, image=image, defaults=said)
    audit.record("waived the rights", article, by=by, picture=str(image.uid), note=waiver.why)
    return waiver


@transaction.atomic
def take_back(waiver: Waiver, *, by: User) -> None:
    """The picture stands in the way of the story again. Raises Refused."""
    roles.require(by, "waive")
    audit.record("took back the waiver", waiver.article, by=by, picture=str(waiver.image.uid))
    waiver.delete()
