"""What the database itself refuses: overlapping intervals, changed records and sealed texts, versions that count down.

Django remakes SQLite tables when it migrates them and silently drops their triggers, so all of them live here:
``install`` runs after every migration (see apps.py) and ``missing`` feeds a system check. The index that the desk's
search reads (see desk.finding) hangs on triggers too, so it stands here as well.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_FROZEN = (
    "article_id, number, kind, revision_id, change, note, fingerprint, manuscript, headline, standfirst,"
    " pictures, bylines, published_at, published_by_id, dated_at"
)

_SQLITE = {
    "guard_interval_insert": """
        BEFORE INSERT ON articles_publication WHEN NEW.parked_at IS NULL AND EXISTS (
            SELECT 1 FROM articles_publication p WHERE p.article_id = NEW.article_id AND p.parked_at IS NULL
            AND p.live_from < NEW.live_until AND NEW.live_from < p.live_until)
        BEGIN SELECT RAISE(ABORT, 'guard: two publications of one story overlap'); END""",
    "guard_interval_update": """
        BEFORE UPDATE OF live_from, live_until, parked_at, article_id ON articles_publication
        WHEN NEW.parked_at IS NULL AND EXISTS (
            SELECT 1 FROM articles_publication p WHERE p.article_id = NEW.article_id AND p.id <> NEW.id
            AND p.parked_at IS NULL AND p.live_from < NEW.live_until AND NEW.live_from < p.live_until)
        BEGIN SELECT RAISE(ABORT, 'guard: two publications of one story overlap'); END""",
    "guard_publication_words": f"""
        BEFORE UPDATE OF {_FROZEN} ON articles_publication
        BEGIN SELECT RAISE(ABORT, 'guard: published words never change'); END""",
    "guard_publication_delete": """
        BEFORE DELETE ON articles_publication
        BEGIN SELECT RAISE(ABORT, 'guard: publications are never deleted'); END""",
    "guard_event_update": """
        BEFORE UPDATE ON articles_event BEGIN SELECT RAISE(ABORT, 'guard: events never change'); END""",
    "guard_event_delete": """
        BEFORE DELETE ON articles_event BEGIN SELECT RAISE(ABORT, 'guard: events are never deleted'); END""",
    "guard_revision_update": """
        BEFORE UPDATE ON articles_revision WHEN OLD.sealed_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'guard: a sealed revision never changes'); END""",
    "guard_revision_delete": """
        BEFORE DELETE ON articles_revision BEGIN SELECT RAISE(ABORT, 'guard: revisions are never deleted'); END""",
    "guard_address_delete": """
        BEFORE DELETE ON articles_address BEGIN SELECT RAISE(ABORT, 'guard: addresses are never deleted'); END""",
    "guard_article_version": """
        BEFORE UPDATE OF version ON articles_article WHEN NEW.version < OLD.version
        BEGIN SELECT RAISE(ABORT, 'guard: versions count up'); END""",
    "guard_image_version": """
        BEFORE UPDATE OF version ON articles_image WHEN NEW.version < OLD.version
        BEGIN SELECT RAISE(ABORT, 'guard: versions count up'); END""",
}

# name: (table, when, condition, message)
_POSTGRESQL = {
    "guard_publication_words": (
        "articles_publication",
        f"BEFORE UPDATE OF {_FROZEN}",
        "true",
        "guard: published words never change",
    ),
    "guard_publication_delete": (
        "articles_publication",
        "BEFORE DELETE",
        "true",
        "guard: publications are never deleted",
    ),
    "guard_event_update": ("articles_event", "BEFORE UPDATE", "true", "guard: events never change"),
    "guard_event_delete": ("articles_event", "BEFORE DELETE", "true", "guard: events are never deleted"),
    "guard_revision_update": (
        "articles_revision",
        "BEFORE UPDATE",
        "OLD.sealed_at IS NOT NULL",
        "guard: a sealed revision never changes",
    ),
    "guard_revision_delete": ("articles_revision", "BEFORE DELETE", "true", "guard: revisions are never deleted"),
    "guard_address_delete": ("articles_address", "BEFORE DELETE", "true", "guard: addresses are never deleted"),
    "guard_article_version": (
        "articles_article",
        "BEFORE UPDATE OF version",
        "NEW.version < OLD.version",
        "guard: versions count up",
    ),
    "guard_image_version": (
        "articles_image",
        "BEFORE UPDATE OF version",
        "NEW.version < OLD.version",
        "guard: versions count up",
    ),
}
_EXCLUSION = "guard_interval"

_INDEX = "articles_desktext_found"

# On SQLite: an FTS5 table that keeps no text of its own, and what tells it of each change.
_SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE articles_desktext_found USING fts5(title, words, labels, content='articles_desktext',"
    " content_rowid='article_id', tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')"
)
_FORGET = """INSERT INTO articles_desktext_found (articles_desktext_found, rowid, title, words, labels)
            VALUES ('delete', OLD.article_id, OLD.title, OLD.words, OLD.labels);"""
_LEARN = """INSERT INTO articles_desktext_found (rowid, title, words, labels)
            VALUES (NEW.article_id, NEW.title, NEW.words, NEW.labels);"""
_SQLITE_INDEXING = {
    "desk_text_added": f"AFTER INSERT ON articles_desktext BEGIN {_LEARN} END",
    "desk_text_removed": f"AFTER DELETE ON articles_desktext BEGIN {_FORGET} END",
    "desk_text_changed": f"""AFTER UPDATE OF title, words, labels ON articles_desktext
        WHEN (OLD.title, OLD.words, OLD.labels) <> (NEW.title, NEW.words, NEW.labels)
        BEGIN {_FORGET} {_LEARN} END""",
}

# On PostgreSQL: a column that the database derives, and an index on it. The words are stemmed as in English, but none
# is left out: “IS” is an organisation here. Punctuation divides words, as FTS5 has it: “F-35” is “F” beside “35”.
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
_POSTGRESQL_INDEX = (
    f"ALTER TABLE articles_desktext ADD COLUMN IF NOT EXISTS found tsvector GENERATED ALWAYS AS ({_WEIGHED}) STORED",
    "CREATE INDEX articles_desktext_found ON articles_desktext USING gin (found)",
)

_STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' OR name = 'articles_desktext_found'",
    "postgresql": """
        SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION SELECT conname FROM pg_constraint WHERE contype = 'x'
        UNION SELECT indexname FROM pg_indexes WHERE indexname = 'articles_desktext_found'""",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in its place, replacing those that are there, and the search's index where it is not whole."""
    lift(connection)
    with connection.cursor() as cursor:
        for statement in _installation(connection.vendor):
            cursor.execute(statement)
    _install_index(connection)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away: only for tests that empty their tables, and for ``install``."""
    with connection.cursor() as cursor:
        for statement in _removal(connection.vendor):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the guards that should be in the database and are not."""
    if connection.vendor == "sqlite":
        return {*_SQLITE, *_SQLITE_INDEXING, _INDEX} - _standing(connection)
    return {*_POSTGRESQL, _EXCLUSION, _INDEX} - _standing(connection)


