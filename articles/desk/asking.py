"""How the desk's search is asked: which stories fit a question, which fit best, and what of them fits. It reads only.

How a question is written and read stands in articles.fulltext.
"""

from django.db import connection
from django.db.models import Q, TextField
from django.db.models.expressions import RawSQL

from articles.fulltext import END, HIT, MOST_CHARACTERS, MOST_TERMS, Question, Term, match, pieces, read

__all__ = [
    "END",
    "HIT",
    "MOST_CHARACTERS",
    "MOST_TERMS",
    "Question",
    "Term",
    "best",
    "fitting",
    "pieces",
    "read",
    "snippet",
]

NEWEST_RANKED = 5000  # hits that are weighed against each other, the newest
RANKED = 1000  # of which so many come back, the best
_SNIPPET_WORDS = 24

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
        cursor.execute(_BEST[connection.vendor], [match(question.wanted)])
        return [row[0] for row in cursor.fetchall()]


def snippet(question: Question) -> RawSQL:
    """For a query of stories: a few words of each round what fits, with HIT and END about it. Ask for few stories."""
    wanted = [match(question.wanted)]
    return RawSQL(_SNIPPET[connection.vendor], wanted, output_field=TextField())  # noqa: S611  ours; the match is a value


def _keys(terms: tuple[Term, ...], joint: str) -> RawSQL:
    return RawSQL(_IDS[connection.vendor], [match(terms, joint)])  # noqa: S611  ours; the match is a value
