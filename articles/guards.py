"""What the database itself refuses: overlapping intervals, changed records and sealed texts, versions that count down.

Django remakes SQLite tables when it migrates them and silently drops their triggers, so all of them live here:
``install`` runs after every migration (see apps.py) and ``missing`` feeds a system check. What the searches read hangs
on triggers too (see fulltext), so it is put in its place together with these.
"""

from datetime import datetime
from typing import Any

from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from articles import fulltext

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

_STANDING = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION SELECT conname FROM pg_constraint WHERE contype = 'x'""",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every guard in its place, replacing those that are there, and what is missing of the searches' indexes."""
    lift(connection)
    with connection.cursor() as cursor:
        for statement in _installation(connection.vendor):
            cursor.execute(statement)
    fulltext.install(connection)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away: only for tests that empty their tables, and for ``install``."""
    with connection.cursor() as cursor:
        for statement in _removal(connection.vendor):
            cursor.execute(statement)


def missing(connection: BaseDatabaseWrapper) -> set[str]:
    """The names of the guards that should be in the database and are not."""
    guards = {*_SQLITE} if connection.vendor == "sqlite" else {*_POSTGRESQL, _EXCLUSION}
    return guards - _standing(connection) | fulltext.missing(connection)


def part(now: datetime) -> dict[str, Any]:
    """For the status: whether the indexes of both searches, and all else that the database refuses by, are there."""
    lost = sorted(missing(default_connection))
    said: dict[str, Any] = {"title": _("Search and guards"), "says": _("All indexes and guards stand.")}
    if lost:
        said["says"] = _("Lost: %(names)s.") % {"names": ", ".join(lost)}
        said["do"] = _("Run manage.py migrate: it puts every index and guard back.")
    return said


def _standing(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDING[connection.vendor])
        return {row[0] for row in cursor.fetchall()}


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
