"""The pages about the newsroom and its rules: kept as working copies, published as editions. Their only writer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import audit, body
from articles.live import editions
from articles.models import FlatPage, User

from . import roles


@transaction.atomic
def keep(page: FlatPage, *, seen: int, by: User) -> FlatPage:
    """Keep the working copy as ``page`` says; readers see nothing of it. ``seen`` is the version it was made from.

    Raises Refused, BodyRefused, and ValidationError when it cannot be kept or somebody else has kept another one.
    """
    roles.require(by, "flat_pages")
    page.slug = page.slug or slugify(page.title)
    page.body = body.clean(page.body)
    if body.picture_uids(page.body):
        raise ValidationError({"body": _("A page holds no pictures. Take them out of the text, then save again.")})
    is_new = page.pk is None
    page.full_clean()
    if not is_new and not FlatPage.objects.filter(pk=page.pk, version=seen).update(version=seen + 1):
        raise ValidationError(
            _(
                "Somebody else saved this page while you wrote. Your words stand below and are not saved: open the page"
                " in another tab, put yours and theirs together there, and save that."
            )
        )
    page.version = 1 if is_new else seen + 1
    page.save()
    audit.record("added" if is_new else "changed", page, by=by)
    return page


@transaction.atomic
def publish(page: FlatPage, *, by: User) -> None:
    """Let readers see the working copy from now on. Raises Refused, and ValidationError for an empty one."""
    roles.require(by, "flat_pages")
    if not body.plain_text(page.body).strip():
        raise ValidationError({"body": _("There is nothing to read on it yet.")})
    content = {name: getattr(page, name) for name in ("title", "slug", "description", "body", "order")}
    now = timezone.now()
    editions.put(f"{editions.PAGE}{page.slug}", content, by=by, at=now)
    audit.record("published", page, by=by, at=now)


@transaction.atomic
def withdraw(page: FlatPage, *, by: User) -> None:
    """Take it off the site; the working copy stays. Raises Refused."""
    roles.require(by, "flat_pages")
    now = timezone.now()
    editions.withdraw(f"{editions.PAGE}{page.slug}", at=now)
    audit.record("withdrawn", page, by=by, at=now)
