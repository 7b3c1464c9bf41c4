"""How the desk's search is asked: words, “phrases”, -without, unfini*. It reads, and never writes.

Whatever a person types, the database is only ever given words that we have quoted ourselves.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.expressions import RawSQL

MOST_CHARACTERS = 200
MOST_TERMS = 12
UNFINISHED_FROM = 3  # letters: “is” would find half the language
NEWEST_RANKED = 5000  # hits that are weighed against each other, the newest
RANKED = 1000  # of which so many come back, the best

# Around what fits in a snippet; neither is ever in a text (see finding).
HIT, END = "\x02", "\x03"
_SNIPPET_WORDS = 24

_TERM = re.compile(r'(?P<not>-?)(?:["“”„](?P<phrase>[^"“”„]*)["“”„]?|(?P<word>[^\s"“”„]+))')
_WORD = re.compile(r"[^\W_]+")

_FTS5 = "SELECT rowid FROM articles_desktext_found WHERE articles_desktext_found MATCH %s"
_TSVECTOR = "SELECT article_id FROM articles_desktext WHERE found @@ to_tsquery('newsroom', %s)"
_IDS = {"sqlite": _FTS5, "postgresql": _TSVECTOR}
_BEST = {
    "sqlite": f"""
        SELECT rowid FROM (
            SELECT rowid, bm25(articles_desktext_found, 8, 2, 4) AS weight FROM articles_desktext_found
            WHERE articles_desktext_found MATCH %s ORDER BY rowid DESC LIMIT {NEWEST_RANKED})
        ORDER BY weight, rowid DESC LIMIT {RANKED}""",  # noqa: S608  numbers of our own
    "postgresql": f"""
        SELECT article_id FROM (
            SELECT article_id, ts_rank(found, asked) AS weight FROM articles_desktext, to_tsquery('newsroom', %s) asked
            WHERE found @@ asked ORDER BY article_id DESC LIMIT {NEWEST_RANKED}) AS hits
        ORDER BY weight DESC, article_id DESC LIMIT {RANKED}""",  # noqa: S608  numbers of our own
}
_SNIPPET = {
    "sqlite": f"""
        SELECT snippet(articles_desktext_found, -1, char(2), char(3), '…', {_SNIPPET_WORDS})
        FROM articles_desktext_found
        WHERE articles_desktext_found MATCH %s AND rowid = "articles_article"."id" """,  # noqa: S608  numbers of our own
    "postgresql": f"""
        SELECT ts_headline('newsroom', left(title || chr(10) || words || chr(10) || labels, 20000),
            to_tsquery('newsroom', %s), format('StartSel="%%s", StopSel="%%s", MinWords={_SNIPPET_WORDS // 2}'
            ', MaxWords={_SNIPPET_WORDS}, MaxFragments=1, FragmentDelimiter="…"', chr(2), chr(3)))
        FROM articles_desktext WHERE article_id = "articles_article"."id" """,  # noqa: S608  numbers of our own
}


@dataclass(frozen=True)
class Term:
    """One word, or several that stand side by side; of an unfinished one the end may be anything."""

    words: tuple[str, ...]
    unfinished: bool = False


@dataclass(frozen=True)
class Question:
    """What a person typed into the search, read. An empty one asks nothing; ``cut`` says that there was too much.

    ``is_open`` says that they may still be typing: nothing stands behind the last word.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    cut: bool = False
    is_open: bool = False

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    def unfinished(self) -> "Question":
        """The same question, when the whole words were not found: the last one may end in any way.

        Not before, for “police” would find policies: stems are short.
        """
        last = Term(self.wanted[-1].words, unfinished=True)
        return Question((*self.wanted[:-1], last), self.unwanted, self.cut)


def read(text: str) -> Question:
    """The question in ``text``. Any text is one: quotes need no partner, and what holds no word asks nothing."""
    plain = unicodedata.normalize("NFC", text)
    found = [(bool(match["not"]), term) for match in _TERM.finditer(plain[:MOST_CHARACTERS]) if (term := _term(match))]
    cut = len(plain) > MOST_CHARACTERS or len(found) > MOST_TERMS
    found = found[:MOST_TERMS]
    wanted = tuple(term for is_unwanted, term in found if not is_unwanted)
    is_open = bool(wanted) and _is_being_typed(plain[:MOST_CHARACTERS], wanted[-1])
    return Question(wanted, tuple(term for is_unwanted, term in found if is_unwanted), cut, is_open)


def fitting(question: Question, *, key: str = "pk") -> Q:
    """What stories must meet, by what their query calls their ``key``, to fit ``question``.

    The database gathers the keys once, from its index alone.
    """
    fits = Q()
    if question.wanted:
        fits &= Q(**{f"{key}__in": _keys(question.wanted, "AND")})
    if question.unwanted:
        fits &= ~Q(**{f"{key}__in": _keys(question.unwanted, "OR")})
    return fits


def best(question: Question) -> list[int]:
    """The keys of the stories that fit best, the best first: of the newest hits only, so that common words stay quick.

    What is unwanted is not left out here.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BEST[connection.vendor], [_match(question.wanted, "AND")])
        return [row[0] for row in cursor.fetchall()]


def snippet(question: Question) -> RawSQL:
    """For a query of stories: a few words of each round what fits, with HIT and END about it. Ask for few stories."""
    match = [_match(question.wanted, "AND")]
    return RawSQL(_SNIPPET[connection.vendor], match, output_field=TextField())  # noqa: S611  ours; the match is a value


def pieces(snippet: str) -> list[tuple[str, bool]]:
    """A snippet as texts, each with whether it is a hit. They are plain words, and not yet escaped."""
    parts = []
    for text in snippet.split(HIT):
        hit, _end, rest = text.rpartition(END)
        parts += [(hit, True), (rest, False)]
    return [part for part in parts if part[0]]


def _term(match: re.Match) -> Term | None:
    text = match["word"] or match["phrase"] or ""
    words = tuple(_WORD.findall(text))
    return Term(words, unfinished=bool(match["word"]) and text.endswith("*")) if words else None


def _is_being_typed(text: str, last: Term) -> bool:
    """A word with nothing behind it: no space, no closing quote."""
    long_enough = len("".join(last.words)) >= UNFINISHED_FROM
    return long_enough and text.endswith(last.words[-1]) and not _in_quotes(text)


def _in_quotes(text: str) -> bool:
    *_before, last = _TERM.finditer(text)
    return last["word"] is None or bool(last["not"])


def _keys(terms: tuple[Term, ...], joint: str) -> RawSQL:
    return RawSQL(_IDS[connection.vendor], [_match(terms, joint)])  # noqa: S611  ours; the match is a value


def _match(terms: tuple[Term, ...], joint: str) -> str:
    """``terms`` in the language of the database's own search."""
    if connection.vendor == "sqlite":
        return f" {joint} ".join(_fts5(term) for term in terms)
    return {"AND": " & ", "OR": " | "}[joint].join(_tsquery(term) for term in terms)


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + "*" * term.unfinished


def _tsquery(term: Term) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' * term.unfinished})"
