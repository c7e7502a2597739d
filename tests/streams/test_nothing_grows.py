"""Does any question on an emergency's way read a whole table? 热路径不扫全表。

A table that is read whole costs nothing in a young book and everything in an old one. So each
statement made on the way is asked for its plan: by SQLite, which keeps no statistics of ours and so
plans alike whatever the book holds, and by PostgreSQL, which reads a table whole only where it has
no other way once it is told that this is dear.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from app.gauges import Figures
from ledger import deliveries, flags
from ledger.book import Book
from ledger.log_schema import metadata
from streams.pulse import Beat, beat
from tests.builders import FIRE, HOUR, MINUTE, NIGHT, a_call, an_arrival
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged, the_report
from vocabulary.terms import Outcome

STAY_SMALL = {  # emptied as they are worked off, or a row a process, an outage, a person
    "inbox",
    "outages",
    "heartbeats",
    "flags",
    "positions",
    "tokens",
    "quarantine",
}
GROW = {table.name for table in metadata.sorted_tables} - STAY_SMALL


@contextmanager
def asked_of(engine: Engine) -> Iterator[dict[str, Any]]:
    """Gather the statements that are made meanwhile, each with one set of its values."""
    found: dict[str, Any] = {}

    def note(_c: Any, _k: Any, statement: str, values: Any, _x: Any, is_many: bool) -> None:  # noqa: FBT001
        found[statement] = values[0] if is_many else values

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def scans(book: Book, asked: dict[str, Any]) -> list[str]:
    """Return the statements that read a growing table from end to end, with their plans."""
    found = []
    with book.read() as connection:
        if book.is_shared:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, values in asked.items():
            if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
                plan = _plan(book, connection, statement, values)
                if any(map(_is_whole, plan)):
                    found.append(f"{statement}\n{plan}")
        if book.is_shared:
            connection.invalidate()
    return found


def _plan(book: Book, connection: Connection, statement: str, values: Any) -> list[str]:
    explain = "EXPLAIN" if book.is_shared else "EXPLAIN QUERY PLAN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", values).all()
    return [str(row[-1]) for row in rows]


def _is_whole(step: str) -> bool:
    """A partial index may be read from end to end: it holds only what is still in hand."""
    words = step.replace("Seq Scan on ", "SCAN ").split()
    if "SCAN" not in words or not GROW.intersection(words):
        return False
    return not PARTIAL.intersection(words)


PARTIAL = {
    index.name
    for table in metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None
}


def an_emergency_and_all_that_follows(room: DutyBook) -> None:
    """Heartbeat, call, repeat, batch, page, answers, ladder, acknowledgement, report, lateness."""
    room.do(beat, [Beat(NIGHT, is_first=True)])
    room.take(a_call())
    room.take(a_call())
    room.keep(an_arrival("kept", **FIRE))
    room.drain()
    room.drain("express")
    room.fire(just_after(NIGHT + 5 * MINUTE))
    for sending in room.claim(NIGHT + 6 * MINUTE):
        room.answer(sending, Outcome.DELIVERED, NIGHT + 6 * MINUTE)
    acknowledged(room)
    room.absorb(the_report(room, NIGHT + 10 * MINUTE))
    for hours in (1, 2, 30):
        room.fire(just_after(NIGHT + hours * HOUR))
    room.do(beat, [Beat(NIGHT + 31 * HOUR)])


def test_an_emergency_reads_no_table_whole(room: DutyBook) -> None:
    with asked_of(room.book.writing) as asked:  # the test itself only reads
        an_emergency_and_all_that_follows(room)

    assert len(asked) > 30
    assert scans(room.book, asked) == []


def test_nor_does_what_looks_again_and_again(room: DutyBook) -> None:
    with asked_of(room.book.reading) as asked, room.book.read() as connection:
        deliveries.next_at(connection)
        flags.is_muted(connection)
        Figures.read(connection, is_shared=room.book.is_shared)

    assert scans(room.book, asked) == []
