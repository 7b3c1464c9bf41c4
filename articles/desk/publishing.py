"""From the desk to the readers: publish, update, correct, withdraw. What is public changes here and nowhere else."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import audit, body
from articles.live import addresses, snapshot, store
from articles.manuscript import Manuscript, from_json, picture_uids
from articles.models import Address, Article, Correction, Publication, Revision, User
from articles.photos import renditions

from . import carrying, checks, drafts, roles, typos
from .moves import NoteWanted, NotPossible, refuse_impossible
from .times import clock_time
from .workflow import BY_NAME

Change = Publication.Change
DONE: dict[str, str] = {
    Change.FIRST: "published",
    Change.TYPO: "updated",
    Change.UPDATE: "updated",
    Change.CORRECTION: "corrected",
    Change.CLARIFICATION: "clarified",
    Change.APOLOGY: "apologised for",
}
# What a change of a live story can be for its readers.
TOLD = (Change.TYPO, Change.UPDATE, Change.CORRECTION, Change.CLARIFICATION, Change.APOLOGY)


class Blocked(Exception):
    """Something must be mended first; ``findings`` says what."""

    def __init__(self, findings: list[checks.Finding]):
        self.findings = findings
        super().__init__(" ".join(finding.sentence for finding in findings))


class Overtaken(Exception):
    """Somebody changed the story, or what readers see of it, after this page was opened."""


class NoTypo(ValueError):
    """Readers must be told of this change: it touches a number or a name, or is too long for a typo."""


class ChangeWanted(ValueError):
    """A live version is replaced, and nobody said whether it is a typo, an update or a correction."""


def publish(
    revision: Revision,
    *,
    by: User,
    over: int | None = None,
    change: str = "",
    note: str = "",
    place: str = Correction.Place.TOP,
    starts: datetime | None = None,
) -> Publication:
    """Make ``revision`` what readers see, from now on, or from ``starts`` (see ``schedule.schedule``).

    What waits for its time already gets this change too, as far as the two can be put together: see ``carrying``.
    ``over`` is the number of the publication that ``by`` saw as live (None: none was). Over a live story ``change`` is
    one of TOLD; all but typos and updates need a note, and readers are shown it. Pictures are made ready
    before the transaction, so that nobody waits for them behind a lock. Raises Refused, NotPossible, Blocked,
    Overtaken, ChangeWanted, NoTypo, NoteWanted and renditions.Failed.
    """
    article, manuscript = revision.article, from_json(revision.manuscript)
    roles.require(by, "publish", article)
    _refuse_unsealed(revision)
    _make_pictures_ready(article, manuscript, at=starts)
    with transaction.atomic():
        article = drafts.locked(article)
        now, live = _now_and_live(article)
        _refuse_overtaken(article, revision, live, over)
        change = _change(article, live, change, note, is_now=starts is None)
        _refuse_blocked(article, manuscript, at=starts)
        composed = snapshot.compose(manuscript)
        if live and change == Change.TYPO:
            _refuse_more_than_a_typo(live, composed)
        publication = store.put(
            revision,
            composed,
            address=_address(article, manuscript, at=now),
            by=by,
            at=now,
            change=change,
            note=note.strip(),
            starts=starts,
            place=place,
        )
        Article.objects.filter(pk=article.pk).update(state=Article.State.READY)
        said = {"publication": publication.number, "change": change, "note": note.strip()}
        if starts:
            audit.record("scheduled", article, by=by, at=now, to=starts.isoformat(), **said)
        else:
            carrying.carry(publication, by=by, at=now)
            audit.record(DONE[change], article, by=by, at=now, **said)
    return publication


@transaction.atomic
def withdraw(article: Article, *, by: User, over: int | None, notice: str) -> Publication:
    """Take the live story off the site and put ``notice`` in its place.

    Raises Refused, NotPossible, Overtaken and NoteWanted.
    """
    article = drafts.locked(article)
    roles.require(by, "withdraw", article)
    refuse_impossible(BY_NAME["withdraw"], article)
    now, live = _now_and_live(article)
    if live is None or live.number != over:
        raise Overtaken(_overtaken(live))
    if not notice.strip():
        raise NoteWanted(_("Write what readers are told: why the story was withdrawn."))
    taken_back = store.withdraw(live, by=by, at=now, notice=notice.strip())
    audit.record("withdrawn", article, by=by, at=now, publication=taken_back.number, note=notice.strip())
    return taken_back


def _refuse_unsealed(revision: Revision) -> None:
    """What readers see was the story's own text, and can no longer change."""
    if revision.is_aside:
        raise NotPossible(_("This text never became the story’s. Put the two together, then publish the story."))
    if not revision.is_sealed:
        raise NotPossible(_("This text is still being written. Publish the story from its own page."))


