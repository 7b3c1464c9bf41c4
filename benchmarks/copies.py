"""Makes a filled newsroom many times larger: each story again, under other numbers, addresses and dates.

Rows are copied as the database has them, which takes a small part of the time that writing them through models takes.
What binds rows together is made anew: keys, digests, the chain of events, and the indexes of words at the end.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy as copied
from datetime import datetime, timedelta
from typing import Any

# What belongs to a story, in an order in which it can be written.
_COPIED = (
    *("Article", "Revision", "Byline", "TaggedArticle", "Placement", "Address", "Publication", "Correction"),
    *("SectionListing", "TopicListing", "AuthorListing", "DeskText", "ReaderText"),
)
_FINISHED = ("ready", "spiked")
_SLUG = re.compile(r'"slug": "[^"]+(?=")')


def multiply(times: int, *, within: timedelta, instead: Mapping[str, str], told: Callable[[int], None]) -> None:
    """Have every story ``times`` times in all, the copies dated ``within`` the time after it.

    ``instead`` gives words that no copy has, and what each has there. ``told`` hears of each copy that is done.
    """
    from django.db import connection, transaction

    with _without_indexes(connection):
        newsroom = _Newsroom(connection, instead)
        for copy in range(1, times):
            with transaction.atomic():
                newsroom.write(copy, within * copy / times)
            told(copy)
    _count_on(connection)


@contextmanager
def _without_indexes(connection) -> Iterator[None]:
    """Without what fills the indexes of words with each row: filled together at the end they take half the time."""
    from articles import fulltext

    with connection.cursor() as cursor:
        for index in fulltext.INDEXES:
            if connection.vendor == "sqlite":
                for name in index.triggers:
                    cursor.execute(f"DROP TRIGGER {name}")
            else:
                cursor.execute(f"DROP INDEX {index.name}")
    yield
    if connection.vendor == "postgresql":  # inside a transaction it changes no table before all keys are looked up
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    fulltext.install(connection)


def _count_on(connection) -> None:
    """PostgreSQL gives out keys by counters, which do not know of rows that came with theirs."""
    from django.apps import apps
    from django.core.management.color import no_style

    models = list(apps.get_app_config("articles").get_models())
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


class _Newsroom:
    """The stories as they were at first, and how they are written once more."""

    def __init__(self, connection, instead: Mapping[str, str]) -> None:
        from django.apps import apps

        from articles.live import composed
        from articles.models import Event, Publication

        self.connection, self.instead = connection, instead
        models = [apps.get_model("articles", name) for name in _COPIED]
        self.tables = [_Table(connection, model, instead) for model in models]
        self.shown = {row["id"]: row for row in Publication.objects.values("id", "manuscript", *composed.COLUMNS)}
        self.published = set(Publication.objects.values_list("article_id", flat=True))
        self.events = list(Event.objects.filter(subject_kind="article").order_by("number"))

    def write(self, copy: int, later: timedelta) -> None:
        """In a transaction of the caller's."""
        apart = {table.model: table.span * copy for table in self.tables}
        with self.connection.cursor() as cursor:
            for table in self.tables:
                rows = table.again(copy, later, apart)
                if table.model.__name__ == "Article":
                    self._finish(table, rows)
                    self._record(apart[table.model], later)
                if table.model.__name__ == "Publication":
                    self._compose(table, rows, later)
                cursor.executemany(table.insert, rows)

    def _finish(self, table: "_Table", rows: list[list[Any]]) -> None:
        """However many stories there are, people work on no more of them at a time."""
        key, held = table.columns.index("id"), table.columns.index("state")
        for row, before in zip(rows, table.rows, strict=True):
            if before[held] not in _FINISHED:
                row[held] = "ready" if before[key] in self.published else "spiked"

    def _compose(self, table: "_Table", rows: list[list[Any]], later: timedelta) -> None:
        """The digest of what is shown, which says another date now."""
        from articles.live import composed

        key, held = table.columns.index("id"), table.columns.index("composed_digest")
        for row, before in zip(rows, table.rows, strict=True):
            shown = self.shown[before[key]]
            now = {name: shown[name] + later for name in ("dated_at", "modified_at")}
            now["body_html"] = _replaced(shown["body_html"], self.instead)
            row[held] = composed.digest(shown | now | composed.written(shown["manuscript"]))

    def _record(self, apart: int, later: timedelta) -> None:
        """Each event follows the one before."""
        from articles import audit
        from articles.models import Chain, Event

        chain = Chain.objects.get(name=audit.CHAIN)
        events = [copied(event) for event in self.events]
        for event in events:
            event.pk, event.number, event.previous = None, chain.length + 1, chain.head
            event.subject_key, event.at = str(int(event.subject_key) + apart), event.at + later
            event.digest = audit.digest(event)
            chain.length, chain.head = event.number, event.digest
        Event.objects.bulk_create(events)
        chain.save()


