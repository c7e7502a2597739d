"""What one transaction adds and changes, gathered and written in few statements. 记账页。

The statements are SQLAlchemy's, compiled once for each set of columns; the rows go to the driver
by themselves, because binding each value through the library cost a third of the writer's time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, func, select
from sqlalchemy.sql.compiler import SQLCompiler

from ledger.columns import writer_of
from ledger.schema import metadata

_KEYED = tuple(table for table in metadata.sorted_tables if "id" in table.c)
_HIGHEST = select(*(select(func.max(each.c.id)).scalar_subquery() for each in _KEYED))
_PLANS_MAX = 512


class Sheet:
    """Rows to add and columns to change, written by `flush` with one statement per table.

    Keys are given out here, above the highest in the table: the transaction holds the write
    lock from its first word, so nobody else can take them.
    """

    def __init__(self, connection: Connection) -> None:
        """Start an empty sheet on a connection that is inside a transaction."""
        self.connection = connection
        self._added: dict[Table, list[dict[str, Any]]] = defaultdict(list)
        self._changed: dict[tuple[Table, int], dict[str, Any]] = defaultdict(dict)
        self._next: dict[Table, int] = {}

    def add(self, table: Table, **row: Any) -> int:
        """Add a row; columns not named are null. Returns its key."""
        if not self._next:
            # One question for all tables: ten small ones were a fifth of a lone emergency's time.
            highest = self.connection.execute(_HIGHEST).one()
            self._next = {each: (key or 0) + 1 for each, key in zip(_KEYED, highest, strict=True)}
        key = self._next[table]
        self._next[table] = key + 1
        row["id"] = key
        self._added[table].append(row)
        return key

    def change(self, table: Table, key: int, **columns: Any) -> None:
        """Change columns of a row: one already in the book, or one added on this sheet."""
        added = self._added.get(table)
        if added and added[0]["id"] <= key:
            added[key - added[0]["id"]].update(columns)
            return
        self._changed[table, key].update(columns)

    def flush(self) -> None:
        """Write all of it."""
        dialect = self.connection.dialect
        for table in metadata.sorted_tables:
            rows = self._added.get(table)
            if rows:
                self._write(_inserting(dialect, table), rows)
        for (table, names), rows in self._changes_alike().items():
            self._write(_updating(dialect, table, names), rows)
        self._added.clear()
        self._changed.clear()

    def _write(self, plan: "_Plan", rows: Iterable[Mapping[str, Any]]) -> None:
        self.connection.exec_driver_sql(plan.sql, [plan.bound(row) for row in rows])

    def _changes_alike(self) -> dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]]:
        """Each row's changes as one, gathered with those of rows that change the same columns."""
        alike = defaultdict(list)
        for (table, key), columns in self._changed.items():
            alike[table, tuple(sorted(columns))].append(columns | {"id": key})
        return alike


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement as the driver takes it: its words, and for each mark a column and its writer."""

    sql: str
    marks: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def bound(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the row's values in the order of the marks."""
        return tuple(
            row.get(name) if write is None else write(row.get(name)) for name, write in self.marks
        )


@lru_cache(_PLANS_MAX)
def _inserting(dialect: Dialect, table: Table) -> _Plan:
    return _plan(table.insert().compile(dialect=dialect), dialect, table, "")


@lru_cache(_PLANS_MAX)
def _updating(dialect: Dialect, table: Table, names: tuple[str, ...]) -> _Plan:
    values: dict[str, Any] = {name: bindparam(f"_{name}") for name in names}
    statement = table.update().where(table.c.id == bindparam("_id")).values(values)
    return _plan(statement.compile(dialect=dialect), dialect, table, "_")


def _plan(compiled: Any, dialect: Dialect, table: Table, prefix: str) -> _Plan:
    assert isinstance(compiled, SQLCompiler)
    assert compiled.positiontup is not None, "a driver whose marks have names"
    names = tuple(mark.removeprefix(prefix) for mark in compiled.positiontup)
    marks = tuple((name, writer_of(table.c[name].type, dialect)) for name in names)
    return _Plan(str(compiled), marks)
