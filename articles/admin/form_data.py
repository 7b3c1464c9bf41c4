"""What the story's form tells its scripts: limits, addresses to ask, what is chosen, and the words to say it in."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.desk import roles
from articles.desk.lengths import LENGTHS

from . import bylines
from .story_form import StoryForm


def of(form: StoryForm) -> dict[str, Any]:
    """Plain data for one JSON block of the page. Asks no more than the form has asked already."""
    return {
        "lengths": {field: length.as_json() for field, length in LENGTHS.items()},
        "site": {"name": settings.SITE_NAME, "url": settings.SITE_URL, "host": urlsplit(settings.SITE_URL).netloc},
        "path": form.address.path if form.address else "",
        "sections": {str(section.pk): {"slug": section.slug, "name": section.name} for section in form.sections},
        "topics": form.topics_shown(),
        "mayMakeTopics": roles.may(form.by, "topics"),
        "related": form.related_shown(),
        "story": str(form.instance.uid),
        "authors": bylines.shown(form.bylines),
        "mostBylines": bylines.BylineFormSet.max_num,
        "ask": {
            "topics": reverse("admin:articles_article_topics"),
            "authors": reverse("admin:articles_article_authors"),
            "stories": reverse("admin:articles_article_stories"),
            "pictures": reverse("admin:articles_image_choose"),
            "thumbnail": reverse("admin:thumbnail", args=[UUID(int=0)]),
            "checks": reverse("admin:articles_article_checks", args=[form.instance.pk]) if form.instance.pk else "",
        },
        "words": _words(),
    }


def _words() -> dict[str, str]:
    """Sentences for a script. What stands in braces is filled in there."""
    return {
        "count": _("{count} of {most} characters"),
        "lines": _("{count} characters; on a phone about {lines} lines"),
        "line": _("{count} characters; on a phone 1 line"),
        "over": _("{count} characters, {over} too many: {why}"),
        "empty": _("Left empty: “{instead}”."),
        "noHeadline": _("No headline yet"),
        "noAddress": _("No address can be made from this headline. Write one in Latin letters."),
        "found": _("{count} found. Use the arrow keys."),
        "foundOne": _("1 found. Use the arrow keys."),
        "none": _("Nothing found."),
        "list": _("Found"),
        "standsFor": _("“{said}” stands for it"),
        "make": _("Make a new topic: “{name}”"),
        "new": _("new topic"),
        "unknown": _("not a topic yet"),
        "added": _("{name} added."),
        "removed": _("{name} taken out."),
        "remove": _("Take out {name}"),
        "up": _("Move {name} up"),
        "down": _("Move {name} down"),
        "moved": _("{name} is number {number} of {count} now."),
        "byline": _("Byline {number}"),
        "chosen": _("“{name}” is the cover now."),
    }