class _Table:
    """The rows of one model, and what becomes of each column in a copy."""

    def __init__(self, connection, model, instead: Mapping[str, str]) -> None:
        self.model, self.instead = model, instead
        self.fields = [each for each in model._meta.local_concrete_fields if not each.generated]
        self.columns = [each.column for each in self.fields]
        quoted = ", ".join(f'"{column}"' for column in self.columns)
        table, marks = model._meta.db_table, ", ".join(["%s"] * len(self.columns))
        self.insert = f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})'  # noqa: S608  names of ours
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {quoted} FROM "{table}" ORDER BY 1')  # noqa: S608  the same
            self.rows = cursor.fetchall()
        self.span = max((row[0] for row in self.rows), default=0)

    def again(self, copy: int, later: timedelta, apart: Mapping[type, int]) -> list[list[Any]]:
        """The rows as they are in that copy; ``apart`` is what is added to the keys of each model."""
        rows = [list(row) for row in self.rows]
        for at, each in enumerate(self.fields):
            change = self._change(each, copy, later, apart)
            if change:
                for row in rows:
                    row[at] = None if row[at] is None else change(row[at])
        return rows

    def _change(self, each, copy: int, later: timedelta, apart: Mapping[type, int]) -> Callable[[Any], Any] | None:
        """What becomes of a value of that field; None where it stays as it is."""
        from django.db import models

        of = each.related_model or (self.model if each.primary_key else None)
        if (self.model.__name__, each.name) == ("ReaderText", "place"):
            return _farther(later, apart[each.model.publication.field.related_model])
        if of in apart:
            return lambda key: key + apart[of]
        if isinstance(each, models.DateTimeField):
            return lambda moment: _later(moment, later)
        if isinstance(each, models.UUIDField):
            return lambda uid: _other(uid, copy)
        if (self.model.__name__, each.name) == ("DeskText", "words"):  # the slug comes last
            return lambda words: f"{_replaced(words, self.instead)}-{copy}"
        return {
            "slug": lambda slug: f"{slug}-{copy}",
            "path": lambda path: f"{path[:-1]}-{copy}/",
            "manuscript": lambda text: _SLUG.sub(rf"\g<0>-{copy}", _replaced(text, self.instead), count=1),
            "body": lambda text: _replaced(text, self.instead),
            "body_html": lambda text: _replaced(text, self.instead),
            "words": lambda text: _replaced(text, self.instead),
        }.get(each.name)


def _farther(later: timedelta, apart: int) -> Callable[[int], int]:
    """The place of a publication in all lists is made of its date and its key (live.indexing)."""
    from articles.live import indexing

    distance = indexing.place(indexing.dated(0) + later, apart)
    return lambda place: place + distance


def _later(moment: Any, later: timedelta) -> Any:
    """SQLite has its moments as text. What is open has no end in a copy either."""
    from articles.models import FAR_FUTURE

    if isinstance(moment, str):
        at = datetime.fromisoformat(moment)
        return moment if at.year == FAR_FUTURE.year else (at + later).isoformat(" ")
    return moment if moment == FAR_FUTURE else moment + later


def _other(uid: Any, copy: int) -> Any:
    """SQLite has its UUIDs as text."""
    other = uuid.UUID(int=uuid.UUID(str(uid)).int ^ (copy << 80), version=4)
    return other.hex if isinstance(uid, str) else other


def _replaced(text: str, instead: Mapping[str, str]) -> str:
    for word, other in instead.items():
        text = text.replace(word, other) if word in text else text
    return text
