"""What the desk's search reads of each story: kept with every saving, and again when a name in another row changes.

How it is asked stands in desk.asking; the index in the database hangs on these texts by itself (see articles.fulltext).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL

from articles import body, fulltext
from articles.manuscript import Manuscript
from articles.models import Article, Bookmark, DeskText, Event

AT_ONCE = 200  # stories in one transaction, so that nobody waits long for the lock
AT_A_BEAT = 5000  # stories rewritten at one beat of the clock; the next beat goes on
MOST_BYTES = 400_000  # PostgreSQL refuses a word list above one megabyte
BOOKMARK = "names in the desk's texts"

_HEADLINES = ("kicker", "headline", "short_headline", "search_headline", "feed_headline")
_READ = (*_HEADLINES, "standfirst", "dateline", "slug", "body")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

# Names that stand in other rows, one a line, in one statement, so that they can be written together with the words.
_LABELS = """
    SELECT COALESCE({join}, '') FROM (
        SELECT COALESCE(author.name, byline.text) AS label FROM articles_byline byline
            LEFT JOIN articles_author author ON author.id = byline.author_id WHERE byline.article_id = {story}
        UNION SELECT tag.name FROM articles_taggedarticle tagged
            JOIN articles_tag tag ON tag.id = tagged.tag_id WHERE tagged.content_object_id = {story}
        UNION SELECT other.value FROM articles_taggedarticle tagged
            JOIN articles_tag tag ON tag.id = tagged.tag_id CROSS JOIN {synonyms}
            WHERE tagged.content_object_id = {story}
        UNION SELECT image.title FROM articles_placement placement
            JOIN articles_image image ON image.id = placement.image_id WHERE placement.article_id = {story}
        UNION SELECT image.caption FROM articles_placement placement
            JOIN articles_image image ON image.id = placement.image_id WHERE placement.article_id = {story}
        UNION SELECT image.credit FROM articles_placement placement
            JOIN articles_image image ON image.id = placement.image_id WHERE placement.article_id = {story}
        ORDER BY 1
    ) AS labels WHERE label <> ''"""
_DIALECTS = {
    "sqlite": {"join": "group_concat(label, char(10))", "synonyms": "json_each(tag.synonyms) AS other"},
    "postgresql": {
        "join": "string_agg(label, chr(10))",
        "synonyms": "LATERAL jsonb_array_elements_text(CASE jsonb_typeof(tag.synonyms)"
        " WHEN 'array' THEN tag.synonyms ELSE '[]' END) AS other(value)",
    },
}
_NAMED = 6  # how often {story} stands in it


@dataclass
class Indexed:
    """What an indexing of many stories has done."""

    read: int = 0
    added: int = 0
    changed: int = 0


def index(article: Article, manuscript: Manuscript) -> None:
    """Write down what the search finds ``article`` by. One query; call it when its other rows have been written."""
    _write([_text(article.pk, manuscript)])


def index_missing(*, using: str = "default") -> int:
    """Write down the stories that have no text yet, such as those from before there was a search; how many."""
    Bookmark.objects.using(using).get_or_create(name=BOOKMARK, defaults={"number": _newest_event(using)})
    missing = Article.objects.using(using).filter(desk_text=None)
    return sum(_index_together(pks, using=using).added for pks in _batches(missing))


def index_all() -> Indexed:
    """Read every story again, write down what differs, and make the database's index anew from that."""
    done = Indexed()
    for pks in _batches(Article.objects.all()):
        now = _index_together(pks)
        done = Indexed(done.read + now.read, done.added + now.added, done.changed + now.changed)
    fulltext.rebuild(connections["default"], fulltext.DESK)
    return done


