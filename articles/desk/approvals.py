"""Approvals of exactly one text by a second person, and security reviews. The only writer of both."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit
from articles.live import store
from articles.manuscript import fingerprint, of
from articles.models import Approval, Article, Author, Revision, SecurityReview, User

from . import drafts, held, notices, roles, scan, schedule
from .approved import REQUIRED, RIGHTS, missing
from .moves import NoteWanted, refuse_impossible
from .workflow import BY_NAME, READY

# What a security reviewer looks for, one by one.
QUESTIONS = {
    "positions": gettext_lazy("Positions: does it tell where people or equipment are?"),
    "routes": gettext_lazy("Routes: does it tell how they travel?"),
    "times": gettext_lazy("Times: does it tell when they move, arrive or are relieved?"),
    "faces": gettext_lazy("Faces: do pictures show people who must not be known?"),
    "names": gettext_lazy("Names: does it name people in sensitive work, or their families?"),
    "strength": gettext_lazy("Strength: does it tell how many there are, or what they lack?"),
    "serials": gettext_lazy("Serials: can registration, hull or serial numbers be read?"),
}
CLEAR, FOUND = "clear", "found"


class NotYours(Exception):
    """Who had a hand in a story cannot be its second person."""


class Unanswered(ValueError):
    """A question of the security review is left open, or something was found."""


@transaction.atomic
def classify(article: Article, sensitivity: str, *, by: User) -> Article:
    """Say how sensitive the story is. What waits and is not approved for it is parked.

    Raises Refused: only who could approve a story at its level may say that it does not need that.
    """
    article, now = drafts.locked(article), timezone.now()
    spared = set(REQUIRED[article.sensitivity]) - set(REQUIRED[sensitivity])
    for right in sorted(RIGHTS[level] for level in spared) or ["classify"]:
        roles.require(by, right, article)
    before, article.sensitivity = article.sensitivity, sensitivity
    if before == sensitivity:
        return article
    Article.objects.filter(pk=article.pk).update(sensitivity=sensitivity)
    _park_what_lacks(article, by=by)
    audit.record("classified", article, by=by, at=now, before=before, now=sensitivity)
    return article


@transaction.atomic
def give(
    article: Article,
    level: str,
    *,
    seen: int,
    by: User,
    note: str = "",
    answers: Mapping[str, Mapping[str, str]] | None = None,
) -> Approval:
    """Approve exactly the text that ``by`` saw; the story is ready then. A security review comes with its answers.

    Raises Refused, NotPossible, Stale, NotYours, Unanswered.
    """
    article, now = drafts.locked(article), timezone.now()
    roles.require(by, RIGHTS[level], article)
    refuse_impossible(BY_NAME[f"clear_{level}"], article)
    drafts.refuse_stale(article, seen)
    _refuse_own(article, by)
    revision = drafts.sealed(article, by=by, why="approved")
    if level == Approval.Level.SECURITY:
        _refuse_unanswered(answers or {})
    approval = Approval.objects.create(
        article=article,
        level=level,
        fingerprint=fingerprint_of(article),
        revision=revision,
        note=note.strip(),
        given_at=now,
        given_by=by,
    )
    if level == Approval.Level.SECURITY:
        _write_down(article, answers or {}, note, by=by, approval=approval)
    Article.objects.filter(pk=article.pk).update(state=READY)
    # A reviewer's words are for reviewers: the record says that there was an approval, and of which text.
    audit.record("approved", article, by=by, at=now, level=level, fingerprint=approval.fingerprint)
    notices.tell(
        notices.holders("publish_article"),
        _("%(who)s has approved a story: %(level)s.") % {"who": by, "level": approval.get_level_display()},
        key=f"approval:{approval.pk}",
        kind="approval",
        at=now,
        article=article,
    )
    return approval


@transaction.atomic
def revoke(approval: Approval, *, why: str, by: User) -> Approval:
    """Take an approval back. What waits and lacks one now is parked. Raises Refused, NoteWanted."""
    article, now = drafts.locked(approval.article), timezone.now()
    roles.require(by, RIGHTS[approval.level], article)
    if not why.strip():
        raise NoteWanted(_("Say why, in a few words: the next person needs it."))
    Approval.objects.filter(pk=approval.pk, revoked_at=None).update(
        revoked_at=now, revoked_by=by, revoked_why=why.strip()[:300]
    )
    approval.refresh_from_db()
    _park_what_lacks(article, by=by)
    audit.record("took the approval back", article, by=by, at=now, level=approval.level)
    return approval


def fingerprint_of(article: Article) -> str:
    """Of the working copy as it stands, with its picture facts and names."""
    return fingerprint(of(article))


def had_a_hand(article: Article, person: User) -> bool:
    """Did ``person`` start, write or sign the story?"""
    wrote = Revision.objects.of_the_story().filter(article=article, written_by=person)
    signed = Author.objects.filter(user=person, bylines__article=article)
    return person.pk == article.created_by_id or wrote.exists() or signed.exists()


def found_in(article: Article) -> list[scan.Hit]:
    """What the scan finds in the words of the working copy and in what belongs to its pictures."""
    return scan.scan("\n".join(held.texts(of(article))))


def _refuse_own(article: Article, by: User) -> None:
    if had_a_hand(article, by):
        raise NotYours(_("You had a hand in this story, so a second person must approve it."))


def _refuse_unanswered(answers: Mapping[str, Mapping[str, str]]) -> None:
    open_ones = [str(QUESTIONS[key]) for key in QUESTIONS if answers.get(key, {}).get("answer") not in (CLEAR, FOUND)]
    if open_ones:
        raise Unanswered(_("Answer each question first: %(first)s") % {"first": open_ones[0]})
    if any(answers[key]["answer"] == FOUND for key in QUESTIONS):
        raise Unanswered(_("You found something that must not go out. Return the story, and say what to take out."))


def _write_down(article: Article, answers: Mapping, note: str, *, by: User, approval: Approval | None) -> None:
    SecurityReview.objects.create(
        article=article,
        fingerprint=fingerprint_of(article),
        answers={key: dict(answers.get(key, {})) for key in QUESTIONS},
        found=[{"kind": hit.kind, "words": hit.words} for hit in found_in(article)],
        note=note.strip(),
        reviewed_at=timezone.now(),
        reviewed_by=by,
        approval=approval,
    )


def _park_what_lacks(article: Article, *, by: User) -> None:
    now = timezone.now()
    if any(missing(article, each.fingerprint) for each in store.waiting(article, at=now)):
        schedule.park_unfit(article, by=by, why=_("It is not approved as the story’s sensitivity asks."), at=now)
