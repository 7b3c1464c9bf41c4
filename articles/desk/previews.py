"""Links by which somebody outside may read a story before it is public: made, opened, guessed at, ended.

A link's address holds its token: the link's uid, signed. Whoever has the address (and the password, where there is
one) reads that story until the link ends, without an account.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from articles import audit
from articles import manuscript as manuscripts
from articles.manuscript import Manuscript
from articles.models import Article, PreviewLink, Revision, User

from . import drafts, roles

USUAL, LONGEST = timedelta(hours=48), timedelta(days=30)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
# Ten wrong passwords in an hour, and the link rests for an hour.
GUESSES, SPELL = 10, timedelta(hours=1)

_SALT = "articles.desk.previews"


class Locked(Exception):
    """Too many wrong passwords: the link opens for nobody until ``until``."""

    def __init__(self, until: datetime):
        self.until = until
        super().__init__(_("Too many wrong passwords. Wait an hour, then try again."))


@transaction.atomic
def make(
    article: Article,
    *,
    by: User,
    expires_at: datetime,
    label: str,
    password: str = "",
    revision: Revision | None = None,
) -> PreviewLink:
    """A link to ``revision``, which is sealed if it was open; without one it follows the story as it is saved.

    Raises Refused, NotNow and ValidationError.
    """
    article = drafts.locked(article)
    roles.require(by, "show_outside", article)
    now = timezone.now()
    _refuse_put_away(article, revision)
    _refuse_too_long(expires_at, now)
    _refuse_short(password)
    link = PreviewLink(
        article=article,
        revision=_sealed(revision, article, by=by) if revision else None,
        label=label.strip(),
        password=make_password(password) if password else "",
        made_by=by,
        made_at=now,
        expires_at=expires_at,
    )
    link.full_clean()
    link.save()
    audit.record(
        "made a preview link to",
        article,
        by=by,
        at=now,
        link=str(link.uid),
        revision=link.revision.number if link.revision else None,
        expires_at=expires_at.isoformat(),
        password=bool(password),
    )
    return link


@transaction.atomic
def revoke(link: PreviewLink, *, by: User) -> PreviewLink:
    """End ``link`` now, for good; one that is revoked already stays as it is. Raises Refused."""
    roles.require(by, "show_outside", link.article)
    return _end(link, by=by)


def end_following(article: Article, *, by: User) -> None:
    """End the links that follow a story which is put away: for ``desk.moves``, in its transaction."""
    for link in PreviewLink.objects.following().filter(article=article, revoked_at=None).order_by("pk"):
        _end(link, by=by)


def token_of(link: PreviewLink) -> str:
    return _signer().sign(link.uid.hex)


def found(token: str) -> PreviewLink | None:
    """The link whose token this is, ended or not; None for anything else."""
    try:
        uid = _signer().unsign(token)
    except BadSignature:
        return None
    with_rows = PreviewLink.objects.select_related("article__section", "article__cover", "revision", "made_by")
    return with_rows.filter(uid=uid).first()


def lives(link: PreviewLink, *, at: datetime) -> bool:
    return PreviewLink.objects.alive(at).filter(pk=link.pk).exists()


def manuscript_of(link: PreviewLink) -> Manuscript:
    """What the link shows: its revision for ever, or the story as it stands."""
    return manuscripts.from_json(link.revision.manuscript) if link.revision else manuscripts.of(link.article)


def picture_pass(link: PreviewLink) -> str:
    """What the addresses of its pictures hold besides the token: only the page tells it, so after the password."""
    return salted_hmac(f"{_SALT}.pictures", f"{link.uid.hex}{link.password}", algorithm="sha256").hexdigest()[:32]


def opened(link: PreviewLink) -> None:
    """Count one reading. Of two at the same moment none is lost."""
    PreviewLink.objects.filter(pk=link.pk).update(views=F("views") + 1, last_viewed_at=timezone.now())


def admits(link: PreviewLink, password: str) -> bool:
    """Does ``password`` open ``link``? Raises Locked after ten wrong ones.

    Each try is written down before it is checked, so that guesses sent at the same moment are counted too, and
    no more than ten in an hour cost us the work of checking.
    """
    _take_a_try(link)
    if len(password) > LONGEST_PASSWORD or not check_password(password, link.password):
        return False
    PreviewLink.objects.filter(pk=link.pk, guesses__gt=0).update(guesses=F("guesses") - 1, locked_until=None)
    return True


@transaction.atomic
def _take_a_try(link: PreviewLink) -> None:
    now = timezone.now()
    row = PreviewLink.objects.select_for_update().get(pk=link.pk)
    if row.locked_until and row.locked_until > now:
        raise Locked(row.locked_until)
    if row.guessed_since is None or row.guessed_since <= now - SPELL or row.guesses >= GUESSES:
        row.guesses, row.guessed_since = 0, now
    row.guesses += 1
    row.locked_until = now + SPELL if row.guesses >= GUESSES else None
    row.save(update_fields=["guesses", "guessed_since", "locked_until"])


def _end(link: PreviewLink, *, by: User) -> PreviewLink:
    now = timezone.now()
    if PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_by=by, revoked_at=now):
        audit.record("ended a preview link to", link.article, by=by, at=now, link=str(link.uid))
    link.refresh_from_db()
    return link


def _sealed(revision: Revision, article: Article, *, by: User) -> Revision:
    """``revision``, which now never changes. Only the story's own newest can still be open."""
    if revision.article_id != article.pk:
        raise ValidationError({"revision": _("That revision is not one of this story’s.")})
    if revision.is_sealed:
        return revision
    if revision.departed_from is not None:
        raise ValidationError({"revision": _("Two texts of this story clash. Settle that first, then show one.")})
    return drafts.sealed(article, by=by, why="shown outside")


def _refuse_put_away(article: Article, revision: Revision | None) -> None:
    if article.state == Article.State.SPIKED and revision is None:
        raise drafts.NotNow(_("This story is spiked. A link can show one version of it, but not follow it."))


def _refuse_too_long(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + LONGEST:
        raise ValidationError({"expires_at": _("A link lives for 30 days at most, and ends later than now.")})


def _refuse_short(password: str) -> None:
    if password and not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValidationError({"password": _("Take 8 characters or more: a short password is soon guessed.")})


def _signer() -> Signer:
    return Signer(sep=".", salt=_SALT)
