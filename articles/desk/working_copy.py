"""Puts a manuscript into a story's rows: the row itself, its bylines, topics, pictures and words to search.

Called by desk.drafts only, which has checked rights, turn and version.
"""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles import body
from articles import manuscript as manuscripts
from articles.manuscript import Manuscript
from articles.models import Article, Author, Byline, Image, Placement, Section, Tag
from articles.photos import renditions

from . import finding, merging

# What the row holds word for word as the manuscript has it.
SAME = (
    *("kind", "kicker", "headline", "short_headline", "search_headline", "feed_headline"),
    *("standfirst", "slug", "dateline", "body", "language", "dated_note"),
)
# Rows, which were found already, and what no writer types.
_NOT_TYPED = ("section", "cover", "related", "created_by", "saved_by", "assignee")


class Unfit(ValueError):
    """The manuscript cannot be kept as it is; ``problems`` says why, field by field."""

    def __init__(self, problems: dict[str, list[str]]):
        self.problems = problems
        super().__init__(
            " ".join(f"{field}: {sentence}" for field, sentences in problems.items() for sentence in sentences)
        )


def keep(article: Article, manuscript: Manuscript, *, before: Manuscript | None = None) -> None:
    """Write ``manuscript`` into the rows of ``article``, and only what differs from ``before`` (None: the row is new).

    Raises Unfit.
    """
    before, is_new = before or Manuscript(), before is None
    changed = merging.changed(before, manuscript)
    # The same pictures may stand in other places: the cover that is in the text too, and is the cover no more.
    pictures_changed = "cover" in changed or manuscripts.picture_uids(before) != manuscripts.picture_uids(manuscript)
    found = _Rows(manuscript, changed, with_pictures=pictures_changed)
    _fill(article, manuscript, changed, found)
    _refuse_unfit(article, manuscript, found.problems)
    article.save() if is_new else article.save(update_fields=_columns(changed))
    if "tags" in changed:
        article.tags.set(found.tags, clear=True)
    if "bylines" in changed:
        _sign(article, manuscript, found.authors)
    if pictures_changed:
        _place_pictures(article, manuscript, found.images)
    finding.index(article, manuscript)


def _columns(changed: frozenset[str]) -> list[str]:
    own = {*SAME, "related", "dated_on", "section", "cover"}
    return sorted((changed & own) | {"version", "saved_at", "saved_by", "state"})


def _fill(article: Article, manuscript: Manuscript, changed: frozenset[str], found: "_Rows") -> None:
    for name in SAME:
        setattr(article, name, getattr(manuscript, name))
    article.related = list(manuscript.related)
    article.dated_on = _day(manuscript.dated_on, found.problems)
    if "section" in changed:
        article.section = found.section
    if "cover" in changed:
        article.cover = found.cover


class _Rows:
    """The rows that a manuscript newly names. What it names and nobody knows becomes a problem in a sentence."""

    def __init__(self, manuscript: Manuscript, changed: frozenset[str], *, with_pictures: bool):
        self.problems: dict[str, list[str]] = {}
        self.images: dict[str, Image] = {}
        self.authors: dict[str, Author] = {}
        self.tags: list[Tag] = []
        self.section: Section | None = None
        if with_pictures:
            self._find_pictures(manuscript)
        self.cover = self.images.get(manuscript.cover)
        if "bylines" in changed:
            slugs = [line.author for line in manuscript.bylines if line.author]
            self.authors = {author.slug: author for author in Author.objects.filter(slug__in=slugs)}
            self._miss("bylines", slugs, set(self.authors))
        if "tags" in changed:
            self.tags = list(Tag.objects.filter(slug__in=manuscript.tags))
            self._miss("tags", manuscript.tags, {tag.slug for tag in self.tags})
        if "section" in changed and manuscript.section:
            self.section = Section.objects.filter(slug=manuscript.section).first()
            self._miss("section", [manuscript.section], {self.section.slug} if self.section else set())

    def _find_pictures(self, manuscript: Manuscript) -> None:
        uids = self._uids(manuscript)
        self.images = {str(image.uid): image for image in Image.objects.filter(uid__in=uids)} if uids else {}
        self._miss("cover", [manuscript.cover], set(self.images))
        self._miss("body", manuscripts.picture_uids(manuscript), set(self.images) | {manuscript.cover})

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
        article.clean_fields(exclude=_NOT_TYPED)
    except ValidationError as error:
        problems |= error.message_dict
    if problems:
        raise Unfit(problems)


def _sign(article: Article, manuscript: Manuscript, authors: dict[str, Author]) -> None:
    Byline.objects.filter(article=article).delete()
    Byline.objects.bulk_create(
        Byline(article=article, order=order, author=authors.get(line.author), text=line.text, role=line.role)
        for order, line in enumerate(manuscript.bylines)
    )


def _place_pictures(article: Article, manuscript: Manuscript, images: dict[str, Image]) -> None:
    """Write down where its pictures stand. One that is new there may need other crops: they are made behind."""
    in_body = body.picture_uids(manuscript.body)
    places = [(0, manuscript.cover)] * bool(manuscript.cover) + list(enumerate(in_body, start=1))
    now = [(position, images[uid].pk) for position, uid in places]
    were = list(Placement.objects.filter(article=article).values_list("position", "image"))
    if were == now:
        return
    Placement.objects.filter(article=article).delete()
    Placement.objects.bulk_create(Placement(article=article, image_id=image, position=at) for at, image in now)
    for key in _newly_placed(were, now):
        renditions.enqueue(next(image for image in images.values() if image.pk == key))


def _newly_placed(were: list[tuple[int, int]], now: list[tuple[int, int]]) -> set[int]:
    """The pictures that stand on a cover or in a text for the first time."""
    before = {(position == 0, image) for position, image in were}
    return {image for position, image in now if (position == 0, image) not in before}
