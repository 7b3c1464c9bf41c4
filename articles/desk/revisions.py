"""What is kept of each story's words: writing spells, asides, names, and for a day the base of every merge.

The only writer of these tables. A revision is written to while it is open; once sealed it never changes.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit
from articles import manuscript as manuscripts
from articles.body import differences
from articles.manuscript import Manuscript
from articles.models import Article, MergeBase, Revision, RevisionName, User

from . import roles

REST = timedelta(minutes=10)
BASES_KEPT = timedelta(hours=24)
LONGEST_NAME = 120


class Nameless(ValueError):
    """A revision cannot be called that."""


# --- Verbs ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def name(revision: Revision, name: str, *, by: User) -> RevisionName:
    """Call a sealed revision ``name``, so that people find it again. Raises Refused, Nameless."""
    roles.require(by, "write", revision.article)
    called = " ".join(name.split())
    if not 0 < len(called) <= LONGEST_NAME:
        raise Nameless(
            _("Write a name of at most %(most)s characters, such as “as sent to the lawyers”.") % {"most": LONGEST_NAME}
        )
    if not revision.is_sealed:
        raise Nameless(_("It is still being written. It can be named once it is handed over or rests."))
    label, _made = RevisionName.objects.update_or_create(
        revision=revision, defaults={"name": called, "named_by": by, "named_at": timezone.now()}
    )
    audit.record("named", revision.article, by=by, revision=revision.number, note=called)
    return label


@transaction.atomic
def put_aside(aside: Revision, *, by: User, why: str = "left aside") -> None:
    """Close an open aside: the story stands as it is, and the words stay in the history. Raises Refused."""
    roles.require(by, "write", aside.article)
    if not aside.is_sealed:
        seal(aside, why=why)
        audit.record("settled", aside.article, by=by, revision=aside.number, why=why)


@transaction.atomic
def seal_all(*, by: User, why: str) -> int:
    """Seal all writing spells of ``by``, who is leaving; how many that were."""
    return seal_each(Revision.objects.open().of_the_story().filter(written_by=by), why=why)


@transaction.atomic
def seal_rested(now: datetime) -> int:
    """Seal the writing spells that have rested for ten minutes; how many that were. Asides wait for people.

    A duty of the clock.
    """
    return seal_each(Revision.objects.open().of_the_story().filter(saved_at__lte=now - REST), why="rested")


def forget_bases(now: datetime) -> int:
    """Drop the merge bases of more than a day ago; how many that were. A duty of the clock."""
    dropped, _by_kind = MergeBase.objects.filter(saved_at__lte=now - BASES_KEPT).delete()
    return dropped


# --- For desk.drafts, within its transactions -------------------------------------------------------------------------


def newest(article: Article) -> Revision | None:
    """The newest revision of the story itself; asides are none."""
    return Revision.objects.of_the_story().filter(article=article).newest_first().first()


def write_down(article: Article, manuscript: Manuscript, *, over: Revision | None, by: User, tab: str) -> Revision:
    """Keep the story's new version in the spell ``over`` while that is this tab's, else in a new one."""
    holds = {"version": article.version, "manuscript": manuscript.as_json(), "saved_at": article.saved_at}
    if over and not over.is_sealed:
        if (over.written_by_id, over.tab) == (by.pk, tab) and article.saved_at - over.saved_at < REST:
            return _replaced(over, holds)
        seal(over, why="rested" if over.written_by_id == by.pk else "another writer")
    return _begun(article, holds, by=by, tab=tab)


def set_aside(
    article: Article,
    manuscript: Manuscript,
    *,
    ancestor: Manuscript | None,
    seen: int,
    by: User,
    tab: str,
    note: str = "",
) -> Revision:
    """Keep ``manuscript`` beside the story: in the aside that this page of ``by`` has open, or in a new one.

    ``tab`` is the page's own key (drafts' ``_Hand.page``): a duplicated tab has another and replaces nothing here.
    """
    holds = {
        "version": seen,
        "departed_from": seen,
        "manuscript": manuscript.as_json(),
        "ancestor": ancestor.as_json() if ancestor else None,
        "saved_at": timezone.now(),
        "note": note[:300],
    }
    waiting = open_asides(article, by=by, tab=tab).first()
    if waiting:
        return _replaced(waiting, holds)
    aside = _begun(article, holds, by=by, tab=tab)
    audit.record("set aside", article, by=by, version=seen, revision=aside.number)
    return aside


def carried(article: Article, manuscript: Manuscript, *, ancestor: Manuscript, by: User, note: str) -> Revision:
    """Keep, sealed, what a published or scheduled version becomes without having been the working copy."""
    holds = {
        "version": article.version,
        "departed_from": article.version,
        "manuscript": manuscript.as_json(),
        "ancestor": ancestor.as_json(),
        "saved_at": timezone.now(),
        "note": note[:300],
    }
    revision = _begun(article, holds, by=by, tab=str(uuid4()))
    seal(revision, why="carried over")
    return revision


def open_asides(article: Article, *, by: User, tab: str):
    """What this page of ``by`` sent and was not put together with the story yet: one at most."""
    return Revision.objects.open().asides().filter(article=article, written_by=by, tab=tab)


def seal_each(revisions: Iterable[Revision], *, why: str) -> int:
    """Seal all of ``revisions``; how many that were."""
    number = 0
    for revision in revisions:
        seal(revision, why=why)
        number += 1
    return number


def seal(revision: Revision, *, why: str) -> None:
    """Close ``revision`` for ever, with its fingerprint and the size of its change."""
    if revision.is_sealed:
        return
    manuscript = manuscripts.from_json(revision.manuscript)
    revision.sealed_at, revision.sealed_why = timezone.now(), why
    revision.fingerprint = manuscripts.fingerprint(manuscript)
    revision.words_added, revision.words_removed = differences.size_of_change(_body_before(revision), manuscript.body)
    revision.save(update_fields=["sealed_at", "sealed_why", "fingerprint", "words_added", "words_removed"])


def keep_base(article: Article, manuscript: Manuscript, *, sender: str = "", sent: Manuscript | None = None) -> None:
    """Keep the words of the story's new version, and as ``sent`` before they were merged with others'."""
    MergeBase.objects.create(
        article=article,
        version=article.version,
        packed=MergeBase.pack(manuscript.as_json()),
        sender=sender,
        packed_as_sent=MergeBase.pack(sent.as_json()) if sent and sent != manuscript else b"",
        saved_at=article.saved_at,
    )


def base_of(article: Article, version: int) -> Manuscript | None:
    """The words that the story had at ``version``, as far as they are known."""
    base = MergeBase.objects.filter(article=article, version=version).first()
    if base:
        return manuscripts.from_json(base.manuscript)
    revision = Revision.objects.of_the_story().filter(article=article, version=version).first()
    return manuscripts.from_json(revision.manuscript) if revision else None


def ancestor(article: Article, seen: int, sender: str) -> Manuscript | None:
    """The words that a page's text began from: what it sent last after ``seen``, else the story at ``seen``.

    The first is for answers of ours that were lost on their way: the page must not clash with itself.
    """
    sent = MergeBase.objects.filter(article=article, version__gt=seen, sender=sender) if sender else None
    last = sent.order_by("-version").first() if sent is not None else None
    return manuscripts.from_json(last.as_sent) if last else base_of(article, seen)


def _begun(article: Article, holds: dict, *, by: User, tab: str) -> Revision:
    last = Revision.objects.filter(article=article).newest_first().values_list("number", flat=True).first()
    return Revision.objects.create(
        article=article, number=(last or 0) + 1, written_by=by, tab=tab, opened_at=holds["saved_at"], **holds
    )


def _replaced(revision: Revision, holds: dict) -> Revision:
    Revision.objects.filter(pk=revision.pk).update(**holds)
    for column, value in holds.items():
        setattr(revision, column, value)
    return revision


def _body_before(revision: Revision) -> str:
    """The body that ``revision`` began from: an aside's ancestor, else the story's revision before it."""
    if revision.ancestor:
        return manuscripts.from_json(revision.ancestor).body
    earlier = Revision.objects.of_the_story().filter(article=revision.article_id, number__lt=revision.number)
    before = earlier.newest_first().first()
    return manuscripts.from_json(before.manuscript).body if before else ""
