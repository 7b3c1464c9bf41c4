"""What each move does with what its form says: the table of MAKE, from a move's name to the desk's verb."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from articles.desk import approvals, drafts, moves, publishing, schedule
from articles.models import Article, Publication, Revision, User


def _publish(story: Article, by: User, words: dict) -> None:
    publishing.publish(_as_seen(story, by, words, "published"), by=by, **_for_readers(words))


def _schedule(story: Article, by: User, words: dict) -> None:
    revision = _as_seen(story, by, words, "scheduled")
    schedule.schedule(revision, to=words["to"], by=by, **_for_readers(words))


def _as_seen(story: Article, by: User, words: dict, why: str) -> Revision:
    """Exactly the version that the person saw: sealing happens only once nobody has saved since."""
    drafts.refuse_stale(story, words["seen"])
    revision = drafts.sealed(story, by=by, why=why)
    drafts.refuse_stale(revision.article, words["seen"])
    return revision


def _for_readers(words: dict) -> dict:
    return {name: words.get(name, "") for name in ("change", "note")} | {
        "over": words["over"],
        "place": words.get("place") or "top",
    }


def _reschedule(story: Article, by: User, words: dict) -> None:
    schedule.reschedule(_waiting(story, words), to=words["to"], by=by, why=words["note"])


def _unschedule(story: Article, by: User, words: dict) -> None:
    schedule.unschedule(_waiting(story, words), by=by, why=words["note"])


def _waiting(story: Article, words: dict) -> Publication:
    """The version that the person saw waiting, whatever has become of it."""
    seen = Publication.objects.filter(article=story, number=words["waiting"]).first()
    if seen is None:
        raise moves.NotPossible(_("Nothing of the story waits for its time. Open it again to see what can be done."))
    return seen


def _withdraw(story: Article, by: User, words: dict) -> None:
    publishing.withdraw(story, by=by, over=words["over"], notice=words["note"])


def _hand_on(verb: Callable) -> Callable[[Article, User, dict], None]:
    def make(story: Article, by: User, words: dict) -> None:
        verb(story, seen=words["seen"], by=by, note=words["note"])

    return make


def _approve(level: str) -> Callable[[Article, User, dict], None]:
    def make(story: Article, by: User, words: dict) -> None:
        answers = {
            key: {"answer": words.get(f"answer_{key}", ""), "note": words.get(f"note_{key}", "")}
            for key in approvals.QUESTIONS
        }
        approvals.give(story, level, seen=words["seen"], by=by, note=words["note"], answers=answers)

    return make


MAKE: dict[str, Callable[[Article, User, dict], None]] = {
    "pitch": _hand_on(moves.pitch),
    "commission": _hand_on(moves.commission),
    "to_legal": _hand_on(moves.to_legal),
    "to_security": _hand_on(moves.to_security),
    "clear_legal": _approve("legal"),
    "clear_security": _approve("security"),
    "return_legal": _hand_on(moves.return_legal),
    "return_security": _hand_on(moves.return_security),
    "ready": _hand_on(moves.ready),
    "submit": _hand_on(moves.submit),
    "send_back": _hand_on(moves.send_back),
    "spike": _hand_on(moves.spike),
    "revive": _hand_on(moves.revive),
    "publish": _publish,
    "update": _publish,
    "schedule": _schedule,
    "reschedule": _reschedule,
    "unschedule": _unschedule,
    "withdraw": _withdraw,
}
