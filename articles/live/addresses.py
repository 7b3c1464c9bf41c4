"""Whose path is it? Reserves an address for a story once, for ever; an old one leads to the new one."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles.models import Address, Article, OldAddress


class Taken(Exception):
    """Another story has, or once had, this address."""


def path_for(section_slug: str, slug: str) -> str:
    """The path of a story first published in that section under that slug."""
    return f"/{section_slug}/{slug}/"


def path_in(text: str) -> str:
    """The path that an address of ours leads to, as it is kept; empty for an address elsewhere."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return ""
    if parts.netloc and parts.netloc.lower() != urlsplit(settings.SITE_URL).netloc.lower():
        return ""
    return f"/{parts.path.strip('/')}/" if parts.path.strip("/") else ""


def of(article: Article) -> Address | None:
    """The story's current address, or None while it never had one."""
    return Address.objects.filter(article=article, is_current=True).first()


def other_owner(path: str, article: Article) -> Article | None:
    """The story that has or had ``path``, if it is not ``article``."""
    address = Address.objects.filter(path=path).exclude(article=article).select_related("article").first()
    return address.article if address else None


def reserve(article: Article, path: str, *, at: datetime) -> Address:
    """The story's address: the one it has, else ``path`` from now on. Raises Taken."""
    owned = of(article)
    if owned:
        return owned
    try:
        with transaction.atomic():
            return Address.objects.create(path=path, article=article, since=at)
    except IntegrityError:
        # The database decides, since another story may take the path in this very moment.
        raise Taken(
            _("“%(path)s” is already the address of “%(story)s”. Choose another.")
            % {"path": path, "story": other_owner(path, article)}
        ) from None


@transaction.atomic
def move(article: Article, to: str, *, at: datetime) -> Address:
    """Give the story another address; the one that it has leads there from now on. Raises Taken.

    One of its own old ones may become the current one again. What is public is told by store.readdress.
    """
    owner = other_owner(to, article)
    if owner:
        raise Taken(
            _("“%(path)s” is already the address of “%(story)s”. Choose another.") % {"path": to, "story": owner}
        )
    Address.objects.filter(article=article, is_current=True).exclude(path=to).update(is_current=False)
    address, made = Address.objects.get_or_create(path=to, defaults={"article": article, "since": at})
    if not made:
        Address.objects.filter(pk=address.pk).update(is_current=True)
        address.refresh_from_db()
    return address


@transaction.atomic
def lead_on(old: str, new: str, *, at: datetime) -> None:
    """Let the page at ``old``, its feeds, and whatever led there, lead to those at ``new``: always in one hop."""
    for name in ("", "feed.xml", "atom.xml", "feed.json"):
        OldAddress.objects.filter(leads_to=f"{old}{name}").update(leads_to=f"{new}{name}")
        OldAddress.objects.filter(path=f"{new}{name}").delete()
        remember(f"{old}{name}", leads_to=f"{new}{name}", at=at)


def remember(path: str, *, article_id: int | None = None, leads_to: str = "", at: datetime) -> bool:
    """Let an address from before this site lead to a story, or to a path of ours; False where it did already."""
    target = {"article_id": article_id, "leads_to": leads_to}
    kept, made = OldAddress.objects.get_or_create(path=path, defaults={**target, "since": at})
    if not made and (kept.article_id, kept.leads_to) != (article_id, leads_to):
        OldAddress.objects.filter(pk=kept.pk).update(**target)
        return True
    return made
