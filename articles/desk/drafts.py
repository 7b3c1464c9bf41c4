"""Saving a story. What readers see is never touched here.

``save`` is compare-and-swap for those who must not overwrite; ``write`` is for people: what colleagues saved meanwhile
is put together with it, and what cannot be is kept beside the story as an aside. No word is lost either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles import audit
from articles import manuscript as manuscripts
from articles.manuscript import Manuscript
from articles.models import Article, Presence, Revision, User

from . import merging, revisions, roles, turns, working_copy
from .merging import Clash, Merge
from .revisions import Nameless, base_of, name, put_aside, seal_all, seal_rested
from .times import clock_time
from .turns import NotNow, Stale, TakenOver, refuse_out_of_turn, refuse_stale
from .workflow import WRITING
from .working_copy import Unfit


@dataclass(frozen=True)
class Written:
    """What became of words that were sent.

    ``manuscript`` is the story as it stands now. ``theirs`` are the fields that others changed since the version that
    the writer had before them. With ``clashes`` the story is as it was, and what was sent is kept in ``aside``.
    """

    article: Article
    manuscript: Manuscript
    theirs: frozenset[str] = field(default=frozenset())
    merge: Merge | None = None
    aside: Revision | None = None

    @property
    def clashes(self) -> tuple[Clash, ...]:
        return self.merge.clashes if self.merge else ()


@dataclass(frozen=True)
class _Hand:
    """Who writes: the person, their tab, and which opened page of it."""

    by: User
    tab: str = ""
    sender: str = ""

    @property
    def page(self) -> str:
        """Whose asides are whose. A tab that was duplicated goes by the name of its twin; their pages never do."""
        return self.sender or self.tab


# --- Verbs ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def start(manuscript: Manuscript, *, by: User, uid: UUID | None = None, tab: str = "", sender: str = "") -> Article:
    """A new story with these words. Raises Refused, Unfit, BodyRefused."""
    roles.require(by, "start")
    now = timezone.now()
    article = Article(created_by=by, saved_by=by, saved_at=now, **({"uid": uid} if uid else {}))
    manuscript = manuscripts.normal(manuscript)
    working_copy.keep(article, manuscript)
    revisions.write_down(article, manuscript, over=None, by=by, tab=tab)
    revisions.keep_base(article, manuscript, sender=sender)
    audit.record("started", article, by=by, at=now, version=article.version)
    return article


@transaction.atomic
def save(article: Article, manuscript: Manuscript, *, seen: int, by: User, tab: str = "") -> Article:
    """The story with these words, one version on; unchanged words make no version.

    ``seen`` is the version that the writer had before them. Raises Refused, Stale, NotNow, Unfit, BodyRefused.
    """
    article = locked(article)
    roles.require(by, "write", article)
    manuscript, now = manuscripts.normal(manuscript), manuscripts.of(article)
    if manuscript == now:
        return article
    refuse_stale(article, seen)
    refuse_out_of_turn(article, by)
    _accept(article, manuscript, before=now, over=revisions.newest(article), hand=_Hand(by, tab))
    return article


def write(
    article: Article,
    manuscript: Manuscript,
    *,
    seen: int,
    by: User,
    tab: str = "",
    sender: str = "",
    on_page: Manuscript | None = None,
) -> Written:
    """Save ``manuscript``, put together with whatever colleagues saved since version ``seen``.

    ``sender`` names the opened page it comes from, so that what this page sent before is not taken for a colleague's.
    ``on_page`` is what the page itself holds, where something came with it that it does not know: what it still sends,
    as it is left, takes nothing of that away.
    Raises Refused, Unfit and BodyRefused (nothing is kept), and NotNow or TakenOver (kept as an aside).
    """
    manuscript, hand = manuscripts.normal(manuscript), _Hand(by, tab, sender)
    on_page = manuscripts.normal(on_page) if on_page else manuscript
    with transaction.atomic():
        article, is_taken_over, has_aside = _locked_for(article, hand)
        roles.require(by, "write", article)
        newest = revisions.newest(article)
        now = _held_by(article, newest)
        refusal = turns.why_not_now(article, by, is_taken_over=is_taken_over)
        if refusal is None:
            written = _put_together(article, manuscript, now, newest, seen=seen, hand=hand, on_page=on_page)
            if has_aside and not written.aside:
                revisions.seal_each(revisions.open_asides(article, by=by, tab=hand.page), why="put together")
            return written
        if manuscript != now:
            refusal.aside = revisions.set_aside(
                article,
                manuscript,
                ancestor=revisions.ancestor(article, seen, sender),
                seen=seen,
                by=by,
                tab=hand.page,
                note=str(refusal),
            )
    raise refusal


@transaction.atomic
def settle(aside: Revision, choices: Mapping[str, str], *, over: int, by: User, tab: str = "") -> Written:
    """Put an open aside together with the story by ``choices``, one for each clash; the aside is sealed by it.

    ``over`` is the version that ``by`` saw beside it: when the story has moved on since, or a choice is missing,
    nothing is changed and the clashes that there are now come back. Raises Refused, NotNow, Unfit, BodyRefused.
    """
    article = locked(aside.article)
    aside.refresh_from_db()
    roles.require(by, "write", article)
    refuse_out_of_turn(article, by)
    newest = revisions.newest(article)
    now = _held_by(article, newest)
    if aside.is_sealed:
        return Written(article, now)
    merge = against(aside, now)
    if article.version != over or any(clash.key not in choices for clash in merge.clashes):
        return Written(article, now, merge=merge, aside=aside)
    settled = merge.settled(choices)
    if settled != now:
        _accept(article, settled, before=now, over=newest, hand=_Hand(by, tab))
    put_aside(aside, by=by, why="put together")
    return Written(article, settled, theirs=merging.changed(manuscripts.from_json(aside.manuscript), settled))


@transaction.atomic
def keep_beside(article: Article, manuscript: Manuscript, *, seen: int, by: User, why: str) -> Revision:
    """Keep words in the history that are not to be put into the story. Raises Refused, BodyRefused."""
    manuscript, article = manuscripts.normal(manuscript), locked(article)
    roles.require(by, "write", article)
    # A tab of its own: what another tab has open beside the story stays open.
    aside = revisions.set_aside(
        article, manuscript, ancestor=base_of(article, seen), seen=seen, by=by, tab=str(uuid4())
    )
    revisions.seal(aside, why=why)
    return aside


@transaction.atomic
def restore(revision: Revision, *, seen: int, by: User, tab: str = "") -> Article:
    """The story with the words of an old revision, as a new one. Raises Refused, Stale, NotNow, Unfit, BodyRefused."""
    article = locked(revision.article)
    roles.require(by, "write", article)
    refuse_stale(article, seen)
    refuse_out_of_turn(article, by)
    now, newest = manuscripts.of(article), sealed(article, by=by, why="before restoring")
    words = manuscripts.normal(manuscripts.from_json(revision.manuscript))
    if words == now:
        return article
    restored = _accept(
        article, words, before=now, over=newest, hand=_Hand(by, tab), verb="restored", of=revision.number
    )
    revisions.seal(restored, why=f"restored from {revision.number}")
    return article


@transaction.atomic
def sealed(article: Article, *, by: User, why: str = "handed over") -> Revision:
    """The newest revision of the working copy, sealed now if it was still open. It never changes again."""
    article = locked(article)
    revision, now = revisions.newest(article), manuscripts.of(article)
    if revision is None or manuscripts.from_json(revision.manuscript) != now:
        # The working copy came in by another door, such as a fixture: write down what it holds.
        if revision:
            revisions.seal(revision, why="another door")
        revision = revisions.write_down(article, now, over=None, by=by, tab="")
    revisions.seal(revision, why=why)
    return revision


# --- What others ask --------------------------------------------------------------------------------------------------


def locked(article: Article) -> Article:
    """The row as it is now, held until the transaction ends."""
    return Article.objects.select_related("section", "cover").select_for_update(of=("self",)).get(pk=article.pk)


def against(aside: Revision, now: Manuscript) -> Merge:
    """An aside put together with the story as it stands ``now``."""
    ancestor = manuscripts.from_json(aside.ancestor) if aside.ancestor else Manuscript()
    return merging.merge(ancestor, manuscripts.from_json(aside.manuscript), now)


# --- How words get into the story -------------------------------------------------------------------------------------


def _locked_for(article: Article, hand: _Hand) -> tuple[Article, bool, bool]:
    """As ``locked``, and besides whether a colleague took over from this tab, and whether it has an open aside."""
    here = Presence.objects.taken_over(timezone.now()).filter(article=OuterRef("pk"), user=hand.by, tab=hand.tab)
    waiting = Revision.objects.open().asides().filter(article=OuterRef("pk"), written_by=hand.by, tab=hand.page)
    rows = Article.objects.select_related("section", "cover").select_for_update(of=("self",))
    row = rows.annotate(is_taken_over=Exists(here), has_aside=Exists(waiting)).get(pk=article.pk)
    return row, row.is_taken_over, row.has_aside


def _held_by(article: Article, newest: Revision | None) -> Manuscript:
    """What the working copy holds. Its newest revision knows, unless the story came in by another door."""
    if newest and newest.version == article.version:
        return manuscripts.from_json(newest.manuscript)
    return manuscripts.of(article)


def _put_together(
    article: Article,
    mine: Manuscript,
    now: Manuscript,
    newest: Revision | None,
    *,
    seen: int,
    hand: _Hand,
    on_page: Manuscript,
) -> Written:
    """Accept ``mine``, merged with ``now`` where the story moved on since ``seen``; where they clash, set it aside."""
    wanted, theirs = mine, frozenset[str]()
    if article.version != seen and mine != now:
        ancestor = revisions.ancestor(article, seen, hand.sender)
        merge = merging.merge(ancestor or Manuscript(), mine, now)
        theirs = merging.changed(ancestor or Manuscript(), now) & merging.changed(mine, now)
        if merge.clashes:
            aside = revisions.set_aside(article, mine, ancestor=ancestor, seen=seen, by=hand.by, tab=hand.page)
            return Written(article, now, theirs, merge, aside)
        wanted = merge.plain
    if wanted != now:
        _accept(article, wanted, before=now, over=newest, hand=hand, sent=on_page)
    return Written(article, wanted, theirs)


def _accept(
    article: Article,
    manuscript: Manuscript,
    *,
    before: Manuscript,
    over: Revision | None,
    hand: _Hand,
    sent: Manuscript | None = None,
    verb: str = "saved",
    **details,
) -> Revision:
    """The story one version on. A writing spell leaves one event, when it begins."""
    article.version, article.saved_at, article.saved_by = article.version + 1, timezone.now(), hand.by
    article.state = WRITING if article.state == Article.State.READY else article.state
    working_copy.keep(article, manuscript, before=before)
    revision = revisions.write_down(article, manuscript, over=over, by=hand.by, tab=hand.tab)
    revisions.keep_base(article, manuscript, sender=hand.sender, sent=sent)
    if revision != over:
        audit.record(
            verb,
            article,
            by=hand.by,
            at=article.saved_at,
            version=article.version,
            revision=revision.number,
            **details,
        )
    return revision


# Who saves a story need not know which module of this room keeps it.
__all__ = [
    "Clash",
    "Merge",
    "Nameless",
    "NotNow",
    "Stale",
    "TakenOver",
    "Unfit",
    "Written",
    "against",
    "base_of",
    "clock_time",
    "keep_beside",
    "locked",
    "name",
    "put_aside",
    "refuse_out_of_turn",
    "refuse_stale",
    "restore",
    "save",
    "seal_all",
    "seal_rested",
    "sealed",
    "settle",
    "start",
    "write",
]
