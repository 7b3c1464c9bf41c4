"""A manuscript as people read it: names instead of slugs, blocks with their pictures, and where two differ."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import body
from articles.manuscript import Manuscript, picture_uids
from articles.models import Article, Author, Image, Section, Tag

SAME, GONE, NEW = "same", "gone", "new"

# The fields in the order in which an editor reads them, with what they are called on the form.
FIELDS = {
    "kicker": gettext_lazy("Kicker"),
    "headline": gettext_lazy("Headline"),
    "standfirst": gettext_lazy("Standfirst"),
    "bylines": gettext_lazy("Bylines"),
    "dateline": gettext_lazy("Dateline"),
    "body": gettext_lazy("Story"),
    "cover": gettext_lazy("Cover picture"),
    "section": gettext_lazy("Section"),
    "tags": gettext_lazy("Topics"),
    "kind": gettext_lazy("Kind"),
    "short_headline": gettext_lazy("Headline on the home page"),
    "search_headline": gettext_lazy("Headline for search and social"),
    "feed_headline": gettext_lazy("Headline in feeds"),
    "slug": gettext_lazy("Address"),
    "dated_on": gettext_lazy("Dated"),
    "dated_note": gettext_lazy("How we know the date"),
    "related": gettext_lazy("Related stories"),
    "language": gettext_lazy("Language"),
}
# These stand large on the page, so the list of facts leaves them out.
_ON_THE_PAGE = {"kicker", "headline", "standfirst", "body", "cover"}

Piece = tuple[str, str]  # SAME, GONE or NEW, and the text


@dataclass(frozen=True)
class Difference:
    """One field in two versions: each side in pieces, so that what is gone and what is new can be marked."""

    name: str
    label: str
    before: list[Piece]
    after: list[Piece]


class Names:
    """What slugs and uids of some manuscripts are called. Five queries, however many manuscripts."""

    def __init__(self, *manuscripts: Manuscript):
        uids = {uid for m in manuscripts for uid in picture_uids(m)}
        self.images = {str(image.uid): image for image in Image.objects.filter(uid__in=uids)}
        self.sections = dict(
            Section.objects.filter(slug__in={m.section for m in manuscripts}).values_list("slug", "name")
        )
        self.tags = dict(
            Tag.objects.filter(slug__in={t for m in manuscripts for t in m.tags}).values_list("slug", "name")
        )
        authors = {line.author for m in manuscripts for line in m.bylines}
        self.authors = dict(Author.objects.filter(slug__in=authors).values_list("slug", "name"))
        related = {uid for m in manuscripts for uid in m.related}
        self.stories = {
            str(uid): headline
            for uid, headline in Article.objects.filter(uid__in=related).values_list("uid", "headline")
        }

    def of(self, manuscript: Manuscript, field: str) -> str:
        """The words that stand for ``field``: a line for each byline, a paragraph for each block."""
        value = getattr(manuscript, field)
        said = {
            "section": lambda: self.sections.get(value, value),
            "cover": lambda: self.picture(value) if value else "",
            "tags": lambda: ", ".join(sorted(self.tags.get(slug, slug) for slug in value)),
            "bylines": lambda: "\n".join(self.byline(line) for line in value),
            "body": lambda: "\n\n".join(self.block(block) for block in body.blocks(value)),
            "related": lambda: "\n".join(self.stories.get(uid, uid) for uid in value),
            "kind": lambda: str(dict(Article.Kind.choices).get(value, value)),
        }
        return said[field]() if field in said else value

    def byline(self, line) -> str:
        return " ".join(filter(None, [line.role or _("By"), self.authors.get(line.author, line.author) or line.text]))

    def picture(self, uid: str) -> str:
        return self.images[uid].title if uid in self.images else uid

    def block(self, block: body.Block) -> str:
        if block.kind == "hr":
            return "* * *"
        if block.image:
            said = " / ".join(filter(None, [self.picture(block.image), block.caption, block.alt]))
            return _("[Picture: %(name)s]") % {"name": said}
        return body.plain_text(block.html)


def page(manuscript: Manuscript) -> dict[str, Any]:
    """What ``desk/manuscript.html`` shows: words, blocks with their pictures, and the other facts by label."""
    names = Names(manuscript)
    return {
        "words": manuscript,
        "cover": names.images.get(manuscript.cover),
        "blocks": [_shown(block, names) for block in body.blocks(body.clean(manuscript.body))],
        "facts": [
            (label, said)
            for field, label in FIELDS.items()
            if field not in _ON_THE_PAGE and (said := names.of(manuscript, field))
        ],
        "word_count": body.word_count(manuscript.body),
    }


def _shown(block: body.Block, names: Names) -> dict[str, Any]:
    if block.image:
        return {"image": names.images.get(block.image), "uid": block.image, "caption": block.caption, "alt": block.alt}
    return {"html": mark_safe(block.html)}  # noqa: S308  just cleaned by the one allow-list


def differences(before: Manuscript, after: Manuscript, *, only: set[str] | None = None) -> list[Difference]:
    """The fields in which the two differ (or those of ``only`` that do), in reading order."""
    names = Names(before, after)
    fields = [
        field for field in FIELDS if getattr(before, field) != getattr(after, field) and (only is None or field in only)
    ]
    return [Difference(field, str(FIELDS[field]), *_marked(names, before, after, field)) for field in fields]


def changed_fields(before: Manuscript, after: Manuscript) -> set[str]:
    return {field for field in FIELDS if getattr(before, field) != getattr(after, field)}


def _marked(names: Names, before: Manuscript, after: Manuscript, field: str) -> tuple[list[Piece], list[Piece]]:
    if field != "body":
        return _by_words(names.of(before, field), names.of(after, field))
    return _by_blocks(*([names.block(block) for block in body.blocks(m.body)] for m in (before, after)))


def _by_blocks(before: list[str], after: list[str]) -> tuple[list[Piece], list[Piece]]:
    """Only blocks that differ, an ellipsis for each stretch between; what was rewritten is compared by words."""
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, b1, b2, a1, a2 in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            left.append((SAME, "…\n\n"))
            right.append((SAME, "…\n\n"))
        elif kind == "replace" and b2 - b1 == a2 - a1:
            for old, new in zip(before[b1:b2], after[a1:a2], strict=True):
                gone, come = _by_words(old, new)
                left += [*gone, (SAME, "\n\n")]
                right += [*come, (SAME, "\n\n")]
        else:
            left += _paragraphs(GONE, before[b1:b2])
            right += _paragraphs(NEW, after[a1:a2])
    return left, right


def _paragraphs(kind: str, texts: list[str]) -> Iterator[Piece]:
    for text in texts:
        yield (kind, text)
        yield (SAME, "\n\n")


def _by_words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    old, new = _words(before), _words(after)
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, b1, b2, a1, a2 in SequenceMatcher(None, old, new).get_opcodes():
        left.append((SAME if kind == "equal" else GONE, "".join(old[b1:b2])))
        right.append((SAME if kind == "equal" else NEW, "".join(new[a1:a2])))
    return [piece for piece in left if piece[1]], [piece for piece in right if piece[1]]


def _words(text: str) -> list[str]:
    """Words with the space behind them, so that joined they are the text again."""
    words: list[str] = []
    for part in text.split(" "):
        words += [f"{part} "]
    return [*words[:-1], words[-1][:-1]] if words else []
