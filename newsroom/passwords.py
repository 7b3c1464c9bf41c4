"""What a new password must not be, besides short and common: guessed from where it is for, or stolen elsewhere before.

OWASP ASVS 5, 6.2; NIST SP 800-63B-4, 3.1.1.2. There is no rule about kinds of characters, and no longest length that
anybody would meet.
"""

import hashlib
import re
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 1000  # Argon2 takes more; nobody types it
OF_ONES_OWN = 8  # characters that must be left without the words of this place
_DIGEST = 40  # hexadecimal digits of a SHA-1


class NotAboutThisPlace:
    """Refuses what is little more than the outlet's own name, words of the trade, or the same few characters again."""

    words = ("newsroom", "password", "passphrase", "welcome", "letmein", "changeme", "editor", "reporter", "admin")

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(_("A password of more than %(most)s characters is too long.") % {"most": LONGEST})
        left = password.lower()
        for word in (*self.words, *re.findall(r"\w{4,}", f"{settings.SITE_NAME} {settings.SITE_HOST}".lower())):
            left = left.replace(word, "")
        if len("".join(left.split())) < OF_ONES_OWN:
            raise ValidationError(_("That is little more than words that anybody would try here first."))
        if len(set(password)) < 5:
            raise ValidationError(_("That repeats too few characters."))

    def get_help_text(self) -> str:
        return _("Several words that only you would put together are good; the outlet’s name is not.")


class NotStolen:
    """Refuses what stands in BREACHED_PASSWORDS: SHA-1 digests in order, one a line, as Have I Been Pwned gives away.

    Looked up in the file itself, by halves; no password, and no part of one, leaves the machine.
    """

    def validate(self, password: str, user: Any = None) -> None:
        path = Path(settings.BREACHED_PASSWORDS)
        if is_listed(path, hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()):
            raise ValidationError(
                _("That password was stolen from another site, and is on lists that are tried first.")
            )

    def get_help_text(self) -> str:
        return _("It must not be one that was stolen elsewhere.")


def is_listed(path: Path, digest: str) -> bool:
    """Whether a line of ``path`` begins with ``digest`` (upper-case hexadecimal). Its lines must be in order."""
    with path.open("rb") as lines:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_after(lines, middle)
            if line and line < digest:
                low = middle + 1
            else:
                high = middle
        return _line_after(lines, low) == digest


def _line_after(lines: BinaryIO, place: int) -> str:
    """The digest of the first line that begins at ``place`` or later; "" after the last one."""
    lines.seek(max(0, place - 1))
    if place:
        lines.readline()
    return lines.readline()[:_DIGEST].decode("ascii", "replace").upper()
