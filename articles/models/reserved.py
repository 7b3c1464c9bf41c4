"""The first segments of addresses that belong to the site itself, so no section or story may take them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

RESERVED = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "api",
        "archive",
        "author",
        "authors",
        "card",
        "contact",
        "corrections",
        "favicon",
        "feed",
        "feeds",
        "healthz",
        "home",
        "latest",
        "login",
        "logout",
        "media",
        "metrics",
        "metricsz",
        "news-sitemap",
        "placeholder",
        "preview",
        "readyz",
        "csp-report",
        "robots",
        "search",
        "section",
        "sections",
        "sitemap",
        "static",
        "status",
        "story",
        "tag",
        "tags",
        "topic",
        "topics",
    ]
)


def refuse_reserved(slug: str) -> None:
    """Raise ValidationError when the site itself needs ``slug`` as an address."""
    if slug in RESERVED:
        raise ValidationError(
            _("“%(slug)s” is an address that the site itself uses. Choose another, for example “%(slug)s-news”."),
            code="reserved",
            params={"slug": slug},
        )
