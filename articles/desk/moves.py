"""Handing a story on, back, away and out again. Publishing and withdrawing have a room of their own."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit
from articles.live import store
from articles.models import Article, Event, Publication, User

from . import drafts, notices, previews, roles
from .workflow import BY_NAME, MOVES, Move, fits


class NotPossible(Exception):
    """The story is not where this move begins; the message says where it is."""


class NoteWanted(ValueError):
    """The move needs a few words, and there were none."""


def available(article: Article, by: User, *, live: bool | None = None, scheduled: bool | None = None) -> list[Move]:
    """The moves that ``by`` may make with ``article`` now, in the order of the table.

    Who knows already whether a version is public, and whether one waits, says so.
    """
    stands = {
        "live": is_live(article) if live is None else live,
        "scheduled": is_scheduled(article) if scheduled is None else scheduled,
    }
    return [move for move in MOVES if fits(move, article.state, **stands) and roles.may(by, move.right, article)]


def is_live(article: Article) -> bool:
    """Do readers see a version of the story now?"""
    public = store.live(article, at=timezone.now())
    return public is not None and public.kind == Publication.Kind.STORY


def is_scheduled(article: Article) -> bool:
    """Does a version of the story wait for its time?"""
    return store.waiting(article, at=timezone.now()).exists()


def pitch(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Offer a story as an idea. Raises Refused, NotPossible, Stale."""
    return _make("pitch", article, seen=seen, by=by, note=note, done="pitched")


def commission(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Take a pitch. Raises Refused, NotPossible, Stale."""
    return _make("commission", article, seen=seen, by=by, note=note, done="commissioned")


def submit(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Hand the story to the sub-editors. Raises Refused, NotPossible, Stale."""
    return _make("submit", article, seen=seen, by=by, note=note, done="submitted")


def to_legal(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Ask a legal adviser to read the story. Raises Refused, NotPossible, Stale."""
    return _make("to_legal", article, seen=seen, by=by, note=note, done="sent to the lawyers")


def to_security(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Ask a security reviewer to read the story. Raises Refused, NotPossible, Stale."""
    return _make("to_security", article, seen=seen, by=by, note=note, done="sent to security review")


def return_legal(article: Article, *, seen: int, by: User, note: str) -> Article:
    """Give the story back from the lawyers. Raises Refused, NotPossible, Stale, NoteWanted."""
    return _make("return_legal", article, seen=seen, by=by, note=note, done="returned by the lawyers")


def return_security(article: Article, *, seen: int, by: User, note: str) -> Article:
    """Give the story back from security review. Raises Refused, NotPossible, Stale, NoteWanted."""
    return _make("return_security", article, seen=seen, by=by, note=note, done="returned by security")


def ready(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Say that nothing is left to do but to publish. Raises Refused, NotPossible, Stale."""
    return _make("ready", article, seen=seen, by=by, note=note, done="marked as ready")


def send_back(article: Article, *, seen: int, by: User, note: str) -> Article:
    """Give the story back to its writer. Raises Refused, NotPossible, Stale, NoteWanted."""
    return _make("send_back", article, seen=seen, by=by, note=note, done="sent back")


@transaction.atomic
def spike(article: Article, *, seen: int, by: User, note: str) -> Article:
    """Put an unpublished story away; links that follow it end. Raises Refused, NotPossible, Stale, NoteWanted."""
    article = _make("spike", article, seen=seen, by=by, note=note, done="spiked")
    previews.end_following(article, by=by)
    return article


def revive(article: Article, *, seen: int, by: User, note: str = "") -> Article:
    """Take a story off the spike. Raises Refused, NotPossible, Stale."""
    return _make("revive", article, seen=seen, by=by, note=note, done="revived")


@transaction.atomic
def _make(name: str, article: Article, *, seen: int, by: User, note: str, done: str) -> Article:
    move = BY_NAME[name]
    article = drafts.locked(article)
    roles.require(by, move.right, article)
    refuse_impossible(move, article)
    drafts.refuse_stale(article, seen)
    if move.note == "must" and not note.strip():
        raise NoteWanted(_("Say why, in a few words: the next person needs it."))
    drafts.sealed(article, by=by, why=done)
    Article.objects.filter(pk=article.pk).update(state=move.ends)
    event = audit.record(done, article, by=by, note=note.strip(), version=article.version)
    article.refresh_from_db()
    _tell(name, article, event, by=by)
    return article


# Who must act when a story is handed on: those who hold a permission, or (empty) its writer; and what they are told.
_TOLD = {
    "pitch": ("assign_article", gettext_lazy("%(who)s offers a story.")),
    "commission": ("", gettext_lazy("%(who)s has taken your pitch: the story is in writing.")),
    "submit": ("send_back_article", gettext_lazy("%(who)s has submitted a story.")),
    "to_legal": ("approve_legal", gettext_lazy("%(who)s asks you to read a story for law.")),
    "to_security": ("approve_security", gettext_lazy("%(who)s asks you to review a story for security.")),
    "ready": ("publish_article", gettext_lazy("%(who)s says that a story is ready to be published.")),
    **{
        name: ("", gettext_lazy("%(who)s has given a story back to you."))
        for name in ("send_back", "return_legal", "return_security")
    },
}


def _tell(name: str, article: Article, event: Event, *, by: User) -> None:
    if name not in _TOLD:
        return
    permission, sentence = _TOLD[name]
    people = notices.holders(permission) if permission else [article.assignee or article.created_by]
    told = [person for person in people if person and person != by]
    said = str(sentence) % {"who": by}
    notices.tell(told, said, key=f"{name}:{event.number}", kind=name, at=event.at, article=article)


def refuse_impossible(move: Move, article: Article) -> None:
    """Raise NotPossible unless ``move`` begins where ``article`` is."""
    live, scheduled = is_live(article), is_scheduled(article)
    if fits(move, article.state, live=live, scheduled=scheduled):
        return
    where = _("%(state)s and live") if live else _("%(state)s and not live")
    if scheduled:
        where = _("%(state)s, live and scheduled to change") if live else _("%(state)s and scheduled")
    raise NotPossible(
        _("“%(move)s” cannot be done now: the story is %(where)s. Open it again to see what can.")
        % {"move": _(move.label), "where": where % {"state": article.get_state_display()}}
    )
