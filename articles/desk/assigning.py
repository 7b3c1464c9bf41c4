"""Who writes a story, until when, and how much it matters."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit
from articles.models import Article, User

from . import drafts, notices, roles
from .times import with_zone

PRIORITIES = {1: gettext_lazy("urgent"), 2: gettext_lazy("high"), 3: gettext_lazy("usual"), 4: gettext_lazy("low")}


class NoWriter(ValueError):
    """That person cannot write stories here."""


@transaction.atomic
def plan(article: Article, *, assignee: User | None, deadline_at: datetime | None, priority: int, by: User) -> Article:
    """Say who writes the story, until when, and how much it matters. Who gets it is told.

    Raises Refused, and NoWriter for somebody who may not write stories.
    """
    article, now = drafts.locked(article), timezone.now()
    roles.require(by, "assign", article)
    if assignee and not roles.may(assignee, "start"):
        raise NoWriter(_("%(who)s has no role in which stories are written.") % {"who": assignee})
    wanted = {"assignee": assignee, "deadline_at": deadline_at, "priority": priority}
    before = {name: getattr(article, name) for name in wanted}
    changed = {name: value for name, value in wanted.items() if value != before[name]}
    if not changed:
        return article
    Article.objects.filter(pk=article.pk).update(**changed)
    for name, value in changed.items():
        setattr(article, name, value)
    said = {name: _said(value) for name, value in changed.items()}
    event = audit.record("planned", article, by=by, at=now, **said)
    if assignee and assignee != by and "assignee" in changed:
        sentence = _("%(who)s gave you a story to write.") % {"who": by}
        if deadline_at:
            sentence += " " + _("It is wanted by %(time)s.") % {"time": with_zone(deadline_at)}
        notices.tell([assignee], sentence, key=f"assigned:{event.number}", kind="assigned", at=now, article=article)
    return article


def _said(value: object) -> str | int | None:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, int) else str(value)
