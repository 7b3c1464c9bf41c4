"""Carrying all rows from one database to another, by Django's models; each is read again where it has come to."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import checks
from django.core.management.sql import emit_post_migrate_signal
from django.db import DatabaseError, connections, models, transaction
from django.utils.module_loading import import_string

AT_ONCE = 500  # rows
TELL_EACH = 10_000  # rows

Table = type[models.Model]


class Lost(Exception):
    """A row is not there as it is here; the message says which."""


def tables() -> list[Table]:
    """The models that have a table of their own, those between two others included."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def in_use(using: str) -> list[str]:
    """What shows that a database is no new one: strange tables, or rows that ``migrate`` does not make."""
    connection = connections[using]
    standing = set(connection.introspection.table_names())
    if standing and "django_migrations" not in standing:
        return sorted(standing)
    told = [model for model in tables() if model._meta.label_lower not in settings.FILLED_BY_MIGRATE]
    with connection.cursor() as cursor:
        return [model._meta.db_table for model in told if model._meta.db_table in standing and _has_rows(cursor, model)]


def _has_rows(cursor: Any, model: Table) -> bool:
    """Asked in plain SQL: the table may still have the columns of an older version."""
    cursor.execute(f"SELECT 1 FROM {cursor.db.ops.quote_name(model._meta.db_table)} LIMIT 1")  # noqa: S608  our own
    return cursor.fetchone() is not None


def hold(models_: Iterable[Table], using: str) -> None:
    """Let nobody write until the transaction ends. On SQLite every transaction does that."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models_)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN SHARE MODE")


def carry_all(here: str, there: str, *, tell: Callable[[str], None]) -> int:
    """Copy all rows into a database of the same migrations and prove them, or leave none there. Raises Lost.

    Returns how many there are.
    """
    with transaction.atomic(here), transaction.atomic(there):
        every = tables()
        hold(every, here)
        for model in every:
            empty(model, there)
        rows = sum(_carry_told(model, here, there, tell) for model in every)
        connections[there].check_constraints()
        for model in every:
            count_on(model, here, there)
        prove(there)
    return rows


def _carry_told(model: Table, here: str, there: str, tell: Callable[[str], None]) -> int:
    name, done = model._meta.db_table, 0
    expected = model._base_manager.using(here).count()
    try:
        for number in carry(model, here, there):
            if done // TELL_EACH < (done + number) // TELL_EACH:
                tell(f"  {name}: {done + number} of {expected}")
            done += number
    except (DatabaseError, ValueError) as fault:
        raise Lost(f"{name}, after {done} rows: {fault}") from fault
    came = model._base_manager.using(there).count()
    if not came == done == expected:
        raise Lost(f"{name} has {expected} rows here and {came} there.")
    if came:
        tell(f"{name}: {came} rows")
    return came


def settle(there: str) -> None:
    """Put guards and searches in their places, as after each migration."""
    ContentType.objects.clear_cache()
    emit_post_migrate_signal(verbosity=0, interactive=False, db=there)


def prove(there: str) -> None:
    """Settle it, then ask for the proofs. Raises Lost."""
    settle(there)
    said = [*missing(there), *filter(None, (import_string(name)(there) for name in settings.MOVE_PROOFS))]
    if said:
        raise Lost(" ".join(said))


def missing(using: str) -> list[str]:
    """What the system checks find wrong with a database, as sentences."""
    found = checks.run_checks(tags=[checks.Tags.database], databases=[using])
    return [fault.msg for fault in found if fault.level >= checks.ERROR]


def carry(model: Table, here: str, there: str) -> Iterator[int]:
    """Copy all rows of a table, keys and all, and give the number of each batch. Raises Lost."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    size = min(AT_ONCE, connections[there].ops.bulk_batch_size(fields, range(AT_ONCE)))
    rows = model._base_manager.using(here).order_by("pk").iterator(chunk_size=size)
    while batch := list(islice(rows, size)):
        # Raw: as the row is, with the moments at which it was made, and no look at the files that it names.
        model._base_manager._insert(batch, fields=fields, using=there, raw=True)  # type: ignore[attr-defined]
        _compare(model, batch, fields, there)
        yield len(batch)


def _compare(model: Table, batch: list[models.Model], fields: list[models.Field], there: str) -> None:
    # Without an order: one by another table would leave out the rows whose partner has not come yet.
    came = model._base_manager.using(there).order_by().in_bulk([row.pk for row in batch])
    for row in batch:
        if row.pk not in came:
            raise Lost(f"{model._meta.db_table}: the row {row.pk} did not come.")
        for field in fields:
            if field.value_from_object(row) != field.value_from_object(came[row.pk]):
                raise Lost(f"{model._meta.db_table}: in the row {row.pk}, {field.column} came as something else.")


def empty(model: Table, using: str) -> None:
    """Take out what ``migrate`` has put there: its like comes from the other database, with other keys."""
    model._base_manager.using(using).all()._raw_delete(using)


def count_on(model: Table, here: str, there: str) -> None:
    """Let new rows have keys that no row ever had: the record names also what was deleted by its key."""
    key = model._meta.auto_field
    if key is None:
        return
    column = str(key.column)
    largest = model._base_manager.using(there).aggregate(largest=models.Max("pk"))["largest"] or 0
    _set_last_key(model, max(largest, _last_key(model, column, here)), column, there)


def _last_key(model: Table, column: str, using: str) -> int:
    connection, table = connections[using], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        else:
            sequence = [connection.ops.quote_name(table), column]
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", sequence)
        return cursor.fetchone()[0] or 0


def _set_last_key(model: Table, last: int, column: str, using: str) -> None:
    connection, table = connections[using], model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        elif last:
            sequence = [connection.ops.quote_name(table), column]
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*sequence, last])
