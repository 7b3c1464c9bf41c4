"""What the slugs and uids of manuscripts are called, for people."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from articles.body.differences import Part
from articles.manuscript import BylineLine, Manuscript
from articles.models import Article, Author, Image, Section, Tag

from . import uids


class Names:
    """What some manuscripts, and the ``parts`` of their texts, speak of. Five queries, however many there are."""

    def __init__(self, manuscripts: Iterable[Manuscript], parts: Iterable[Part] = ()):
        manuscripts, parts = list(manuscripts), list(_everything(parts))
        pictures = uids.among({m.cover for m in manuscripts} | set(_said(parts, "data-image")))
        self.images = {str(image.uid): image for image in Image.objects.filter(uid__in=pictures)}
        sections = {m.section for m in manuscripts}
        self.sections = dict(Section.objects.filter(slug__in=sections).values_list("slug", "name"))
        tags = {slug for m in manuscripts for slug in m.tags}
        self.tags = dict(Tag.objects.filter(slug__in=tags).values_list("slug", "name"))
        authors = {line.author for m in manuscripts for line in m.bylines}
        self.authors = dict(Author.objects.filter(slug__in=authors).values_list("slug", "name"))
        related = {uid for m in manuscripts for uid in m.related} | set(_said(parts, "data-related"))
        stories = Article.objects.filter(uid__in=uids.among(related | _linked(parts))).only("uid", "headline")
        self.stories = {str(story.uid): story for story in stories}

    def picture(self, uid: str) -> str:
        return self.images[uid].title if uid in self.images else uid

    def story(self, uid: str) -> str:
        return str(self.stories[uid]) if uid in self.stories else uid

    def byline(self, line: BylineLine) -> str:
        return " ".join(filter(None, [line.role or _("By"), self.authors.get(line.author, line.author) or line.text]))

    def items(self, manuscript: Manuscript, field: str) -> list[str] | None:
        """A field that is a list, name by name; None where it is a text."""
        lists = {
            "tags": lambda: sorted(self.tags.get(slug, slug) for slug in manuscript.tags),
            "bylines": lambda: [self.byline(line) for line in manuscript.bylines],
            "related": lambda: [self.story(uid) for uid in manuscript.related],
        }
        return lists[field]() if field in lists else None

    def text(self, manuscript: Manuscript, field: str) -> str:
        """The words that stand for a field which is one text."""
        value = getattr(manuscript, field)
        said = {
            "section": lambda: self.sections.get(value, value),
            "cover": lambda: self.picture(value) if value else "",
            "kind": lambda: str(dict(Article.Kind.choices).get(value, value)),
        }
        return said[field]() if field in said else value


def _everything(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        yield from _everything(part.parts)


def _said(parts: list[Part], fact: str) -> Iterator[str]:
    """The uids in an attribute, of both sides."""
    return (uid for part in parts for piece in part.fact(fact) for uid in piece.text.split())


def _linked(parts: list[Part]) -> set[str]:
    """The stories that links lead to, or led to."""
    looks = (marks for part in parts for piece in part.pieces for marks in (piece.marks, piece.were) if marks)
    return {story for marks in looks if (story := marks.story)}
