"""Full-text search by the database itself: FTS5 on SQLite, a weighted tsvector with GIN on PostgreSQL.

Here stand the indexes, of the desk's texts and of the readers' by words, of the pictures' by parts of words; and the
language in which people ask for stories: words, “phrases”, -without, unfini*. Whatever a person types, the database is
only ever given words that we have quoted ourselves. Each index hangs on a table of texts by triggers or a derived
column; ``install`` puts back what is missing.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper

MOST_CHARACTERS = 200
MOST_TERMS = 12
UNFINISHED_FROM = 3  # letters: “is” would find half the language

# Around what fits in a snippet; no text that is kept for searching has either.
HIT, END = "\x02", "\x03"

_TERM = re.compile(r'(?P<not>-?)(?:["“”„](?P<phrase>[^"“”„]*)["“”„]?|(?P<word>[^\s"“”„]+))')
_WORD = re.compile(r"[^\W_]+")


# --- What is asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """One word, or several that stand side by side; of an unfinished one the end may be anything.

    With ``either`` they need not stand together: any one of them will do.
    """

    words: tuple[str, ...]
    unfinished: bool = False
    either: bool = False


@dataclass(frozen=True)
class Question:
    """What a person typed into a search, read. An empty one asks nothing; ``cut`` says that there was too much.

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


def match(terms: tuple[Term, ...], joint: str = "AND") -> str:
    """``terms``, together by ``joint`` (AND or OR), in the language of the database's own search."""
    if default_connection.vendor == "sqlite":
        return f" {joint} ".join(_fts5(term) for term in terms)
    return {"AND": " & ", "OR": " | "}[joint].join(_tsquery(term) for term in terms)


def asked(question: Question) -> str:
    """The whole ``question``, what is unwanted left out, for a query that walks the hits. Something must be wanted."""
    wanted = match(question.wanted)
    if not question.unwanted:
        return wanted
    if default_connection.vendor == "sqlite":
        return f"({wanted}) NOT ({match(question.unwanted, 'OR')})"
    return f"({wanted}) & !({match(question.unwanted, 'OR')})"


def _fts5(term: Term) -> str:
    if term.either:
        return "({})".format(" OR ".join(f'"{word}"' for word in term.words))
    return f'"{" ".join(term.words)}"' + "*" * term.unfinished


def _tsquery(term: Term) -> str:
    if term.either:
        return "({})".format(" | ".join(f"'{word}'" for word in term.words))
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' * term.unfinished})"


# --- The indexes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Index:
    """An index of the words in the columns of ``table``, whose primary key is ``key``."""

    table: str
    key: str
    columns: tuple[str, ...] = ("title", "words", "labels")
    tokens: str = "tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'"

    @property
    def name(self) -> str:
        return f"{self.table}_found"

    @property
    def triggers(self) -> dict[str, str]:
        """What tells the FTS5 table of each change, by the names that the triggers have in the database."""
        kind = self.table.removeprefix("articles_").replace("text", "_text")
        columns, old, new = (", ".join(f"{of}{name}" for name in self.columns) for of in ("", "OLD.", "NEW."))
        forget = f"""INSERT INTO {self.name} ({self.name}, rowid, {columns})
            VALUES ('delete', OLD.{self.key}, {old});"""
        learn = f"""INSERT INTO {self.name} (rowid, {columns})
            VALUES (NEW.{self.key}, {new});"""
        return {
            f"{kind}_added": f"AFTER INSERT ON {self.table} BEGIN {learn} END",
            f"{kind}_removed": f"AFTER DELETE ON {self.table} BEGIN {forget} END",
            f"{kind}_changed": f"""AFTER UPDATE OF {columns} ON {self.table}
        WHEN ({old}) <> ({new})
        BEGIN {forget} {learn} END""",
        }

    @property
    def fts5(self) -> str:
        """The FTS5 table. It keeps no text of its own."""
        return (
            f"CREATE VIRTUAL TABLE {self.name} USING fts5({', '.join(self.columns)}, content='{self.table}',"
            f" content_rowid='{self.key}', {self.tokens})"
        )

    @property
    def gin(self) -> tuple[str, ...]:
        """On PostgreSQL: a column that the database derives, and an index on it."""
        return (
            f"ALTER TABLE {self.table} ADD COLUMN IF NOT EXISTS found tsvector GENERATED ALWAYS AS ({_WEIGHED}) STORED",
            f"CREATE INDEX {self.name} ON {self.table} USING gin (found)",
        )


