"""Rows that are read in the order of their keys, written by several processes. 行号次序。

The newest entry of the late log is what holds. A process that had taken a block of keys before
another one wrote must not put its correction under the entry that it corrects.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from ledger.book import Book, open_book
from ledger.schema import facts, late_log
from ledger.sheet import Sheet
from tests.builders import NIGHT

pytestmark = pytest.mark.slow

ROWS = {
    late_log.name: {
        "obligation_id": 1,
        "at": NIGHT,
        "timeliness": "overdue",
        "overrun_seconds": 0,
        "note": "",
    },
    facts.name: {"case_id": 1, "kind": "acknowledged", "at": NIGHT, "content": "{}"},
}


@pytest.fixture
def processes(tmp_path: Path, database_url: str) -> Iterator[tuple[Book, Book]]:
    """Two processes, each with keys of its own."""
    one, other = open_book(tmp_path, database_url), open_book(tmp_path, database_url)
    yield one, other
    one.close()
    other.close()


def write(book: Book, table: Table) -> int:
    with book.writing.begin() as connection:
        sheet = Sheet(connection)
        key = sheet.add(table, **ROWS[table.name])
        sheet.flush()
    return key


@pytest.mark.parametrize("table", [late_log, facts], ids=lambda table: table.name)
def test_what_is_written_later_has_the_higher_key_whoever_writes_it(
    table: Table, processes: tuple[Book, Book]
) -> None:
    one, other = processes

    written = [write(book, table) for book in (one, other, one, other, one)]

    assert written == sorted(written)
    with one.read() as connection:
        keys = connection.execute(select(table.c.id).order_by(table.c.id)).scalars()
        assert list(keys) == written
