"""Taking a picture off the site: out of every story that readers see or will see, with another in its place or none."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import audit, body
from articles import manuscript as manuscripts
from articles.live import snapshot, store, takedowns
from articles.manuscript import Manuscript
from articles.models import Article, Author, Image, PictureUse, Publication, Takedown, User
from articles.photos import recipes, renditions

from . import clearing, drafts, notices, registers, revisions, roles
from .moves import NoteWanted

EVERYWHERE = (recipes.COVER, recipes.BODY, recipes.PORTRAIT)


class NoFallback(ValueError):
    """That picture cannot stand in for the other; the message says why."""


class NotDown(Exception):
    """The picture is shown already, or taken down already."""


@dataclass(frozen=True)
class Reach:
    """Where readers meet a picture: the versions that they see or will see, and the authors whose portrait it is."""

    publications: list[Publication]
    authors: list[Author]


def reach(image: Image, *, at: datetime) -> Reach:
    """Where readers meet ``image`` now or, by what is scheduled, later."""
    uses = PictureUse.objects.filter(image=image, live_until__gt=at, publication__parked_at=None)
    used = Publication.objects.filter(pk__in=uses.values("publication")).select_related("article", "address")
    return Reach(list(used.order_by("article_id", "live_from")), list(Author.objects.filter(picture=image)))


def take_down(image: Image, *, why: str, by: User, fallback: Image | None = None) -> Takedown:
    """Take ``image`` off the site at once. Each story that has it gets a version with ``fallback`` in its place.

    Working copies keep it until somebody chooses another; until then they cannot be published. Raises Refused,
    NoteWanted, NoFallback, NotDown and renditions.Failed.
    """
    roles.require(by, "take_down")
    if not why.strip():
        raise NoteWanted(_("Say why the picture must not be shown any more."))
    if fallback:
        _refuse_unfit(fallback, image)
        renditions.ensure([fallback], places=EVERYWHERE)
    with transaction.atomic():
        now = _after_all(image)
        if takedowns.standing(now).filter(image=image).exists():
            raise NotDown(_("The picture is taken down already."))
        found = reach(image, at=now)
        taken = takedowns.begin(image, fallback=fallback, why=why.strip(), by=by, at=now)
        for publication in found.publications:
            _replace_in(publication, str(image.uid), str(fallback.uid) if fallback else "", by=by, at=now)
        for author in found.authors:
            author.picture = fallback
            registers.record(author, by=by, note=_("The portrait was taken down."))
        audit.record("took down", image, by=by, at=now, note=why.strip(), stories=len(found.publications))
        _tell(image, found, by=by, at=now)
    return taken


@transaction.atomic
def show_again(takedown: Takedown, *, by: User, why: str) -> None:
    """The picture may be used again; stories get it back by hand. Raises Refused, NoteWanted, NotDown."""
    roles.require(by, "take_down")
    now = timezone.now()
    if not why.strip():
        raise NoteWanted(_("Say why the picture may be shown again."))
    takedown.refresh_from_db()
    if takedown.live_until <= now:
        raise NotDown(_("The picture may be shown already."))
    takedowns.end(takedown, by=by, at=now)
    audit.record("allowed again", takedown.image, by=by, at=now, note=why.strip())


def without(manuscript: Manuscript, old: str, new: str) -> Manuscript:
    """``manuscript`` with the picture ``new`` in the place of ``old``; with no ``new``, without it."""
    cover = new if manuscript.cover == old else manuscript.cover
    return replace(manuscript, cover=cover, body=body.with_picture(manuscript.body, old, new))


def _replace_in(publication: Publication, old: str, new: str, *, by: User, at: datetime) -> None:
    """The same words with another picture, from now on or from when it begins. What it was stays in the record."""
    article = drafts.locked(publication.article)
    before = manuscripts.from_json(publication.manuscript)
    after = without(before, old, new)
    revision = revisions.carried(article, after, ancestor=before, by=by, note=_("A picture was taken down."))
    starts = publication.live_from if publication.live_from > at else None
    if starts:
        store.park(publication, by=by, at=at, why=_("A picture in it was taken down: it goes out without it."))
    change, note = (publication.change, publication.note) if starts else (Publication.Change.UPDATE, "")
    instead = store.put(
        revision,
        snapshot.compose(after),
        address=publication.address,
        by=by,
        at=at,
        starts=starts,
        change=change,
        note=note or _("A picture was taken down."),
    )
    audit.record("lost a picture", article, by=by, at=at, publication=instead.number, instead_of=publication.number)


def _after_all(image: Image) -> datetime:
    """Now; no interval is empty, so later than the start of whatever shows the picture."""
    now = timezone.now()
    newest = PictureUse.objects.filter(image=image, live_from__lte=now).order_by("-live_from").first()
    return now + timedelta(microseconds=1) if newest and newest.live_from == now else now


def _refuse_unfit(fallback: Image, image: Image) -> None:
    lacks = [
        called
        for called, is_there in (
            (_("a file"), bool(fallback.file)),
            (_("a credit"), bool(fallback.credit)),
            (_("a text alternative"), bool(fallback.alt_text or fallback.is_decorative)),
            (_("a reason why we may use it"), bool(fallback.rights_basis)),
        )
        if not is_there
    ]
    if fallback.pk == image.pk or takedowns.standing(timezone.now()).filter(image=fallback).exists():
        raise NoFallback(_("That picture is taken down itself. Choose another."))
    if clearing.is_closed(fallback):
        raise NoFallback(_("“%(picture)s” is marked as not released.") % {"picture": fallback})
    if lacks:
        raise NoFallback(_("“%(picture)s” lacks %(what)s.") % {"picture": fallback, "what": ", ".join(lacks)})


def _tell(image: Image, found: Reach, *, by: User, at: datetime) -> None:
    articles = Article.objects.filter(pk__in={each.article_id for each in found.publications})
    for article in articles:
        notices.tell(
            [person for person in notices.holders("publish_article") if person != by],
            _("%(who)s took down a picture that stood in a story. Choose another in its working copy.") % {"who": by},
            key=f"takedown:{image.pk}:{at.isoformat()}:{article.pk}",
            kind="takedown",
            at=at,
            article=article,
        )