def catch_up(now: datetime) -> int:
    """Write down anew what stories say by the names of others: renamed topics and authors, pictures' new captions.

    A duty of the clock; it reads the record, so that whoever changes such a name need not know of the search. Returns
    how many stories changed. What is too much for one beat is left to the next, which finds the first part done.
    """
    bookmark, _made = Bookmark.objects.get_or_create(name=BOOKMARK)
    newest, rewritten = _newest_event(), 0
    since = Event.objects.filter(number__gt=bookmark.number, number__lte=newest, subject_kind__in=_USES)
    for number, kind, key in since.order_by("number").values_list("number", "subject_kind", "subject_key"):
        for pks in _batches(Article.objects.filter(pk__in=Article.objects.filter(**{_USES[kind]: key}).values("pk"))):
            rewritten += _relabel(pks)
            if rewritten >= AT_A_BEAT:
                Bookmark.objects.filter(pk=BOOKMARK).update(number=number - 1)
                return rewritten
    Bookmark.objects.filter(pk=BOOKMARK).exclude(number=newest).update(number=newest)
    return rewritten


# How the stories are found that use what an event is about.
_USES = {"author": "bylines__author", "tag": "tagged__tag", "image": "placements__image"}


def _newest_event(using: str = "default") -> int:
    return Event.objects.using(using).newest_first().values_list("number", flat=True).first() or 0


def _batches(stories) -> Iterator[list[int]]:
    """The keys of ``stories`` in their order, some at a time, however many there are."""
    keys = stories.order_by("pk").values_list("pk", flat=True)
    after = 0
    while batch := list(keys.filter(pk__gt=after)[:AT_ONCE]):
        yield batch
        after = batch[-1]


def _index_together(pks: list[int], *, using: str = "default") -> Indexed:
    """Compare and write under a lock, so that no saving comes between."""
    with transaction.atomic(using=using):
        stories = Article.objects.using(using).select_for_update().only(*_READ).in_bulk(pks)
        kept = DeskText.objects.using(using).in_bulk(pks)
        texts = [_text(pk, story, using=using) for pk, story in stories.items()]
        wanting = [text for text in texts if text.pk not in kept or not _same(text, kept[text.pk])]
        _write(wanting, using=using)
        written = {text.pk for text in wanting}
        renamed = _relabel([pk for pk in stories if pk not in written], using=using)
    return Indexed(len(stories), len(written - kept.keys()), len(written & kept.keys()) + renamed)


def _same(one: DeskText, other: DeskText) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("title", "words", "word_count"))


def _relabel(pks: list[int], *, using: str = "default") -> int:
    """Write the labels of these stories anew where they differ; how many did."""
    labels = _labels('"articles_desktext"."article_id"', [], using=using)
    with transaction.atomic(using=using):
        # Whoever saves one of them has locked it: what we read of its other rows is then theirs, or not yet.
        list(Article.objects.using(using).select_for_update().filter(pk__in=pks).values_list("pk"))
        return DeskText.objects.using(using).filter(pk__in=pks).filter(~Q(labels=labels)).update(labels=labels)


def _write(texts: list[DeskText], *, using: str = "default") -> None:
    columns = ["title", "words", "word_count", "labels"]
    DeskText.objects.using(using).bulk_create(
        texts, update_conflicts=True, unique_fields=["article"], update_fields=columns
    )


def _labels(story: str, parameters: list[int], *, using: str = "default") -> RawSQL:
    statement = _LABELS.format(story=story, **_DIALECTS[connections[using].vendor])
    return RawSQL(statement, parameters)  # noqa: S611  ours; the keys are values


def _text(pk: int, story: Manuscript | Article, *, using: str = "default") -> DeskText:
    """The text of a working copy, whose labels are found as it is written. A manuscript and a row call fields alike."""
    headlines = dict.fromkeys(filter(None, (getattr(story, name) for name in _HEADLINES)))
    read = (body.plain_text(story.body), body.figure_words(story.body))
    return DeskText(
        pk,
        title=_kept("\n".join(headlines)),
        words=_kept("\n".join(filter(None, (story.standfirst, *read, story.dateline, story.slug)))),
        labels=_labels("%s", [pk] * _NAMED, using=using),
        word_count=body.word_count(story.body),
    )


def _kept(text: str) -> str:
    return _CONTROL.sub(" ", text).encode()[:MOST_BYTES].decode(errors="ignore")
