"""Keys of new rows, given out before they are written so that rows can name each other. 行号。"""

from collections.abc import Iterator
from itertools import count
from threading import Lock
from typing import ClassVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, func, select

from ledger.log_schema import metadata
from ledger.schema import KEY_BLOCK

_KEYED = tuple(table for table in metadata.sorted_tables if "id" in table.c)
_HIGHEST = select(*(select(func.max(each.c.id)).scalar_subquery() for each in _KEYED))


class Above:
    """Keys that go on from the highest in each table.

    For SQLite: its transaction holds the write lock from its first word, so nobody else can take
    them before it ends.
    """

    def __init__(self, connection: Connection) -> None:
        """Ask at the first need; one question for all tables, since ten small ones cost more."""
        self._connection = connection
        self._keys: dict[Table, Iterator[int]] = {}

    def next(self, table: Table) -> int:
        """Return the next key of a table."""
        if not self._keys:
            highest = self._connection.execute(_HIGHEST).one()
            self._keys = {
                each: count((key or 0) + 1) for each, key in zip(_KEYED, highest, strict=True)
            }
        return next(self._keys[table])


class Blocks:
    """Keys in blocks of a sequence, kept by this process until they are used up.

    For PostgreSQL. What a transaction rolled back or a process that died did not use is left out.
    """

    _of: ClassVar["WeakKeyDictionary[Engine, Blocks]"] = WeakKeyDictionary()

    def __init__(self) -> None:
        """Start without any."""
        self._lock = Lock()
        self._keys: dict[Table, Iterator[int]] = {}

    @classmethod
    def of(cls, engine: Engine) -> "Blocks":
        """Return what this process has of a book's keys."""
        return cls._of.setdefault(engine, cls())

    def next(self, connection: Connection, table: Table) -> int:
        """Return the next key of a table."""
        with self._lock:
            key = next(self._keys.get(table, iter(())), None)
            if key is None:
                self._take(connection, (table,) if self._keys else _KEYED)
                key = next(self._keys[table])
        return key

    def _take(self, connection: Connection, wanted: tuple[Table, ...]) -> None:
        calls = ", ".join(f"nextval('{each.name}_keys')" for each in wanted)
        starts = connection.exec_driver_sql(f"SELECT {calls}").one()
        for each, start in zip(wanted, starts, strict=True):
            self._keys[each] = iter(range(start, start + KEY_BLOCK))
