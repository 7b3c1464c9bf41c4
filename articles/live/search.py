"""The readers' search: what is public at ``t`` and has the words, newest first or best first. It reads, never writes.

The index is walked newest first and stops when a page is full, so a word that stands everywhere costs no more than a
rare one. Only what is public is ever found, and no word is told that stands in nothing public.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models.functions import Length

from articles.fulltext import Question, Term, asked, pieces
from articles.models import FAR_FUTURE, ReaderWord

from . import depends, indexing, reading, source, stamps
from .values import Card, Place

PAGE = 20
COUNTED = 100  # as many hits are counted; of more it is said that there are more
RANKED = 2000  # the newest hits that are weighed against each other
BEST = 60  # of which so many are shown
_SNIPPET_WORDS = 32
_MOST_SUGGESTED = 6  # words of an address
_MOST_NEAR = 5  # words that a slip may have meant

Pieces = Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Narrowed:
    """What else a story must meet: ids of a section, topic and author, a kind, and dates [since, until)."""

    section: int | None = None
    topic: int | None = None
    author: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self != Narrowed()


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that was found: its headline and a few of its words in pieces, each with whether it is what was asked."""

    card: Card
    headline: Pieces
    words: Pieces


@dataclass(frozen=True)
class Found:
    """One page of hits. ``number`` is how many there are, up to COUNTED, or None on a later page.

    ``older`` is where the next page starts. ``nearly`` says that the words were not found, but others like them.
    """

    hits: Sequence[Hit] = ()
    number: int | None = 0
    older: Place | None = None
    nearly: bool = False


def find(
    question: Question, t: datetime, *, within: Narrowed = Narrowed(), before: Place | None = None, best: bool = False
) -> Found:
    """What fits ``question``, newest first from ``before`` on; with ``best`` the best first, on one page."""
    depends.on(stamps.STORIES)
    if not question.wanted and not within:
        return Found()
    places = _ask(question, t, within, before, best=best)
    nearly = False
    if not places and not before and (near := _near(question)):
        # The end of an unfinished word is whatever it is; that is no slip.
        nearly = any(term.either and not term.unfinished for term in near.wanted)
        question, places = near, _ask(near, t, within, before, best=best)
    page, more = places[: BEST if best else PAGE], len(places) > PAGE and not best
    hits = _hits(question, page, t)
    return Found(
        hits=hits,
        number=None if before else len(places),
        older=_place(page[-1][0], page[-1][1]) if more else None,
        nearly=nearly and bool(hits),
    )


def suggest(words: Sequence[str], t: datetime, limit: int = 4) -> list[Card]:
    """The stories that have the most of ``words``, for somebody who asked for an address where nothing is."""
    known = tuple(word for word in words if len(word) >= indexing.SHORTEST)[:_MOST_SUGGESTED]
    if not known:
        return []
    question = Question((Term(known, either=True),))
    places = _ask(question, t, Narrowed(), None, best=True)[:limit]
    return reading.cards([number for _place, number in places], t)


# --- The walk along the index ----------------------------------------------------------------------------------------

_FROM = {
    ("sqlite", True): "articles_readertext_found CROSS JOIN articles_readertext t"
    " ON t.place = articles_readertext_found.rowid CROSS JOIN articles_publication p ON p.id = t.publication_id"
    " WHERE articles_readertext_found MATCH %s AND",
    ("postgresql", True): "articles_readertext t JOIN articles_publication p ON p.id = t.publication_id,"
    " to_tsquery('newsroom', %s) asked WHERE t.found @@ asked AND",
}
_WITHOUT_WORDS = "articles_readertext t JOIN articles_publication p ON p.id = t.publication_id WHERE"
_PUBLIC = "p.live_from <= %s AND p.live_until > %s AND p.parked_at IS NULL AND p.kind = 'story'"
_PLACE = {"sqlite": "articles_readertext_found.rowid", "postgresql": "t.place"}
_WEIGHT = {
    "sqlite": "bm25(articles_readertext_found, 8, 2, 3)",
    "postgresql": "-ts_rank('{0.1, 0.3, 0.4, 1}', t.found, asked)",
}
_LISTED = {
    "section": "EXISTS (SELECT 1 FROM articles_sectionlisting l WHERE l.publication_id = p.id AND l.section_id = %s)",
    "topic": "EXISTS (SELECT 1 FROM articles_topiclisting l WHERE l.publication_id = p.id AND l.tag_id = %s)",
    "author": "EXISTS (SELECT 1 FROM articles_authorlisting l WHERE l.publication_id = p.id AND l.author_id = %s)",
    "kind": "p.story_kind = %s",
}


