"""What one transaction adds and changes, gathered and written in few statements. 记账页。

The statements are SQLAlchemy's, compiled once for each set of columns; the rows go to the driver
by themselves, because binding each value through the library cost a third of the writer's time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, func, select
from sqlalchemy.sql.compiler import SQLCompiler

from ledger import log_schema, postgres
from ledger.columns import writer_of
from ledger.schema import KEY_BLOCK, alerts, cases, deliveries, metadata, obligations

assert log_schema.metadata is metadata  # all tables of the book, not only those named here
_KEYED = tuple(table for table in metadata.sorted_tables if "id" in table.c)
_HIGHEST = select(*(select(func.max(each.c.id)).scalar_subquery() for each in _KEYED))
_PLANS_MAX = 512
_NONE: Iterator[int] = iter(())
_SHOWN = (alerts, cases, deliveries, obligations)  # what an open board shows
BOARD = "board"


class Sheet:
    """Rows to add and columns to change, written by `flush` with one statement per table.

    Keys are given out here, so that rows of one sheet can name each other. In SQLite they go on
    from the highest in the table: the transaction holds the write lock from its first word. In
    PostgreSQL they come in blocks of a sequence, and what is not used of a block is left out.
    """

    def __init__(self, connection: Connection) -> None:
        """Start an empty sheet on a connection that is inside a transaction."""
        self.connection = connection
        self._is_shared = connection.dialect.name == postgres.NAME
        self._added: dict[Table, dict[int, dict[str, Any]]] = defaultdict(dict)
        self._changed: dict[tuple[Table, int], dict[str, Any]] = defaultdict(dict)
        self._keys: dict[Table, Iterator[int]] = {}
        self._woken: set[str] = set()

    def add(self, table: Table, **row: Any) -> int:
        """Add a row; columns not named are null. Returns its key."""
        key = next(self._keys.get(table, _NONE), None)
        if key is None:
            self._take_keys(table)
            key = next(self._keys[table])
        row["id"] = key
        self._added[table][key] = row
        return key

    def change(self, table: Table, key: int, **columns: Any) -> None:
        """Change columns of a row: one already in the book, or one added on this sheet."""
        added = self._added.get(table)
        if added and key in added:
            added[key].update(columns)
            return
        self._changed[table, key].update(columns)

    def wake(self, part: str) -> None:
        """Tell the processes that listen for `part`, once the transaction has committed."""
        if self._is_shared:
            self._woken.add(part)

    def flush(self) -> None:
        """Write all of it."""
        if self._is_shared and any(self._added.get(table) for table in _SHOWN):
            self._woken.add(BOARD)
        dialect = self.connection.dialect
        for table in metadata.sorted_tables:
            rows = self._added.get(table)
            if rows:
                self._write(_inserting(dialect, table), rows.values())
        for (table, names), changes in self._changes_alike().items():
            if self._is_shared and table in _SHOWN:
                self._woken.add(BOARD)
            self._write(_updating(dialect, table, names), changes)
        self._added.clear()
        self._changed.clear()
        if self._woken:
            calls = ", ".join(f"pg_notify('jibao_{part}', '')" for part in sorted(self._woken))
            self.connection.exec_driver_sql(f"SELECT {calls}")
            self._woken.clear()

    def _take_keys(self, table: Table) -> None:
        if self._is_shared:
            self._take_blocks(table)
            return
        # One question for all tables: ten small ones were a fifth of a lone emergency's time.
        highest = self.connection.execute(_HIGHEST).one()
        self._keys = {
            each: count((key or 0) + 1) for each, key in zip(_KEYED, highest, strict=True)
        }

    def _take_blocks(self, table: Table) -> None:
        """Take a block for each table at the first need; a round trip costs more than keys."""
        wanted = (table,) if self._keys else _KEYED
        calls = ", ".join(f"nextval('{each.name}_keys')" for each in wanted)
        starts = self.connection.exec_driver_sql(f"SELECT {calls}").one()
        for each, start in zip(wanted, starts, strict=True):
            self._keys[each] = iter(range(start, start + KEY_BLOCK))

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