class PartsIndex(Index):
    """An index of every three letters that stand together, so that parts of words are found too."""

    @property
    def gin(self) -> tuple[str, ...]:
        """On PostgreSQL it answers LIKE by itself."""
        return (
            "CREATE EXTENSION IF NOT EXISTS pg_trgm",
            f"CREATE INDEX {self.name} ON {self.table} USING gin (words gin_trgm_ops)",
        )


DESK = Index("articles_desktext", "article_id")
READERS = Index("articles_readertext", "place")
PICTURES = PartsIndex("articles_picturetext", "image_id", ("words",), "tokenize='trigram'")
INDEXES = (DESK, READERS, PICTURES)

# The words are stemmed as in English, but none is left out: “IS” is an organisation here. Punctuation divides words,
# as FTS5 has it: “F-35” is “F” beside “35”.
_POSTGRESQL_LANGUAGE = (
    "CREATE EXTENSION IF NOT EXISTS unaccent",
    "CREATE TEXT SEARCH DICTIONARY newsroom_stem (TEMPLATE = snowball, Language = english)",
    "CREATE TEXT SEARCH CONFIGURATION newsroom (COPY = english)",
    "ALTER TEXT SEARCH CONFIGURATION newsroom ALTER MAPPING FOR asciiword, word WITH unaccent, newsroom_stem",
    "ALTER TEXT SEARCH CONFIGURATION newsroom ALTER MAPPING FOR numword WITH unaccent, simple",
)
_PUNCTUATION = "[!-/:-@\\[-`{-~]+"


def _weighed(column: str, weight: str) -> str:
    words = f"to_tsvector('newsroom', regexp_replace({column}, '{_PUNCTUATION}', ' ', 'g'))"
    return f"setweight({words}, '{weight}')"


_WEIGHED = " || ".join(_weighed(column, weight) for column, weight in (("title", "A"), ("words", "B"), ("labels", "C")))

_STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' OR name LIKE %s",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE indexname LIKE %s",
}


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the indexes and their triggers that should be in the database and are not."""
    wanted = {index.name for index in INDEXES}
    if connection.vendor == "sqlite":
        wanted |= {name for index in INDEXES for name in index.triggers}
    return wanted - _standing(connection)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put back what is missing. Filling an index reads every text, so that is done only where something was missing or
    is made otherwise now.
    """
    if connection.vendor == "sqlite":
        for index in INDEXES:
            _install_fts5(connection, index)
        return
    lacking = missing(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_ts_config WHERE cfgname = 'newsroom'")
        language = () if not lacking or cursor.fetchone() else _POSTGRESQL_LANGUAGE
        for statement in (*language, *(made for index in INDEXES if index.name in lacking for made in index.gin)):
            cursor.execute(statement)


def rebuild(connection: BaseDatabaseWrapper, index: Index) -> None:
    """Make ``index`` anew from the texts that are kept for it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {index.name} ({index.name}) VALUES ('rebuild')")
        else:
            cursor.execute(f"REINDEX INDEX {index.name}")


def _standing(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor], ["articles_%text_found"])
        return {row[0] for row in cursor.fetchall()}


def _install_fts5(connection: BaseDatabaseWrapper, index: Index) -> None:
    missing_triggers = set(index.triggers) - _standing(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [index.name])
        made = (cursor.fetchone() or [""])[0]
        if made == index.fts5 and not missing_triggers:
            return
        if made != index.fts5:
            cursor.execute(f"DROP TABLE IF EXISTS {index.name}")
            cursor.execute(index.fts5)
        for name in missing_triggers:
            cursor.execute(f"CREATE TRIGGER {name} {index.triggers[name]}")
    rebuild(connection, index)
