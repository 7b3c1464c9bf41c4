"""The address of a database as Django's options for it. Imports nothing that needs settings: they ask it."""

from pathlib import Path
from typing import Any

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent

SQLITE_OPTIONS = {
    # Whoever may write takes the write lock at once and waits for it; a lock asked for halfway is refused without
    # a wait. So no ATOMIC_REQUESTS: every page would take that lock.
    "transaction_mode": "IMMEDIATE",
    "timeout": 5,
    # Statements that each connection has ready. SQLite takes some 20 kB for one of a page's, and Python's 128 of them
    # filled slowly, in each thread: memory grew for a quarter of an hour (docs/performance.md).
    "cached_statements": 48,
    # FULL: a published story is on the disk when the editor reads "published", also after a power cut.
    # Half a megabyte of pages for each connection, and each thread has two; the system keeps the file for all of them.
    # 2 MB made no page measurably quicker, and two workers 12 MB larger; 20 MB and a mapped file, 180 MB larger
    # (docs/performance.md).
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
        "PRAGMA mmap_size=0;PRAGMA cache_size=-500;PRAGMA temp_store=MEMORY;"
    ),
}


def options(address: str) -> dict[str, Any]:
    """An entry of DATABASES. Raises ``ValueError`` with a sentence for an address that cannot be meant."""
    try:
        found: dict[str, Any] = dict(dj_database_url.parse(address))
    except ValueError as wrong:
        raise ValueError(f"is not the address of a database. {wrong}") from wrong
    # A gunicorn thread keeps its connection: opening one costs more than a page's queries.
    found["CONN_MAX_AGE"] = 60
    if found["ENGINE"].endswith(".sqlite3"):
        if found["NAME"] != ":memory:":
            found["NAME"] = str(BASE_DIR / found["NAME"])
        return found | {"OPTIONS": dict(SQLITE_OPTIONS)}
    if found["ENGINE"].endswith(".postgresql"):
        # The same patience as on SQLite: five seconds for a lock, then a sentence.
        patience = {"options": "-c lock_timeout=5s"}
        return found | {"OPTIONS": patience | found.get("OPTIONS", {}), "CONN_HEALTH_CHECKS": True}
    raise ValueError(
        f"begins with “{address.partition(':')[0]}:”. Newsroom keeps its data in SQLite (sqlite:///file) or PostgreSQL"
        " (postgres://user:password@host/name)."
    )


def grown(own: dict[str, Any], *, pool: int, replica: str) -> dict[str, dict[str, Any]]:
    """DATABASES: ``own``, with at most ``pool`` connections for all threads of a process, 0 for one each, and its
    replica at the address ``replica``. Raises ``ValueError`` with a sentence.
    """
    is_postgresql = own["ENGINE"].endswith(".postgresql")
    if pool < 0:
        raise ValueError(f"DATABASE_POOL is {pool}. Give the connections that each process may have, or 0 for no pool.")
    if (pool or replica) and not is_postgresql:
        name = "DATABASE_POOL" if pool else "DATABASE_REPLICA_URL"
        raise ValueError(f"{name} is set and DATABASE_URL names no PostgreSQL; SQLite has neither.")
    every = {"default": own}
    if replica:
        try:
            every["replica"] = options(replica)
        except ValueError as wrong:
            raise ValueError(f"DATABASE_REPLICA_URL {wrong}") from wrong
        if every["replica"]["ENGINE"] != own["ENGINE"]:
            raise ValueError("DATABASE_REPLICA_URL names no PostgreSQL, as DATABASE_URL does.")
    return {alias: _pooled(each, pool) for alias, each in every.items()} if pool else every


def _pooled(each: dict[str, Any], most: int) -> dict[str, Any]:
    """With a pool, which keeps connections and looks at them itself."""
    own = {"pool": {"min_size": 1, "max_size": most, "timeout": 5}}
    return each | {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False, "OPTIONS": each["OPTIONS"] | own}
