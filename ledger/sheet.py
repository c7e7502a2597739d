"""What one transaction adds and changes, gathered and written in few statements. 记账页。"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, select

from ledger.schema import metadata

_KEYED = tuple(table for table in metadata.sorted_tables if "id" in table.c)
_HIGHEST = select(*(select(func.max(each.c.id)).scalar_subquery() for each in _KEYED))


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
        for table in metadata.sorted_tables:
            rows = self._added.get(table)
            if rows:
                columns = table.columns.keys()
                self.connection.execute(
                    table.insert(), [{name: row.get(name) for name in columns} for row in rows]
                )
        for (table, names), changes in self._changes_alike().items():
            values: Mapping[str, Any] = {name: bindparam(f"_{name}") for name in names}
            self.connection.execute(
                table.update().where(table.c.id == bindparam("_id")).values(values), changes
            )
        self._added.clear()
        self._changed.clear()

    def _changes_alike(self) -> dict[tuple[Table, tuple[str, ...]], list[dict[str, Any]]]:
        """Each row's changes as one, gathered with those of rows that change the same columns."""
        alike = defaultdict(list)
        for (table, key), columns in self._changed.items():
            names = tuple(sorted(columns))
            alike[table, names].append({f"_{name}": columns[name] for name in names} | {"_id": key})
        return alike
