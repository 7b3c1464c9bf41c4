"""Whether a picture may go out in a story: its credit, its words, its rights on that day, what was said of it.

The sentences stand here for the checks of a story, and for whatever else puts a picture before readers.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles.models import Image, Waiver

from .findings import ERROR, WARNING, Finding

# Rights that end within so many days after the story goes out are told.
ENDS_SOON = timedelta(days=30)
# Words with which a picture comes that nobody has cleared. No editor can set them aside.
_CLOSED = re.compile(
    r"\bnot\s+(?:yet\s+)?released?\b|\bFOUO\b|\bfor\s+official\s+use\s+only\b"
    r"|\bnot\s+for\s+(?:public\s+)?(?:release|publication)\b|\bdo\s+not\s+(?:publish|release)\b",
    re.IGNORECASE,
)
# In a caption, at its end only: a story may well be about papers that are not released.
_CLOSED_CAPTION = re.compile(r"\bnot\s+released\s*\)?\s*\.?\s*$", re.IGNORECASE)


def findings(image: Image, field: str, *, on: date, has_own_alt: bool, waiver: Waiver | None) -> Iterator[Finding]:
    """What stands between ``image`` and the readers of a story of that day; ``field`` is where the story has it."""
    named = {"name": image.title}
    yield from _words(image, field, has_own_alt=has_own_alt)
    for sentence in unowned(image):
        if waiver:
            yield Finding(WARNING, field, sentence + " " + _waived(waiver))
        else:
            yield Finding(ERROR, field, sentence)
    if is_closed(image):
        said = _("The picture “%(name)s” is marked as not released. Choose another: nobody can set this aside.")
        yield Finding(ERROR, field, said % named)
    yield from _dates(image, field, on)
    yield from _proof(image, field)


def unowned(image: Image) -> list[str]:
    """What it lacks of credit and rights, in sentences."""
    lacks = {
        _("The picture “%(name)s” has no credit. Write whose it is."): not image.credit,
        _("Nobody has said why we may use the picture “%(name)s”. Choose the rights."): not image.rights_basis,
    }
    return [sentence % {"name": image.title} for sentence, is_lacking in lacks.items() if is_lacking]


def is_closed(image: Image) -> bool:
    """Whether it came with words that forbid showing it: not released, for official use only."""
    said = f"{image.restrictions}\n{image.usage_terms}\n{image.rights_note}"
    return bool(_CLOSED.search(said) or _CLOSED_CAPTION.search(image.caption))


def _words(image: Image, field: str, *, has_own_alt: bool) -> Iterator[Finding]:
    named = {"name": image.title}
    if not (image.alt_text or image.is_decorative or has_own_alt):
        yield Finding(ERROR, field, _("The picture “%(name)s” has no text alternative. Say what is in it.") % named)
    if image.alt_text and image.alt_text.strip() in (image.original_name, image.original_name.rpartition(".")[0]):
        said = _("The text alternative of “%(name)s” is its file name. Say what is in the picture.")
        yield Finding(ERROR, field, said % named)
    if image.is_awaiting_file:
        said = _("The file of the picture “%(name)s” has not arrived; readers will see a plain placeholder.")
        yield Finding(WARNING, field, said % named)


def _dates(image: Image, field: str, on: date) -> Iterator[Finding]:
    """Rights that have not begun by the day on which the story goes out, have ended by then, or will soon."""
    if image.rights_from and image.rights_from > on:
        said = _("The picture “%(name)s” may be used from %(day)s only. Choose another, or wait.")
        yield Finding(ERROR, field, said % {"name": image.title, "day": _written(image.rights_from)})
    ends = image.rights_until
    if ends is None or ends > on + ENDS_SOON:
        return
    told = {"name": image.title, "day": _written(ends)}
    if ends < on:
        said = _("The picture “%(name)s” could be used until %(day)s only. Choose another, or renew the rights.")
        yield Finding(ERROR, field, said % told)
    else:
        yield Finding(WARNING, field, _("The picture “%(name)s” may be used until %(day)s only.") % told)


def _proof(image: Image, field: str) -> Iterator[Finding]:
    if image.told_verification != Image.Verified.UNVERIFIED:
        return
    if field == "cover":
        said = _("The picture “%(name)s” is not verified, so it cannot be the cover. Verify it, or choose another.")
        yield Finding(ERROR, field, said % {"name": image.title})
    else:
        said = _("The picture “%(name)s” is not verified; readers will be told so.")
        yield Finding(WARNING, field, said % {"name": image.title})


def _waived(waiver: Waiver) -> str:
    said = _("%(who)s lets it go out nevertheless: %(why)s")
    return said % {"who": waiver.given_by, "why": waiver.why}


def _written(day: date) -> str:
    return date_format(day, "j F Y")
