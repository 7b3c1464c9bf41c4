"""What a story needs to be approved for, and whether exactly this text is. The verbs are in desk.approvals."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from articles.manuscript import Manuscript, fingerprint
from articles.models import Approval, Article

from . import roles
from .findings import ERROR, Finding
from .times import clock_time

Level = Approval.Level
# How sensitive a story is decides what it must be approved for before it goes out.
REQUIRED: dict[str, tuple[str, ...]] = {
    Article.Sensitivity.NORMAL: (),
    Article.Sensitivity.LEGAL: (Level.LEGAL,),
    Article.Sensitivity.SECURITY: (Level.SECURITY,),
}
RIGHTS: dict[str, str] = {Level.LEGAL: "approve_legal", Level.SECURITY: "approve_security"}


def missing(article: Article, text: str) -> list[str]:
    """The levels for which no approval of the text with this fingerprint stands."""
    return [level for level in REQUIRED[article.sensitivity] if standing(article, level, text) is None]


def standing(article: Article, level: str, text: str) -> Approval | None:
    """The approval of exactly this text (its fingerprint) that nobody has taken back."""
    return Approval.objects.standing().of_text(text).filter(article=article, level=level).first()


def check(article: Article, manuscript: Manuscript, at: datetime) -> Iterator[Finding]:
    """As desk.checks has it: an error for each approval that is wanted and is not there for this text."""
    if not REQUIRED[article.sensitivity]:
        return
    text = fingerprint(manuscript)
    for level in missing(article, text):
        last = Approval.objects.standing().filter(article=article, level=level).select_related("given_by").first()
        said = {"level": Level(level).label, "who_can": roles.who_can(RIGHTS[level])}
        sentence = _("The story needs this before it goes out: %(level)s. Ask %(who_can)s.") % said
        if last:
            told = {"who": last.given_by, "time": clock_time(last.given_at)}
            sentence += " " + _("%(who)s approved it at %(time)s, and something has changed since.") % told
        yield Finding(ERROR, "sensitivity", sentence)
