"""Saving a story: the only writer of working copies and revisions. What readers see is never touched here."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import audit, body
from articles import manuscript as manuscripts
from articles.manuscript import Manuscript
from articles.models import Article, Author, Byline, Image, Placement, Revision, Section, Tag, User

from . import roles
from .workflow import WRITABLE, WRITING

REST = timedelta(minutes=10)

# What the working copy holds word for word as the manuscript has it.
SAME = (
    *("kind", "kicker", "headline", "short_headline", "search_headline", "feed_headline"),
    *("standfirst", "slug", "dateline", "body", "language", "dated_note"),
)


class Stale(Exception):
    """Somebody saved the story after this version of it was opened."""


class NotNow(Exception):
    """The story is in a state in which its words rest."""


class Unfit(ValueError):
    """The manuscript cannot be kept as it is; ``problems`` says why, field by field."""

    def __init__(self, problems: dict[str, list[str]]):
        self.problems = problems
        super().__init__(
            " ".join(f"{field}: {sentence}" for field, sentences in problems.items() for sentence in sentences)
        )


@transaction.atomic
def start(manuscript: Manuscript, *, by: User, uid: UUID | None = None, tab: str = "") -> Article:
    """A new story with these words. Raises Refused, Unfit, BodyRefused."""
    roles.require(by, "start")
    now = timezone.now()
    article = Article(created_by=by, saved_by=by, saved_at=now, **({"uid": uid} if uid else {}))
    _keep(article, manuscripts.normal(manuscript))
    _write_down(article, by=by, tab=tab, now=now)
    audit.record("started", article, by=by, at=now, version=article.version)
    return article


@transaction.atomic
def save(article: Article, manuscript: Manuscript, *, seen: int, by: User, tab: str = "") -> Article:
    """The story with these words, one version on; unchanged words make no version.

    ``seen`` is the version that the writer had before them. Raises Refused, Stale, NotNow, Unfit, BodyRefused.
    """
    article = locked(article)
    roles.require(by, "write", article)
    manuscript = manuscripts.normal(manuscript)
    if manuscript == manuscripts.of(article):
        return article
    refuse_stale(article, seen)
    refuse_out_of_turn(article, by)
    now = timezone.now()
    article.version, article.saved_at, article.saved_by, article.state = (
        article.version + 1,
        now,
        by,
        _state_after_writing(article),
    )
    _keep(article, manuscript)
    _write_down(article, by=by, tab=tab, now=now)
    audit.record("saved", article, by=by, at=now, version=article.version)
    return article


@transaction.atomic
def sealed(article: Article, *, by: User, why: str = "handed over") -> Revision:
    """The newest revision of the working copy, sealed now if it was still open. It never changes again."""
    article = locked(article)
    revision = Revision.objects.filter(article=article).newest_first().first()
    if revision is None or manuscripts.from_json(revision.manuscript) != manuscripts.of(article):
        # The working copy came in by another door, such as a fixture: write down what it holds.
        revision = _write_down(article, by=by, tab="", now=timezone.now())
    _seal(revision, why=why)
    return revision


def seal_rested(now: datetime) -> int:
    """Seal the writing spells that have rested for ten minutes; how many that were. A duty of the clock."""
    return Revision.objects.open().filter(saved_at__lte=now - REST).update(sealed_at=now, sealed_why="rested")


def locked(article: Article) -> Article:
    """The row as it is now, held until the transaction ends."""
    return Article.objects.select_for_update().get(pk=article.pk)


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


def clock_time(moment: datetime) -> str:
    """As a person says it: “14:02” today, “14:02 on 3 March 2020” on another day."""
    local = timezone.localtime(moment)
    same_day = local.date() == timezone.localdate()
    return (
        date_format(local, "H:i")
        if same_day
        else _("%(time)s on %(day)s") % {"time": date_format(local, "H:i"), "day": date_format(local, "j F Y")}
    )


def _state_after_writing(article: Article) -> str:
    return WRITING if article.state == Article.State.READY else article.state


def _keep(article: Article, manuscript: Manuscript) -> None:
    """Put the manuscript into the working copy: the row, its bylines, its topics, where its pictures stand."""
    problems: dict[str, list[str]] = {}
    found = _Rows(manuscript, problems)
    for name in SAME:
        setattr(article, name, getattr(manuscript, name))
    article.related = list(manuscript.related)
    article.dated_on = _day(manuscript.dated_on, problems)
    article.section, article.cover = found.section, found.cover
    _refuse_unfit(article, manuscript, problems)
    article.save()
    article.tags.set(found.tags, clear=True)
    Byline.objects.filter(article=article).delete()
    Byline.objects.bulk_create(
        Byline(article=article, order=order, author=found.authors.get(line.author), text=line.text, role=line.role)
        for order, line in enumerate(manuscript.bylines)
    )
    _place_pictures(article, manuscript, found.images)


class _Rows:
    """The rows that a manuscript names. What it names and nobody knows becomes a problem in a sentence."""

    def __init__(self, manuscript: Manuscript, problems: dict[str, list[str]]):
        self.problems = problems
        self.images = {str(image.uid): image for image in Image.objects.filter(uid__in=self._uids(manuscript))}
        self.authors = {
            author.slug: author for author in Author.objects.filter(slug__in=[b.author for b in manuscript.bylines])
        }
        self.tags = list(Tag.objects.filter(slug__in=manuscript.tags))
        self.section = Section.objects.filter(slug=manuscript.section).first()
        self.cover = self.images.get(manuscript.cover)
        self._miss("section", [manuscript.section], {self.section.slug} if self.section else set())
        self._miss("cover", [manuscript.cover], set(self.images))
        self._miss("body", manuscripts.picture_uids(manuscript), set(self.images) | {manuscript.cover})
        self._miss("bylines", [line.author for line in manuscript.bylines], set(self.authors))
        self._miss("tags", manuscript.tags, {tag.slug for tag in self.tags})

    def _uids(self, manuscript: Manuscript) -> list[str]:
        try:
            return [str(UUID(uid)) for uid in manuscripts.picture_uids(manuscript)]
        except ValueError:
            self.problems["cover"] = [_("“%(uid)s” is no picture of ours.") % {"uid": manuscript.cover[:60]}]
            return []

    def _miss(self, field: str, named, known: set[str]) -> None:
        for name in named:
            if name and name not in known and field not in self.problems:
                self.problems[field] = [
                    _("“%(name)s” is not known here. Choose another, or make it first.") % {"name": name}
                ]


def _day(text: str, problems: dict[str, list[str]]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        problems["dated_on"] = [_("“%(day)s” is no day. Write it as 2020-03-29.") % {"day": text[:40]}]
        return None


def _refuse_unfit(article: Article, manuscript: Manuscript, problems: dict[str, list[str]]) -> None:
    for number, line in enumerate(manuscript.bylines, start=1):
        if bool(line.author) == bool(line.text):
            problems.setdefault(
                "bylines", [_("Byline %(number)s needs an author or a free text, and not both.") % {"number": number}]
            )
        try:
            Byline(text=line.text, role=line.role).clean_fields(exclude=["article", "author"])
        except ValidationError as error:
            problems.setdefault("bylines", error.messages)
    try:
        article.clean_fields(exclude=["section", "cover", "related"])
    except ValidationError as error:
        problems |= error.message_dict
    if problems:
        raise Unfit(problems)


def _place_pictures(article: Article, manuscript: Manuscript, images: dict[str, Image]) -> None:
    Placement.objects.filter(article=article).delete()
    in_body = body.picture_uids(manuscript.body)
    places = [(0, manuscript.cover)] * bool(manuscript.cover) + list(enumerate(in_body, start=1))
    Placement.objects.bulk_create(
        Placement(article=article, image=images[uid], position=position) for position, uid in places
    )


def _write_down(article: Article, *, by: User, tab: str, now: datetime) -> Revision:
    """Keep this version in the writing spell of this person and tab, or begin a new spell."""
    manuscript = manuscripts.of(article)
    holds = {
        "version": article.version,
        "manuscript": manuscript.as_json(),
        "fingerprint": manuscripts.fingerprint(manuscript),
        "saved_at": now,
    }
    newest = Revision.objects.filter(article=article).newest_first().first()
    if newest and not newest.is_sealed:
        if (newest.written_by_id, newest.tab) == (by.pk, tab) and now - newest.saved_at < REST:
            Revision.objects.filter(pk=newest.pk).update(**holds)
            newest.refresh_from_db()
            return newest
        _seal(newest, why="rested" if newest.written_by_id == by.pk else "another writer")
    number = newest.number + 1 if newest else 1
    return Revision.objects.create(article=article, number=number, written_by=by, tab=tab, opened_at=now, **holds)


def _seal(revision: Revision, *, why: str) -> None:
    if not revision.is_sealed:
        revision.sealed_at, revision.sealed_why = timezone.now(), why
        revision.save(update_fields=["sealed_at", "sealed_why"])
