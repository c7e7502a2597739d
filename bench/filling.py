"""Fill a book by the million: rows of its own, copied inside the database. 批量造账。

A row that the house wrote itself is the pattern, so a copy has whatever columns and text sizes
the house's rows have. Nothing is fsync'd meanwhile and the indexes are made again at the end:
what is measured is the house on a large book and not its filling.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Index, Table, create_engine, func, inspect, select, text
from sqlalchemy.schema import CreateIndex, DropIndex

from bench.room import Room
from ledger.book import FILE_NAME, Book
from ledger.columns import Instant, Uid
from ledger.postgres import NAME, take_time
from ledger.schema import metadata

_QUICK = {
    "journal_mode": "OFF",
    "synchronous": "OFF",
    "locking_mode": "EXCLUSIVE",
    "temp_store": "FILE",
    "cache_size": "-1000000",
}
_SERIES = {
    "sqlite": "WITH RECURSIVE series(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM series "
    "WHERE n + 1 < {count}) ",
    NAME: "WITH series AS (SELECT generate_series(CAST(0 AS bigint), {count} - 1) AS n) ",
}
_OWN_UID = {"sqlite": "randomblob(16)", NAME: "gen_random_uuid()"}


@contextmanager
def filling(room: Room, *tables: Table) -> Iterator[Connection]:
    """Give a connection that writes these tables quickly; the room must not run.

    Statistics are gathered at the end where the database keeps any by itself.
    """
    book = room.open()
    if book.is_shared:
        yield from _on_postgres(book, tables)
        book.close()
    else:
        book.close()
        yield from _on_sqlite(room, tables)
        room.open().close()  # in WAL again
    os.sync()  # or the disk would still be busy with the filling when something is measured


def highest(connection: Connection, table: Table) -> int:
    """Return the highest key of a table; 0 of an empty one."""
    return connection.execute(select(func.max(table.c.id))).scalar() or 0


def multiply(
    connection: Connection,
    table: Table,
    key: int,
    count: int,
    *,
    apart_us: int,
    own: Mapping[str, str],
) -> int:
    """Write `count` copies of the row `key`, each with a key and an id of its own.

    Args:
        connection: of `filling`.
        table: whose row it is.
        key: of the row.
        count: how many copies.
        apart_us: microseconds between two copies; the last lies just before the row itself.
        own: by column, what a copy has in the row's place: SQL over `n`, from 0 on.

    Returns:
        The key of the first copy; the others follow it.
    """
    dialect, first = connection.dialect.name, highest(connection, table) + 1
    earlier = f"(n - {count}) * {apart_us}"
    values = {
        column.name: f"row.{column.name} + {earlier}"
        if isinstance(column.type, Instant)
        else f"row.{column.name}"
        for column in table.c
    }
    values |= {c.name: _OWN_UID[dialect] for c in table.c if isinstance(c.type, Uid)}
    values |= {"id": f"{first} + n", **own}
    names, told = ", ".join(f'"{name}"' for name in values), ", ".join(values.values())
    connection.execute(text("DROP TABLE IF EXISTS pattern"))  # a copy: read apart from the table
    connection.execute(
        text(f"CREATE TEMPORARY TABLE pattern AS SELECT * FROM {table.name} WHERE id = {key}")  # noqa: S608
    )
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({names}) {_SERIES[dialect].format(count=count)}"  # noqa: S608
            f"SELECT {told} FROM series, pattern AS row"
        )
    )
    return first


def one_of(words: Sequence[str]) -> str:
    """Return SQL that gives these words in turn, as `n` rises."""
    cases = " ".join(f"WHEN {number} THEN '{word}'" for number, word in enumerate(words))
    return f"(CASE n % {len(words)} {cases} END)"


def _on_sqlite(room: Room, tables: Sequence[Table]) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{room.data / FILE_NAME}")
    with engine.connect() as connection:
        for name, word in _QUICK.items():
            connection.exec_driver_sql(f"PRAGMA {name} = {word}")
        connection.commit()
        with _without_indexes(connection, [i for table in tables for i in table.indexes]):
            yield connection
        connection.commit()
    engine.dispose()


def _on_postgres(book: Book, tables: Sequence[Table]) -> Iterator[Connection]:
    with book.writing.connect() as connection:
        take_time(connection)
        connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
        indexes = [index for table in tables for index in table.indexes]
        with _without_ids(connection, tables), _without_indexes(connection, indexes):
            yield connection
        for table in metadata.sorted_tables:
            if "id" in table.c:
                following = f"setval('{table.name}_keys', {highest(connection, table) + 1}, false)"
                connection.execute(text(f"SELECT {following}"))
        connection.commit()
    with book.writing.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for table in tables:
            connection.execute(text(f"VACUUM (ANALYZE) {table.name}"))
        connection.execute(text("CHECKPOINT"))
        connection.invalidate()


@contextmanager
def _without_ids(connection: Connection, tables: Sequence[Table]) -> Iterator[None]:
    """Let go of what keeps ids unique: random ones are far quicker sorted than placed singly."""
    found = [
        (table.name, each["name"])
        for table in tables
        for each in inspect(connection).get_unique_constraints(table.name)
    ]
    for table, name in found:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    yield
    for table, name in found:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (uid)"))


@contextmanager
def _without_indexes(connection: Connection, indexes: Sequence[Index]) -> Iterator[None]:
    for index in indexes:
        connection.execute(DropIndex(index))
    yield
    for index in indexes:
        connection.execute(CreateIndex(index))
