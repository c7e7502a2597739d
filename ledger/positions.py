"""How far the log has been judged. 判定进度。"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from ledger.log_schema import positions

Place = tuple[str, int]  # topic and partition


def advance(connection: Connection, ends: Mapping[Place, int], at: datetime) -> None:
    """Move each partition on to the offset that comes next; never back."""
    if not ends:
        return
    # Both dialects are many modules, which a house without a log never needs.
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: PLC0415

    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(positions)
    statement = insert.on_conflict_do_update(
        index_elements=[positions.c.topic, positions.c.partition],
        set_={"next_offset": insert.excluded.next_offset, "at": insert.excluded.at},
        where=positions.c.next_offset < insert.excluded.next_offset,
    )
    rows = [
        {"topic": topic, "partition": partition, "next_offset": end, "at": at}
        for (topic, partition), end in sorted(ends.items())
    ]
    connection.execute(statement, rows)


def all_of(connection: Connection) -> dict[Place, int]:
    """Return the next offset of each partition."""
    rows = connection.execute(
        select(positions.c.topic, positions.c.partition, positions.c.next_offset)
    )
    return {(topic, partition): end for topic, partition, end in rows}
