"""What a page is told of the words that it sent: what stands now, what came from others, what is wrong."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from articles import manuscript as manuscripts
from articles.desk import merging
from articles.desk.drafts import NotNow, TakenOver, Unfit, Written
from articles.manuscript import Manuscript
from articles.models import Article, Revision, Tag, User

from . import bylines, clashes, reading, related, topics
from .story_form import picture_label

Answer = tuple[dict[str, Any], int]  # the words, and the status


def problems_of(refusal: Exception) -> dict[str, list[str]]:
    """By field what is wrong with words that a verb refused."""
    return refusal.problems if isinstance(refusal, Unfit) else {"body": [str(refusal)]}


def not_now(refusal: NotNow) -> Answer:
    """What a page is told whose words came while the story rests, or after a colleague took over."""
    is_taken_over = isinstance(refusal, TakenOver)
    return {"refused": str(refusal), "kept": refusal.aside is not None, "taken_over": is_taken_over}, 409


def became(request: HttpRequest, written: Written, words: Manuscript, tab: str) -> dict[str, Any]:
    """What a page is told of the words that it sent: what stands now, what came from others, what is to be chosen."""
    article, theirs = written.article, written.theirs
    answer: dict[str, Any] = {
        "version": article.version,
        "saved_at": date_format(timezone.localtime(article.saved_at), "H:i:s"),
        "fields": {},
        "known": {},
        "theirs": [],
        "clashes": [],
        "aside": written.aside.number if written.aside else None,
    }
    last = last_colleague(article, by=request.user, tab=tab) if theirs or written.clashes else None
    answer["who"] = str(last.written_by) if last else ""
    if written.clashes:
        answer |= {"clashes": [clashes.as_json(clash, written.manuscript, last) for clash in written.clashes]}
    elif theirs:
        sent = manuscripts.normal(words)
        answer |= held(written, merging.changed(sent, written.manuscript))
        answer |= {"theirs": list(called(theirs, sent, written.manuscript))}
    return answer


def last_colleague(article: Article, *, by: User, tab: str) -> Revision | None:
    """What somebody besides this tab saved last; one's own other tab is somebody too."""
    others = Revision.objects.of_the_story().filter(article=article).exclude(written_by=by, tab=tab)
    return others.newest_first().select_related("written_by").defer("manuscript", "ancestor").first()


def called(theirs: Iterable[str], before: Manuscript, after: Manuscript) -> Iterable[str]:
    """What the fields of ``theirs`` are called, in reading order; of the body how many paragraphs came or changed."""
    for name, label in reading.FIELDS.items():
        if name not in theirs:
            continue
        if name != "body":
            yield str(label)
            continue
        number = max(len(set(after.body.split("\n")) - set(before.body.split("\n"))), 1)
        yield ngettext("%(number)s paragraph", "%(number)s paragraphs", number) % {"number": number}


def held(written: Written, names: Iterable[str]) -> dict[str, Any]:
    """What the story holds in the fields of ``names``, and what the form calls the rows that these name."""
    plain, story, wanted = asdict(written.manuscript), written.article, set(names)
    tags = Tag.objects.filter(slug__in=written.manuscript.tags).values_list("name", "slug", "kind")
    rows = {
        "tags": lambda: {"topics": [topics.as_json(*row) for row in tags]},
        "related": lambda: {"stories": related.chosen(list(written.manuscript.related))},
        "bylines": lambda: {
            "authors": [{"value": line["author"], **line} for line in bylines.initial(story) if line["key"]]
        },
        "cover": lambda: {
            "covers": [{"value": picture_label(story.cover), "key": plain["cover"]}] if story.cover else []
        },
    }
    known: dict[str, Any] = {}
    for name in rows.keys() & wanted:
        known |= rows[name]()
    return {"fields": {name: plain[name] for name in plain if name in wanted}, "known": known}