def rebuild_index(connection: BaseDatabaseWrapper) -> None:
    """Make the search's index anew from the texts that are kept for it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO articles_desktext_found (articles_desktext_found) VALUES ('rebuild')")
        else:
            cursor.execute("REINDEX INDEX articles_desktext_found")


def _standing(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        return {row[0] for row in cursor.fetchall()}


def _install_index(connection: BaseDatabaseWrapper) -> None:
    """Filling it reads every text, so that is done only where something of it was missing or is made otherwise now."""
    if connection.vendor == "sqlite":
        _install_fts5(connection)
    elif _INDEX not in _standing(connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_ts_config WHERE cfgname = 'newsroom'")
            language = () if cursor.fetchone() else _POSTGRESQL_LANGUAGE
            for statement in (*language, *_POSTGRESQL_INDEX):
                cursor.execute(statement)


def _install_fts5(connection: BaseDatabaseWrapper) -> None:
    missing_triggers = set(_SQLITE_INDEXING) - _standing(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [_INDEX])
        made = (cursor.fetchone() or [""])[0]
        if made == _SQLITE_INDEX and not missing_triggers:
            return
        if made != _SQLITE_INDEX:
            cursor.execute("DROP TABLE IF EXISTS articles_desktext_found")
            cursor.execute(_SQLITE_INDEX)
        for name in missing_triggers:
            cursor.execute(f"CREATE TRIGGER {name} {_SQLITE_INDEXING[name]}")
    rebuild_index(connection)


def _installation(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"CREATE TRIGGER {name} {definition}" for name, definition in _SQLITE.items()]
    overlap = (
        f"ALTER TABLE articles_publication ADD CONSTRAINT {_EXCLUSION} EXCLUDE USING gist"
        " (article_id WITH =, tstzrange(live_from, live_until) WITH &&) WHERE (parked_at IS NULL)"
    )
    refuse = (
        "CREATE OR REPLACE FUNCTION guard_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = (
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW WHEN ({condition})"
        f" EXECUTE FUNCTION guard_refuse('{message}')"
        for name, (table, when, condition, message) in _POSTGRESQL.items()
    )
    return ["CREATE EXTENSION IF NOT EXISTS btree_gist", overlap, refuse, *triggers]


def _removal(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in _SQLITE]
    return [
        f"ALTER TABLE articles_publication DROP CONSTRAINT IF EXISTS {_EXCLUSION}",
        *(f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, (table, *_rest) in _POSTGRESQL.items()),
    ]
