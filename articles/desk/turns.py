"""Whose turn it is to write a story, and what is said to whoever comes late or out of turn."""

from django.utils.translation import gettext as _

from articles.models import Article, Revision, User

from . import roles
from .times import clock_time
from .workflow import WRITABLE


class Stale(Exception):
    """Somebody saved the story after this version of it was opened."""


class NotNow(Exception):
    """The story is in a state in which its words rest. ``aside`` is where the words that came all the same are kept."""

    aside: Revision | None = None


class TakenOver(NotNow):
    """A colleague took over from this tab."""


def refuse_stale(article: Article, seen: int) -> None:
    """Raise Stale, naming who saved what when, unless ``seen`` is the story's version."""
    if article.version == seen:
        return
    raise Stale(
        _(
            "Version %(now)s was saved by %(who)s at %(time)s, after you opened version %(seen)s."
            " Compare the two before you save."
        )
        % {
            "now": article.version,
            "who": article.saved_by or _("the newsroom"),
            "time": clock_time(article.saved_at),
            "seen": seen,
        }
    )


def refuse_out_of_turn(article: Article, by: User) -> None:
    """Raise NotNow while the story rests, or is with others than ``by``."""
    if article.state not in WRITABLE:
        raise NotNow(
            _("This story is %(state)s: its words rest until it is back in writing.")
            % {"state": article.get_state_display()}
        )
    if WRITABLE[article.state] and not by.has_perm("articles.change_any_article"):
        raise NotNow(
            _("This story is %(state)s, so the sub-editors have it now. Ask %(who)s to send it back.")
            % {"state": article.get_state_display(), "who": roles.who_can("send_back_article")}
        )


def why_not_now(article: Article, by: User, *, is_taken_over: bool) -> NotNow | None:
    """The refusal of ``by``, for a verb that keeps their words before it raises it; None where it is their turn."""
    if is_taken_over:
        return TakenOver(_("A colleague took over. What you wrote since is kept beside the story."))
    try:
        refuse_out_of_turn(article, by)
    except NotNow as refusal:
        return refusal
    return None
