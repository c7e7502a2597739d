"""What one transaction adds and changes, gathered and written in few statements. 记账页。

The statements are SQLAlchemy's, compiled once for each set of columns; the rows go to the driver
by themselves, because binding each value through the library cost a third of the writer's time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Table, bindparam
from sqlalchemy.sql.compiler import SQLCompiler

from ledger import postgres
from ledger.columns import writer_of
from ledger.keys import Above, InOrder
from ledger.schema import alerts, cases, deliveries, obligations

_PLANS_MAX = 512
_SHOWN = (alerts, cases, deliveries, obligations)  # what an open board shows
BOARD = "board"


class Sheet:
    """Rows to add and columns to change, written by `flush` with one statement per table.

    Keys are given out at once, so that rows of one sheet can name each other.
    """

    def __init__(self, connection: Connection) -> None:
        """Start an empty sheet on a connection that is inside a transaction."""
        self.connection = connection
        self._is_shared = connection.dialect.name == postgres.NAME
        self._added: dict[Table, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._changed: dict[tuple[Table, int], dict[str, Any]] = defaultdict(dict)
        self._next_key: Callable[[Table], int]
        if self._is_shared:
            self._next_key = InOrder(connection).next
        else:
            self._next_key = Above(connection).next
        self._woken: dict[str, datetime | None] = {}

    def add(self, table: Table, **row: Any) -> int:
        """Add a row; columns not named are null. Returns its key."""
        row["id"] = key = self._next_key(table)
        self._added[table][key] = row
        return key

    def change(self, table: Table, key: int, **columns: Any) -> None:
        """Change columns of a row: one already in the book, or one added on this sheet."""
        added = self._added.get(table)
        if added and key in added:
            added[key].update(columns)
            return
        self._changed[table, key].update(columns)

    def holds(self, table: Table, uid: UUID) -> bool:
        """Say whether a row of this id was added that is not yet in the book."""
        return any(row.get("uid") == uid for row in self._added.get(table, {}).values())

    def wake(self, part: str, at: datetime | None = None) -> None:
        """Tell the processes that listen for `part`, once the transaction has committed.

        `at` is the earliest instant that concerns them: they may sleep until then.
        """
        if self._is_shared:
            before = self._woken.get(part)
            self._woken[part] = min(at, before) if at and before else at or before

    def flush(self) -> None:
        """Write all of it."""
        if not self._is_shared:
            self._write_all()
        elif self._added or self._changed or self._woken:
            with postgres.pipelined(self.connection):
                self._write_all()
                self._tell()

    def _write_all(self) -> None:
        dialect = self.connection.dialect
        for table in sorted(self._added, key=lambda each: each.name):
            self._write(_inserting(dialect, table), self._added[table].values())
        for (table, names), changes in self._changes_alike().items():
            self._write(_updating(dialect, table, names), changes)
        if any(table in _SHOWN for table in (*self._added, *(each for each, _ in self._changed))):
            self.wake(BOARD)
        self._added.clear()
        self._changed.clear()

    def _tell(self) -> None:
        if self._woken:
            calls = ", ".join(
                f"pg_notify('jibao_{part}', '{at.isoformat() if at else ''}')"
                for part, at in sorted(self._woken.items())
            )
            self.connection.exec_driver_sql(f"SELECT {calls}")
            self._woken.clear()

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
    names: tuple[str, ...] = ()  # of the marks, where the driver wants them

    def bound(self, row: Mapping[str, Any]) -> Any:
        """Return the row's values: in the order of the marks, or by their names."""
        values = (
            row.get(name) if write is None else write(row.get(name)) for name, write in self.marks
        )
        return dict(zip(self.names, values, strict=True)) if self.names else tuple(values)


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
    marks = tuple(compiled.positiontup or compiled.params)
    names = (mark.removeprefix(prefix) for mark in marks)
    writers = tuple((name, writer_of(table.c[name].type, dialect)) for name in names)
    return _Plan(str(compiled), writers, () if compiled.positiontup else marks)
