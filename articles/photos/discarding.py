"""Deleting a picture that nobody uses, with its files. What is or was used stays: the record and old pages need it."""

from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Image, Rendition, Takedown, User

from . import loose_ends, passes
from .intake import Refused


class InUse(Exception):
    """The picture is used, or was; the message says where."""


def uses(image: Image) -> list[str]:
    """Where it is needed, in words; empty where nobody needs it."""
    needed = {
        _("in a story"): image.placements.exists(),
        _("in what was published"): image.uses.exists(),
        _("as an author’s portrait"): image.portrait_of.exists(),
        _("in the place of another picture"): Takedown.objects.filter(fallback=image).exists()
        or Image.objects.filter(fallback=image.uid).exists(),
        _("in the record of a takedown"): Takedown.objects.filter(image=image).exists(),
        _("in a waiver"): image.waivers.exists(),
    }
    return [where for where, is_needed in needed.items() if is_needed]


def discard(image: Image, *, by: User) -> None:
    """Delete ``image`` for good. Raises Refused and InUse.

    The files go once the row is gone: a file without a row is litter, a row without a file a broken page. Where the
    store does not answer, the log says so and the clock tries again.
    """
    passes.require(by, "delete_image", _("delete pictures"))
    original = str(image.file)
    with transaction.atomic():
        picture = Image.objects.select_for_update().filter(pk=image.pk).first()
        if picture is None:
            raise Refused(_("“%(name)s” is gone already.") % {"name": image})
        if needed := uses(picture):
            said = _("“%(name)s” cannot be deleted: it stands %(where)s. Take it down instead.")
            raise InUse(said % {"name": image, "where": ", ".join(needed)})
        public = list(Rendition.objects.filter(image=picture).values_list("name", flat=True))
        audit.record("deleted", picture, by=by, title=picture.title, sha256=picture.sha256, uid=str(picture.uid))
        picture.delete()
        loose_ends.let_go(loose_ends.ORIGINALS, [original] if original else [])
        loose_ends.let_go(loose_ends.PUBLIC, public)
