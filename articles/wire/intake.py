"""Takes stories from outside into the newsroom, each whole or not at all, by the verbs that the desk itself uses."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit, body
from articles.desk import drafts, publishing, roles
from articles.live import addresses
from articles.manuscript import Manuscript, normal, of
from articles.models import Article, Author, Image, Revision, Source, Tag, User
from articles.photos import intake as photo_desk
from articles.photos import renditions

from . import formats, labels, manuscripts, pictures
from .sidecar import Choices
from .story import Story, Unreadable

# A source's id in this space gives the uid of its story: the same in every newsroom, and in the fixture.
STORIES = UUID("195e6f0b-c839-4485-91fe-d6c48152682b")
IMPORTED = "imported"  # why a revision was sealed: it holds what came in

_UNTOUCHED = (Article.State.WRITING, Article.State.READY)
_REFUSALS = (
    labels.NoAddress,
    photo_desk.Refused,
    photo_desk.Stale,
    roles.Refused,
    drafts.Unfit,
    drafts.Stale,
    drafts.NotNow,
    body.BodyRefused,
    ValidationError,
)
_NOT_PUBLIC = (
    roles.Refused,
    publishing.Blocked,
    publishing.NotPossible,
    publishing.Overtaken,
    addresses.Taken,
    renditions.Failed,
)


@dataclass(frozen=True)
class Outcome:
    """What became of something, in a word and a sentence.

    The word is "new", "changed", "unchanged", "kept" (the story is as the desk has it), "supplied" (a picture has its
    file), "published" or "refused".
    """

    kind: str
    sentence: str
    article: Article | None = None


class _Kept(Exception):
    """The desk has worked on the story since it came in."""


def take_in(path: Path, *, by: User, seen: dict[str, Path] | None = None) -> Outcome:
    """Take in the story in the file at ``path``: a new draft, a new version of one that nobody touched, or nothing.

    Its pictures are expected; ``supply`` gives them their files.
    ``seen`` collects the sources of one run and their files, so that of two files with one id the second is refused.
    """
    try:
        story = formats.read(path, choices=_choices())
        _refuse_twice(story, path, {} if seen is None else seen)
        with transaction.atomic():
            return _taken_in(story, path, by=by)
    except Unreadable as refusal:
        return Outcome("refused", str(refusal))
    except _Kept as kept:
        return Outcome("kept", f"{path.name}: {kept}")
    except _REFUSALS as refusal:
        return Outcome("refused", f"{path.name}: {_said(refusal)}")


def supply(article: Article, *, folder: Path, by: User) -> Iterator[Outcome]:
    """Give the awaited pictures of ``article`` their files where these lie in ``folder``."""
    for image, refusal in pictures.supply(article, folder=folder, by=by):
        if refusal:
            yield Outcome("refused", str(refusal), article)
        else:
            yield Outcome("supplied", _("the picture “%(picture)s” has its file") % {"picture": image}, article)


def publish(article: Article, *, by: User) -> Iterator[Outcome]:
    """Make a story public that never was and is still as it came in. Any other is the desk's to decide."""
    if article.publications.exists() or not _is_as_it_came_in(article):
        return
    try:
        publication = publishing.publish(drafts.sealed(article, by=by), by=by)
    except _NOT_PUBLIC as refusal:
        yield Outcome("refused", _("“%(story)s” stays a draft. %(why)s") % {"story": article, "why": refusal}, article)
    else:
        where = {"story": article, "address": publication.address.path}
        yield Outcome("published", _("“%(story)s” is at %(address)s") % where, article)


def _refuse_twice(story: Story, path: Path, seen: dict[str, Path]) -> None:
    first = seen.setdefault(story.key, path)
    if first != path:
        raise Unreadable(
            path.name,
            f'its id “{story.key}” is also that of {first}. Give one of them another: source = "…" in its sidecar.',
        )


def _choices() -> Choices:
    return Choices(Article.Kind.values, Tag.Kind.values, Author.Kind.values, Image.Rights.values)


def _said(refusal: Exception) -> str:
    """What was refused and why; Django's own errors with the names of their fields."""
    if not hasattr(refusal, "message_dict"):
        return str(refusal)
    return " ".join(f"{field}: {' '.join(sentences)}" for field, sentences in refusal.message_dict.items())


def _taken_in(story: Story, path: Path, *, by: User) -> Outcome:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two imports in one name wait for each other
    source = Source.objects.select_related("article").filter(key=story.key).first()
    if source and source.digest == story.digest:
        return Outcome("unchanged", _sentence(path, source.article), source.article)
    article = source.article if source else Article.objects.filter(uid=uuid5(STORIES, story.key)).first()
    if article and _is_as_it_came_in(article):
        _refuse_another(article, story, path)
    images = pictures.bring(story, folder=path.parent, by=by)
    kept = _keep(article, manuscripts.compose(story, images, by=by), uid=uuid5(STORIES, story.key), by=by)
    _remember(story, kept, path, by=by)
    kind = "new" if article is None else "changed" if source else "unchanged"
    return Outcome(kind, _sentence(path, kept, awaited=sum(image.is_awaiting_file for image in images.values())), kept)


def _refuse_another(article: Article, story: Story, path: Path) -> None:
    """A new version keeps headline, standfirst or cover. A file that has only the name of an old one keeps none."""
    cover = article.cover.original_name if article.cover else ""
    known = (article.headline, article.standfirst, cover)
    if not any(was == now for was, now in zip(known, (story.headline, story.standfirst, story.cover), strict=True)):
        raise Unreadable(
            path.name,
            f"its id “{story.key}” is that of “{article}”, and this seems to be another story."
            ' Give it an id of its own: source = "…" in its sidecar.',
        )


def _keep(article: Article | None, manuscript: Manuscript, *, uid: UUID, by: User) -> Article:
    """The article with these words. One that came in by a fixture has them already."""
    if article is None:
        return drafts.start(manuscript, by=by, uid=uid)
    if normal(manuscript) == of(article):
        return article
    if not _is_as_it_came_in(article):
        raise _Kept(
            _("the text has changed, but so has “%(story)s” on the desk since it came in. It stays as the desk has it.")
            % {"story": article}
        )
    return drafts.save(article, manuscript, seen=article.version, by=by)


def _is_as_it_came_in(article: Article) -> bool:
    """Has nobody written in the story, and has nobody moved it on, since the wire did?"""
    newest = Revision.objects.of_the_story().filter(article=article).newest_first().first()
    untouched = newest and (newest.sealed_why, newest.version) == (IMPORTED, article.version)
    return bool(untouched) and article.state in _UNTOUCHED


def _remember(story: Story, article: Article, path: Path, *, by: User) -> None:
    """Write down which source this was, which version of it, and what of it is inferred and why."""
    drafts.sealed(article, by=by, why=IMPORTED)
    Source.objects.update_or_create(key=story.key, defaults={"digest": story.digest, "article": article})
    inferred = dict(story.inferred) | {p.name: dict(p.inferred) for p in story.pictures if p.inferred}
    audit.record("took in", article, by=by, file=path.name, source=story.key, digest=story.digest, inferred=inferred)


def _sentence(path: Path, article: Article, *, awaited: int = 0) -> str:
    said = f"{path.name}: “{article}”"
    if not awaited:
        return said
    return _("%(said)s; %(awaited)s of its pictures await their files") % {"said": said, "awaited": awaited}