def _ask(
    question: Question, t: datetime, within: Narrowed, before: Place | None, *, best: bool
) -> list[tuple[int, int]]:
    """(place, publication) of what fits. One query."""
    worded, connection = bool(question.wanted), source.connection()
    rows = _FROM[connection.vendor, True] if worded else _WITHOUT_WORDS
    place = _PLACE[connection.vendor] if worded else "t.place"
    conditions, values = _conditions(place, within, before)
    moment = connection.ops.adapt_datetimefield_value(t)
    values = [*([asked(question)] if worded else []), moment, moment, *values]
    weight = _WEIGHT[connection.vendor] if worded and best else "0"
    limit = RANKED if worded and best else PAGE + 1 if before else COUNTED + 1
    # Safe: nothing but our own texts is put together; all that came from outside is in values.
    walk = (
        f"SELECT {place} AS place, t.publication_id AS id, {weight} AS weight FROM {rows}"  # noqa: S608  as said
        f" {' AND '.join([_PUBLIC, *conditions])} ORDER BY {place} DESC LIMIT {limit}"
    )
    statement = f"SELECT place, id FROM ({walk}) AS hits ORDER BY weight, place DESC"  # noqa: S608  as said
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _conditions(place: str, within: Narrowed, before: Place | None) -> tuple[list[str], list[Any]]:
    meets = {text: value for name, text in _LISTED.items() if (value := getattr(within, name))}
    if within.since:
        meets[f"{place} >= %s"] = indexing.place(within.since, 0)
    if within.until:
        meets[f"{place} <= %s"] = indexing.place(min(within.until, FAR_FUTURE), 0)
    if before:
        meets[f"{place} < %s"] = indexing.place(before.at, before.id)
    return list(meets), list(meets.values())


def _place(place: int, publication_id: int) -> Place:
    return Place(indexing.dated(place), publication_id)


# --- What is shown of a hit ------------------------------------------------------------------------------------------

# SQLite walks from the first to the last of them once; for places alone (without the plus) it would ask the index anew
# for each, which takes the longer the more stories have the words. PostgreSQL minds neither, and takes the same values.
_SHOWN = {
    "sqlite": f"""
        SELECT t.publication_id, highlight(articles_readertext_found, 0, char(2), char(3)),
            snippet(articles_readertext_found, 1, char(2), char(3), '…', {_SNIPPET_WORDS})
        FROM articles_readertext_found JOIN articles_readertext t ON t.place = articles_readertext_found.rowid
        WHERE articles_readertext_found MATCH %s AND articles_readertext_found.rowid BETWEEN %s AND %s
            AND +articles_readertext_found.rowid IN ({{places}})""",  # noqa: S608  a number of ours
    "postgresql": f"""
        SELECT t.publication_id,
            ts_headline('newsroom', t.title, asked, format('StartSel="%%s", StopSel="%%s", HighlightAll=true',
                chr(2), chr(3))),
            ts_headline('newsroom', left(t.words, 20000), asked, format('StartSel="%%s", StopSel="%%s"'
                ', MinWords={_SNIPPET_WORDS // 2}, MaxWords={_SNIPPET_WORDS}', chr(2), chr(3)))
        FROM articles_readertext t, to_tsquery('newsroom', %s) asked
        WHERE t.place BETWEEN %s AND %s AND t.place IN ({{places}})""",  # noqa: S608  a number of ours
}


def _hits(question: Question, places: Sequence[tuple[int, int]], t: datetime) -> list[Hit]:
    """The stories at ``places`` in their order. Two queries; what is no longer as it was composed is left out."""
    if not places:
        return []
    told = _told(question, [place for place, _id in places])
    cards = reading.cards([number for _place, number in places], t)
    return [Hit(card, *told.get(card.id, ([(card.headline, False)], [(card.standfirst, False)]))) for card in cards]


def _told(question: Question, places: list[int]) -> dict[int, tuple[Pieces, Pieces]]:
    """Headline and snippet of each, by publication; nothing where no words were asked for."""
    if not question.wanted:
        return {}
    connection = source.connection()
    statement = _SHOWN[connection.vendor].format(places=", ".join(["%s"] * len(places)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked(question), min(places), max(places), *places])
        rows = cursor.fetchall()
    return {number: (pieces(title.split("\n")[0]), pieces(" ".join(words.split()))) for number, title, words in rows}


# --- Slips of the pen ------------------------------------------------------------------------------------------------


def _near(question: Question) -> Question | None:
    """The question with words that are spelled nearly like those which no story has, or None where there are none.

    One query. What they are is told to nobody: some may stand only in what is not public yet.
    """
    single = {indexing.folded(term.words[0]): term for term in question.wanted if len(term.words) == 1}
    tried = {word: term for word, term in single.items() if len(word) >= indexing.SHORTEST and not word.isdigit()}
    if not tried:
        return None
    meant = {term: others for word, term in tried.items() if (others := _spelled_like(word, _alike(word)))}
    if not meant:
        return None
    wanted = tuple(replace(term, words=meant[term], either=True) if term in meant else term for term in question.wanted)
    return replace(question, wanted=wanted)


def _alike(word: str) -> list[str]:
    """The words that begin with the same letter and are nearly as long, or go on where ``word`` ends."""
    rows = ReaderWord.objects.filter(word__gte=word[0], word__lt=chr(ord(word[0]) + 1)).annotate(letters=Length("word"))
    return list(rows.filter(letters__gte=len(word) - 2).values_list("word", flat=True))


def _spelled_like(word: str, known: list[str]) -> tuple[str, ...]:
    """The nearest of ``known``: one letter astray, in a long word two, or the beginning of it; nothing for a known one.

    A pair of letters that changed places counts as one (optimal string alignment).
    """
    from rapidfuzz import process  # only where nothing was found
    from rapidfuzz.distance import OSA

    if word in known:
        return ()
    astray = 1 if len(word) < 7 else 2
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=astray, limit=_MOST_NEAR)
    begun = [other for other in known if other.startswith(word)]
    return tuple(dict.fromkeys([*(other for other, _distance, _index in near), *begun]))[:_MOST_NEAR]
