"""Questions that become SQL once, and are only asked after that.

Putting a page's query together costs Django ten times what the database takes to answer it. So a Question is built from
stand-ins, once for each kind of database and shape (of which types, how many, or nothing); later what is asked about
goes to the places where the stand-ins were found. Two sets of them must give the same SQL and lie in the same places,
or the question is refused: nothing that depends on a value can be remembered by mistake.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, Func, QuerySet, Subquery

from . import source

Row = tuple[Any, ...]
_MANY = (list, tuple)


class NotFixed(Exception):
    """A question's SQL depends on what is asked about, so it cannot be remembered."""


@dataclass(frozen=True)
class Form:
    """A question as SQL whose parameters have names: ``v`` and the place of a value, or those of ``constants``.

    Names, because Django looks through the whole text for the places of nameless ones each time it asks SQLite.
    """

    sql: str
    constants: Mapping[str, Any]
    converters: Sequence[tuple[int, Sequence[Callable], Any]]

    def ask(self, values: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Row]:
        named = {f"v{place}": value for place, value in enumerate(values)}
        with connection.cursor() as cursor:
            cursor.execute(self.sql, {**named, **self.constants})
            return cursor.fetchall()

    def converted(self, row: Row, connection: BaseDatabaseWrapper, only: Container[int] | None = None) -> list[Any]:
        """A row as Django's fields have it; where ``only`` some columns are asked for, the others as they came."""
        said = list(row)
        for column, converters, expression in self.converters:
            if only is None or column in only:
                for convert in converters:
                    said[column] = convert(said[column], expression, connection)
        return said


@dataclass(frozen=True)
class Answer:
    """``rows`` as the database gave them; whoever goes through the answer has them as Django's fields do."""

    rows: list[Row]
    form: Form | None
    connection: BaseDatabaseWrapper

    def __iter__(self) -> Iterator[list[Any]]:
        return map(self.converted, self.rows)

    def converted(self, row: Row, only: Container[int] | None = None) -> list[Any]:
        return self.form.converted(row, self.connection, only) if self.form else list(row)

    def first(self) -> list[Any] | None:
        return next(iter(self), None)


class Question:
    """Made from a function that gives a QuerySet with ``values`` or ``values_list``.

    What that takes by place are values: moments, numbers, texts, UUIDs, lists of one of these, or None. What it takes
    by name is part of the shape. A list is filled up with its last value to a power of two, so that there are few
    shapes: a question must not mind a value that comes twice.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self.build = build
        self.forms: dict[Any, Form | None] = {}

    def __call__(self, *about: Any, **fixed: Any) -> Answer:
        connection = source.connection()
        about = tuple(_filled_up(value) if isinstance(value, _MANY) else value for value in about)
        shape = (connection.vendor, *map(_shape, about), *fixed.items())
        if shape not in self.forms:
            self.forms[shape] = self._formed(connection, about, fixed)
        form, values = self.forms[shape], [_adapted(value, connection) for value in _flat(about)]
        return Answer(form.ask(values, connection) if form else [], form, connection)

    def _formed(self, connection: BaseDatabaseWrapper, about: Sequence[Any], fixed: dict[str, Any]) -> Form | None:
        """The question as SQL, or None where there is no answer whatever the values are."""
        try:
            first, second = (self._tried(connection, about, fixed, turn) for turn in (1, 2))
        except EmptyResultSet:
            return None
        if (first.sql, first.constants) != (second.sql, second.constants):
            raise NotFixed(f"{self.build.__qualname__} is another question with other values.")
        if any(f"%(v{place})s" not in first.sql for place in range(len(_flat(about)))):
            raise NotFixed(f"{self.build.__qualname__} does not ask about all that it is given.")
        return first

    def _tried(self, connection: BaseDatabaseWrapper, about: Sequence[Any], fixed: dict[str, Any], turn: int) -> Form:
        stand_ins = _stand_ins(about, turn)
        compiler = self.build(*stand_ins, **fixed).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        known = [_adapted(value, connection) for value in _flat(stand_ins)]
        names = [f"v{known.index(one)}" if one in known else f"c{place}" for place, one in enumerate(parameters)]
        constants = {name: one for name, one in zip(names, parameters, strict=True) if name[0] == "c"}
        named = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        return Form(named, constants, [(column, *told) for column, told in converters.items()])


class Together(Func):
    """The keys that any of ``querysets`` finds, each by its own index; for ``pk__in``.

    SQLite knows no order or limit inside a plain UNION, and PostgreSQL uses no index for an OR of such questions.
    """

    def __init__(self, *querysets: QuerySet) -> None:
        super().__init__(*(Subquery(each) for each in querysets), output_field=BigIntegerField())

    def as_sql(self, compiler, connection, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts: list[str] = []
        parameters: list[Any] = []
        for keys in self.get_source_expressions():
            try:
                sql, values = compiler.compile(keys)
            except EmptyResultSet:
                continue
            parts.append(f"SELECT * FROM {sql} AS part_{len(parts)}")  # noqa: S608  Django's own SQL, and a number
            parameters.extend(values)
        if not parts:
            raise EmptyResultSet
        return f"({' UNION ALL '.join(parts)})", parameters


def _filled_up(values: Sequence[Any]) -> list[Any]:
    size = 1 << (len(values) - 1).bit_length() if values else 0
    return [*values, *[*values[-1:]] * (size - len(values))]


def _shape(value: Any) -> Any:
    return (len(value), *map(type, value[:1])) if isinstance(value, _MANY) else type(value)


def _flat(about: Sequence[Any]) -> list[Any]:
    return [each for value in about if value is not None for each in (value if isinstance(value, _MANY) else (value,))]


def _adapted(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """``value`` as it goes to the database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _stand_ins(about: Sequence[Any], turn: int) -> list[Any]:
    """Values of the same shape, each unlike all others and unlike those of another ``turn``."""
    numbers = iter(range(turn * 1_000_000, (turn + 1) * 1_000_000))

    def instead(value: Any) -> Any:
        if value is None:
            return None
        return [instead(each) for each in value] if isinstance(value, _MANY) else _STAND_IN[type(value)](next(numbers))

    return [instead(value) for value in about]


_STAND_IN: dict[type, Callable[[int], Any]] = {
    datetime: lambda number: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(microseconds=number),
    int: lambda number: 1_900_000_000 + number,
    str: lambda number: f"«{number}»",
    UUID: lambda number: UUID(int=(0xFEED << 64) + number),
}
