"""Is a transaction written as it was meant, in few statements? 记账页。"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from ledger.book import open_book
from ledger.schema import deliveries
from ledger.sheet import Sheet
from tests.builders import NIGHT
from vocabulary.identity import submission_uid


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    book = open_book(tmp_path)
    with book.writing.begin() as connection:
        yield connection
    book.close()


def a_delivery(sheet: Sheet, name: str) -> int:
    return sheet.add(
        deliveries,
        uid=submission_uid("test", name),
        rank=0,
        recipient=name,
        cause="call",
        title="",
        body="",
        state="pending",
        round=0,
        channel=0,
        next_at=NIGHT,
        is_repeat=False,
        created_at=NIGHT,
    )


def written(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(select(deliveries).order_by(deliveries.c.id)).mappings()
    return [dict(row) for row in rows]


def test_keys_go_on_above_the_highest(connection: Connection) -> None:
    first = Sheet(connection)
    assert [a_delivery(first, "an"), a_delivery(first, "bo")] == [1, 2]
    first.flush()

    assert a_delivery(Sheet(connection), "cai") == 3


def test_a_row_added_here_is_changed_before_it_is_written(connection: Connection) -> None:
    sheet = Sheet(connection)
    a_delivery(sheet, "an")
    sheet.change(deliveries, a_delivery(sheet, "bo"), state="accepted")
    sheet.flush()

    assert [row["state"] for row in written(connection)] == ["pending", "accepted"]


def test_the_last_change_of_a_row_holds_whatever_else_was_changed(connection: Connection) -> None:
    sheet = Sheet(connection)
    a_delivery(sheet, "an")
    a_delivery(sheet, "bo")
    sheet.flush()

    sheet.change(deliveries, 1, state="accepted", next_at=None)
    sheet.change(deliveries, 2, channel=1, next_at=NIGHT)
    sheet.change(deliveries, 2, state="accepted", next_at=None)
    sheet.flush()

    assert [row["next_at"] for row in written(connection)] == [None, None]
    assert written(connection)[1]["channel"] == 1


def test_a_sheet_that_was_flushed_is_empty(connection: Connection) -> None:
    sheet = Sheet(connection)
    a_delivery(sheet, "an")
    sheet.flush()
    sheet.flush()

    assert len(written(connection)) == 1
