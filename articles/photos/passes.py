"""Who may do what at the photo desk. The desk's roles are a floor above, so the groups that hold a right are asked."""

from django.contrib.auth.models import Group
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from articles.models import Image, User


class Refused(Exception):
    """The photo desk does not do this; the message says why, and who can or what to do."""


def require(by: User, permission: str, does: str) -> None:
    """Raise Refused unless ``by`` works here and holds ``permission``; ``does`` is what was wanted ("add pictures")."""
    if not by.is_active:
        raise Refused(_("The account “%(name)s” is locked. Ask a site administrator.") % {"name": by})
    if not by.has_perm(f"articles.{permission}"):
        who = _who_can(permission)
        raise Refused(_("You cannot %(do)s. Ask somebody of these: %(who)s.") % {"do": does, "who": who})


def to_describe(by: User, image: Image) -> str:
    """The permission that changing the facts of ``image`` takes: whoever brought a picture may put its slip right."""
    return "add_image" if by.pk and image.received_by_id == by.pk else "change_image"


def _who_can(permission: str) -> str:
    groups = Group.objects.filter(permissions__codename=permission, permissions__content_type__app_label="articles")
    return get_text_list(list(groups.order_by("name").values_list("name", flat=True)), _("or"))
