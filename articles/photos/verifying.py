"""Whether a picture shows what is said of it: who looked, how, and who looked again: it takes two people."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles.models import Image, User

from . import passes
from .intake import Stale

Verified = Image.Verified


class HowWanted(ValueError):
    """A picture is not verified by a word: how it was done belongs to it."""


@transaction.atomic
def verify(image: Image, *, found: str, how: str, by: User, seen: int) -> Image:
    """Write down how far ``image`` is verified (``found``, of Image.Verified) and how, by somebody who saw ``seen``.

    A second person who finds it fully verified, as the first did, makes it so; the same person cannot. Readers see it
    with the next publication. Raises Refused, HowWanted and Stale.
    """
    passes.require(by, "verify_image", _("vouch for what a picture shows"))
    if found in (Verified.PLACE, Verified.DATE, Verified.FULLY) and not how.strip():
        raise HowWanted(_("Say how it was verified: what was compared with what."))
    picture = Image.objects.select_for_update().get(pk=image.pk)
    if picture.version != seen:
        raise Stale(_("“%(name)s” was changed after you opened it. Open it again.") % {"name": picture})
    now = timezone.now()
    seconds = found == Verified.FULLY and picture.verification == Verified.FULLY and picture.verified_by_id
    if seconds and picture.verified_by_id == by.pk:
        raise passes.Refused(_("Somebody else has to look at it too: you were the first who verified it."))
    if seconds:
        picture.seconded_by, picture.seconded_at = by, now
        picture.verification_note = "\n".join(filter(None, [picture.verification_note, how.strip()]))
    else:
        picture.verification, picture.verification_note = found, how.strip()
        picture.verified_by, picture.verified_at = by, now
        picture.seconded_by, picture.seconded_at = None, None
    picture.version += 1
    picture.save()
    audit.record("seconded" if seconds else "verified", picture, by=by, at=now, found=found, note=how.strip())
    return picture
