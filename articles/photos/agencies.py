"""Agencies by one name each: credit lines spell them in many ways. The only writer of AgencyName."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import AgencyName, User

from . import passes

Refused = passes.Refused


def name_of(spelling: str) -> str:
    """Our name for an agency that a credit line spells so; one that the table does not know keeps its spelling."""
    known = AgencyName.objects.filter(spelling=_squeezed(spelling)).values_list("name", flat=True).first()
    return known or spelling


@transaction.atomic
def record(entry: AgencyName, *, by: User) -> AgencyName:
    """Keep a spelling and the name for it. Pictures that come later have it. Raises Refused and ValidationError."""
    passes.require(by, "change_agencyname", _("change the names of agencies"))
    is_new = entry.pk is None
    entry.spelling = _squeezed(entry.spelling)
    if not entry.spelling:
        raise ValidationError({"spelling": _("Write the spelling, as it stands in credit lines.")})
    entry.full_clean()
    entry.save()
    audit.record("added" if is_new else "changed", entry, by=by)
    return entry


@transaction.atomic
def remove(entry: AgencyName, *, by: User) -> None:
    """Forget a spelling. Raises Refused."""
    passes.require(by, "delete_agencyname", _("change the names of agencies"))
    audit.record("removed", entry, by=by, spelling=entry.spelling, name=entry.name)
    entry.delete()


def _squeezed(spelling: str) -> str:
    return " ".join(spelling.casefold().split())