def _refuse_blocked(article: Article, manuscript: Manuscript, *, at: datetime | None) -> None:
    errors = [finding for finding in checks.run(article, manuscript, at=at) if finding.stops]
    if errors:
        raise Blocked(errors)


def _make_pictures_ready(article: Article, manuscript: Manuscript, *, at: datetime | None) -> None:
    """No files are made for a story that cannot go out as it stands now."""
    if picture_uids(manuscript):
        _refuse_blocked(article, manuscript, at=at)
        renditions.ensure(snapshot.images(manuscript))


def _now_and_live(article: Article) -> tuple[datetime, Publication | None]:
    """This moment, and what is public at it. No interval is empty, so "now" is later than the live one's start."""
    now = timezone.now()
    newest = (
        Publication.objects.filter(article=article, parked_at=None, live_from__lte=now).order_by("-live_from").first()
    )
    if newest and newest.live_from == now:
        now += timedelta(microseconds=1)
    return now, store.live(article, at=now)


def _refuse_overtaken(article: Article, revision: Revision, live: Publication | None, over: int | None) -> None:
    if (live.number if live else None) != over:
        raise Overtaken(_overtaken(live))
    if revision.version != article.version:
        raise Overtaken(
            _(
                "Version %(now)s was saved by %(who)s at %(time)s, after you opened this page."
                " Read it before you publish."
            )
            % {"now": article.version, "who": article.saved_by, "time": clock_time(article.saved_at)}
        )


def _overtaken(live: Publication | None) -> str:
    if live is None:
        return _("The story is not live any more. Open it again before you go on.")
    did = _("withdrawn") if live.kind == Publication.Kind.NOTICE else _("published")
    return _(
        "The story was %(did)s by %(who)s at %(time)s, after you opened this page. Look at it before you go on."
    ) % {
        "did": did,
        "who": live.published_by,
        "time": clock_time(live.published_at),
    }


def _change(article: Article, live: Publication | None, change: str, note: str, *, is_now: bool) -> str:
    """What kind of change this is for readers."""
    is_live = live is not None and live.kind == Publication.Kind.STORY
    now = "update" if is_live else "publish"
    refuse_impossible(BY_NAME[now if is_now else "schedule"], article)
    if not is_live:
        return Change.UPDATE if live else Change.FIRST
    if change not in TOLD:
        raise ChangeWanted(
            _("Say what this is for readers: a typo, an update, a correction, a clarification or an apology.")
        )
    if change in Correction.Kind.values and not note.strip():
        raise NoteWanted(_("Write what was wrong, and what is right. Readers will see it."))
    return change


_WHY = {
    "number": gettext_lazy("it touches a number or a word like one"),
    "name": gettext_lazy("it touches a name"),
    "length": gettext_lazy("it changes more than %(most)s characters"),
}


def _refuse_more_than_a_typo(live: Publication, composed: snapshot.Snapshot) -> None:
    before = _texts(from_json(live.manuscript), live.pictures)
    fault = typos.fault(before, _texts(composed.manuscript, composed.pictures))
    if fault:
        why = str(_WHY[fault.why]) % {"most": typos.MOST_CHARACTERS}
        raise NoTypo(
            _("This is more than a typo: %(why)s (“%(words)s”). Choose an update, a correction or a clarification.")
            % {"why": why, "words": Truncator(fault.words).chars(80)}
        )


def _texts(manuscript: Manuscript, pictures: dict[str, dict]) -> dict[str, str]:
    """All the words that readers see, by where they stand."""
    shown = ("headline", "standfirst", "kicker", "dateline", "short_headline", "search_headline", "feed_headline")
    texts = {name: getattr(manuscript, name) for name in shown}
    texts["body"] = "\n".join((body.plain_text(manuscript.body), body.figure_words(manuscript.body)))
    texts["bylines"] = "\n".join(f"By {line.author or line.text} {line.role}" for line in manuscript.bylines)
    for uid, facts in pictures.items():
        texts |= {f"{name} {uid}": facts.get(name, "") for name in ("caption", "credit", "alt")}
    return texts


def _address(article: Article, manuscript: Manuscript, *, at: datetime) -> Address:
    path = addresses.path_for(manuscript.section, checks.slug_for(manuscript))
    try:
        return addresses.reserve(article, path, at=at)
    except addresses.Taken as taken:
        raise Blocked([checks.Finding(checks.ERROR, "slug", str(taken))]) from taken


__all__ = ["Blocked", "ChangeWanted", "NotPossible", "NoteWanted", "Overtaken", "publish", "withdraw"]
