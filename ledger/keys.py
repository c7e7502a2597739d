"""Keys of new rows, given out before they are written so that rows can name each other. 行号。"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, count
from threading import Lock
from typing import ClassVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Table, func, select

from ledger.late_log_schema import answers
from ledger.log_schema import metadata
from ledger.schema import KEY_BLOCK, attempts, facts, inbox, late_log

_KEYED = tuple(table for table in metadata.sorted_tables if "id" in table.c)
_IN_ORDER = (answers, attempts, facts, inbox, late_log)
_KEPT = tuple(table for table in _KEYED if table not in _IN_ORDER)
_HIGHEST = select(*(select(func.max(each.c.id)).scalar_subquery() for each in _KEYED))
_REFILL = 4  # blocks at once, of a table whose first one is used up


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


class InOrder:
    """Keys for the rows of one transaction, in blocks of a sequence.

    For PostgreSQL. What is read in the order of its keys, whichever process wrote it (the newest
    entry of the late log is what holds, facts are told in order per case), has its keys from a
    block that this transaction took after it held the rows it speaks of: what happens later has
    the higher key. The keys of all other tables a process keeps until they are used up.
    """

    def __init__(self, connection: Connection) -> None:
        """Ask at the first need."""
        self._connection = connection
        self._blocks = Blocks.of(connection.engine)
        self._keys: dict[Table, Iterator[int]] = {}

    def next(self, table: Table) -> int:
        """Return the next key of a table."""
        if table not in _IN_ORDER:
            return self._blocks.next(self._connection, table)
        key = next(self._keys.get(table, iter(())), None)
        if key is None:
            self._keys |= _taken(self._connection, (table,))
            key = next(self._keys[table])
        return key


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
                self._keys |= _taken(connection, (table,) * _REFILL if self._keys else _KEPT)
                key = next(self._keys[table])
        return key


def _taken(connection: Connection, wanted: tuple[Table, ...]) -> dict[Table, Iterator[int]]:
    """Take a block of keys for each table named, by one question."""
    calls = ", ".join(f"nextval('{each.name}_keys')" for each in wanted)
    starts = connection.exec_driver_sql(f"SELECT {calls}").one()
    blocks: dict[Table, list[range]] = defaultdict(list)
    for each, start in zip(wanted, starts, strict=True):
        blocks[each].append(range(start, start + KEY_BLOCK))
    return {each: chain.from_iterable(ranges) for each, ranges in blocks.items()}
