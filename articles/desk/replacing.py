"""Another file in the place of a picture, everywhere: in what readers see, in what waits for its time, on the desk."""

import contextlib

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles import manuscript as manuscripts
from articles.models import Article, Image, User
from articles.photos import intake, renditions

from . import drafts, roles, takedowns
from .moves import NoteWanted


class SamePicture(ValueError):
    """The file is that of the picture itself."""


REFUSED = (NoteWanted, SamePicture, takedowns.NoFallback, takedowns.NotDown)  # what ``replace`` raises
KEPT = tuple(field for field in intake.DESCRIBED if field not in ("focal_x", "focal_y", "own_crops", "fallback"))


def replace(image: Image, file: File, *, why: str, by: User) -> Image:
    """Put the picture in ``file`` in the place of ``image``, with its facts, and take ``image`` off the site.

    It is a picture of its own, so that the record keeps which file readers saw when. Working copies get it too, each as
    a version of its own. Raises roles.Refused, intake.Refused, ValidationError, renditions.Failed and those of REFUSED.
    """
    roles.require(by, "replace")
    if not why.strip():
        raise NoteWanted(_("Say why the file is replaced."))
    instead = intake.receive(file, by=by, source="the picture before", **{name: getattr(image, name) for name in KEPT})
    if instead.pk == image.pk:
        raise SamePicture(_("This is the same file. Choose the other one."))
    renditions.ensure([instead], places=takedowns.EVERYWHERE)
    with transaction.atomic():
        takedowns.take_down(image, why=why, by=by, fallback=instead)
        for article in Article.objects.filter(placements__image=image).distinct():
            _in_working_copy(article, image, instead, by=by)
        audit.record("replaced", image, by=by, at=timezone.now(), note=why.strip(), instead=str(instead.uid))
    return instead


def _in_working_copy(article: Article, image: Image, instead: Image, *, by: User) -> None:
    """A story whose words rest keeps the picture that is taken down; those who must act are told of each."""
    after = takedowns.without(manuscripts.of(article), str(image.uid), str(instead.uid))
    with contextlib.suppress(drafts.NotNow):
        drafts.write(article, after, seen=article.version, by=by)
