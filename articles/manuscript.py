"""The editable story as a value: all its words, pictures, names and labels, and nothing that the system adds.

Save, compare, restore, preview, import, export and publish all speak Manuscript. State, assignee, deadline, priority,
embargo and sensitivity are outside it and have their own verbs.
"""

import hashlib
import json
import unicodedata
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from articles import body
from articles.models import Article, Author, Byline, Image


@dataclass(frozen=True)
class BylineLine:
    """One line of who made the story: an author's slug, or a free text."""

    author: str = ""
    text: str = ""
    role: str = ""


@dataclass(frozen=True)
class Manuscript:
    """A story as its editor sees it. Sections, topics and authors are slugs, pictures and stories are uids."""

    kind: str = "news"
    section: str = ""
    kicker: str = ""
    headline: str = ""
    short_headline: str = ""
    search_headline: str = ""
    feed_headline: str = ""
    standfirst: str = ""
    slug: str = ""
    dateline: str = ""
    body: str = ""
    cover: str = ""
    bylines: tuple[BylineLine, ...] = ()
    tags: tuple[str, ...] = field(default=())
    related: tuple[str, ...] = ()
    language: str = "en-GB"
    dated_on: str = ""
    dated_note: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dicts and strings; ``from_json`` gives the same manuscript back."""
        return json.loads(json.dumps(asdict(self)))


def from_json(data: dict[str, Any]) -> Manuscript:
    """The manuscript in ``data``. Fields it does not know are left out, so an old build reads a newer record."""
    known = {name: data[name] for name in (f.name for f in fields(Manuscript)) if name in data}
    for name in ("tags", "related"):
        known[name] = tuple(known.get(name, ()))
    known["bylines"] = tuple(BylineLine(**line) for line in known.get("bylines", ()))
    return Manuscript(**known)


def normal(manuscript: Manuscript) -> Manuscript:
    """The same manuscript in its one spelling: NFC, no spaces at ends, the body canonical, tags sorted.

    Raises body.BodyRefused.
    """
    plain = {
        f.name: _line(getattr(manuscript, f.name))
        for f in fields(Manuscript)
        if isinstance(f.default, str) and f.name != "body"
    }
    return Manuscript(
        **plain,
        body=body.clean(manuscript.body),
        bylines=tuple(BylineLine(_line(b.author), _line(b.text), _line(b.role)) for b in manuscript.bylines),
        tags=tuple(sorted(set(manuscript.tags))),
        related=tuple(dict.fromkeys(manuscript.related)),
    )


def _line(text: str) -> str:
    """One line of text: NFC, and white space at its ends or around line breaks gone. Inner spaces are the writer's."""
    return " ".join(part.strip() for part in unicodedata.normalize("NFC", text).split("\n") if part.strip())


def of(article: Article) -> Manuscript:
    """The manuscript that the working copy of ``article`` holds."""
    return Manuscript(
        kind=article.kind,
        section=article.section.slug if article.section else "",
        kicker=article.kicker,
        headline=article.headline,
        short_headline=article.short_headline,
        search_headline=article.search_headline,
        feed_headline=article.feed_headline,
        standfirst=article.standfirst,
        slug=article.slug,
        dateline=article.dateline,
        body=article.body,
        cover=str(article.cover.uid) if article.cover else "",
        bylines=tuple(_byline_lines(article)),
        tags=tuple(sorted(article.tags.values_list("slug", flat=True))),
        related=tuple(article.related),
        language=article.language,
        dated_on=article.dated_on.isoformat() if article.dated_on else "",
        dated_note=article.dated_note,
    )


def _byline_lines(article: Article):
    for byline in Byline.objects.filter(article=article).select_related("author"):
        yield BylineLine(author=byline.author.slug if byline.author else "", text=byline.text, role=byline.role)


def picture_uids(manuscript: Manuscript) -> list[str]:
    """The uids of its pictures, the cover first, then those in the body in order, each once."""
    uids = [manuscript.cover, *body.picture_uids(manuscript.body)]
    return list(dict.fromkeys(uid for uid in uids if uid))


def story_uids(manuscript: Manuscript) -> list[str]:
    """The uids of the other stories that it names: those related by hand first, then those in the body, each once."""
    return list(dict.fromkeys([*manuscript.related, *body.story_uids(manuscript.body)]))


def fingerprint(manuscript: Manuscript) -> str:
    """SHA-256 (hex) of the manuscript with its pictures' facts and its authors' names, as an approval sees them.

    One changed character, here or in a picture's row, changes it; changing it back gives the old one again.
    """
    seen = {
        "manuscript": manuscript.as_json(),
        "pictures": _picture_facts(manuscript),
        "authors": _author_names(manuscript),
    }
    return hashlib.sha256(json.dumps(seen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _picture_facts(manuscript: Manuscript) -> dict[str, list]:
    rows = Image.objects.filter(uid__in=picture_uids(manuscript))
    facts = ("caption", "credit", "alt_text", "is_decorative", "sha256", "rights_basis")
    return {str(uid): values for uid, *values in rows.values_list("uid", *facts)}


def _author_names(manuscript: Manuscript) -> dict[str, str]:
    slugs = [line.author for line in manuscript.bylines if line.author]
    return dict(Author.objects.filter(slug__in=slugs).values_list("slug", "name"))
