"""One book, many processes: PostgreSQL. 多进程共用的台账。

Each test has a database of its own on a real server. What an act decides is tests/streams'
business, which run on PostgreSQL too; here is what only a shared book can get wrong.
"""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import IntegrityError

from app.laptop.postgres import Postgres
from ledger import outbox
from ledger.book import Book, BookAwayError, BookTooNewError, open_book
from ledger.effects import Effects
from ledger.listening import listen
from ledger.log_schema import metadata
from ledger.postgres import hold
from ledger.schema import facts, outages
from ledger.sheet import Sheet
from ledger.upgrading import HEAD
from ledger.writer import Done, Writer
from tests.builders import NIGHT
from tests.laptop.fixtures import fresh_database

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)


@pytest.fixture
def book(tmp_path: Path, database_url: str) -> Iterator[Book]:
    book = open_book(tmp_path, database_url)
    yield book
    book.close()


def test_the_migrations_make_just_the_tables_that_the_program_knows(book: Book) -> None:
    with book.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)

    # An index that only a shared book has: what is not yet published.
    assert [change[1].name for change in found] == ["facts_unpublished"]


def test_of_many_processes_that_open_a_new_book_one_makes_it(
    tmp_path: Path,
    database_url: str,
) -> None:
    with ThreadPoolExecutor(6) as hands:
        books = list(hands.map(lambda _: open_book(tmp_path, database_url), range(6)))

    with books[0].read() as connection:
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars()
        assert list(versions) == [HEAD]
    for each in books:
        each.close()


def test_an_older_process_that_meets_a_newer_book_stops_and_says_so(
    book: Book,
    tmp_path: Path,
    database_url: str,
) -> None:
    with book.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BookTooNewError, match="9999"):
        open_book(tmp_path, database_url)


def test_a_server_that_is_not_there_is_a_book_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(BookAwayError, match="PostgreSQL"):
        open_book(tmp_path, f"postgresql://nobody@/none?host={tmp_path}")


def test_two_processes_never_give_out_the_same_key(
    book: Book,
    tmp_path: Path,
    database_url: str,
) -> None:
    other = open_book(tmp_path, database_url)

    def write(one: Book) -> None:
        for _ in range(30):
            with one.writing.begin() as connection:
                an_outage(connection, 3)

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(write, [book, other, book, other]))
    other.close()

    with book.read() as connection:
        assert connection.execute(select(func.count(outages.c.id.distinct()))).scalar() == 360


def test_keys_go_on_above_what_an_earlier_schema_gave_out(
    tmp_path: Path,
    postgres: Postgres,
) -> None:
    with fresh_database(postgres) as url:
        first = open_book(tmp_path, url)
        with first.writing.begin() as connection:
            connection.execute(text("DROP SEQUENCE outages_keys"))
            connection.execute(text("CREATE SEQUENCE outages_keys INCREMENT BY 50 START 501"))
            an_outage(connection)
        with first.read() as connection:
            assert connection.execute(select(func.max(outages.c.id))).scalar() == 501
        first.close()


def test_a_named_lock_is_waited_for_until_the_transaction_ends(book: Book) -> None:
    order: list[str] = []
    is_held = threading.Event()

    def second() -> None:
        is_held.wait()
        with book.writing.begin() as connection:
            hold(connection, "incident 12345")
            order.append("second")

    waiting = threading.Thread(target=second)
    waiting.start()
    with book.writing.begin() as connection:
        hold(connection, "incident 12345")
        is_held.set()
        waiting.join(0.3)
        order.append("first")
    waiting.join()

    assert order == ["first", "second"]


def test_what_is_wrong_in_a_sheet_is_said_as_if_each_statement_had_been_waited_for(
    book: Book,
) -> None:
    with book.writing.connect() as connection:
        sheet = Sheet(connection)
        sheet.add(outages, from_at=NIGHT, to_at=None, cause="停机")  # `to_at` may not be null
        with pytest.raises(IntegrityError):
            sheet.flush()


async def test_whoever_was_second_with_the_same_row_finds_it_at_the_next_try(book: Book) -> None:
    together = threading.Barrier(2, timeout=5)
    tries: list[int] = []

    def found_or_made(connection: Connection, names: Sequence[str]) -> list[Done]:
        tries.append(1)
        there = connection.execute(text("SELECT 1 FROM flags WHERE name = 'x'")).first()
        if len(tries) <= 2:
            together.wait()
        if there is None:
            connection.execute(text("INSERT INTO flags (name, content) VALUES ('x', '')"))
        return [Done("found" if there else "made") for _ in names]

    writers = [Writer(book.writing, nothing) for _ in range(2)]
    for writer in writers:
        writer.start()
    answers = await asyncio.gather(*(writer.do(found_or_made, "x") for writer in writers))
    for writer in writers:
        await writer.stop()

    assert sorted(answers) == ["found", "made"]


async def test_a_commit_wakes_those_who_listen_and_tells_them_when(
    book: Book,
    database_url: str,
) -> None:
    heard: asyncio.Queue[datetime | None] = asyncio.Queue()
    listening = asyncio.create_task(listen(database_url, {"clock": heard.put_nowait}))
    assert await asyncio.wait_for(heard.get(), 5) is None  # whatever was missed before

    await asyncio.to_thread(wake_twice, book)

    assert await asyncio.wait_for(heard.get(), 5) == NIGHT  # the earlier of the two
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


async def test_a_listener_hears_again_after_the_server_was_away(
    postgres: Postgres,
    tmp_path: Path,
) -> None:
    with fresh_database(postgres) as url:
        book = open_book(tmp_path, url)
        heard: asyncio.Queue[datetime | None] = asyncio.Queue()
        listening = asyncio.create_task(listen(url, {"clock": heard.put_nowait}))
        assert await asyncio.wait_for(heard.get(), 5) is None

        await asyncio.to_thread(postgres.kill)
        await asyncio.to_thread(postgres.start)

        assert await asyncio.wait_for(heard.get(), 10) is None  # it asks what it missed
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        book.close()


def test_facts_of_a_case_that_another_relay_has_in_hand_are_left_alone(book: Book) -> None:
    with book.writing.begin() as connection:
        sheet = Sheet(connection)
        for case_key in (1, 2):
            sheet.add(facts, case_id=case_key, kind="case_opened", at=NIGHT, content="{}")
        sheet.flush()

    with book.writing.connect() as first, book.writing.connect() as second:
        assert [row["case_id"] for row in outbox.take(first, 1, 10)] == [1]
        assert [row["case_id"] for row in outbox.take(second, 10, 10)] == [2]


def an_outage(connection: Connection, rows: int = 1) -> None:
    sheet = Sheet(connection)
    for _ in range(rows):
        sheet.add(outages, from_at=NIGHT, to_at=NIGHT + HOUR, cause="停机")
    sheet.flush()


def wake_twice(book: Book) -> None:
    with book.writing.begin() as connection:
        sheet = Sheet(connection)
        sheet.wake("clock", NIGHT + HOUR)
        sheet.wake("clock", NIGHT)
        sheet.flush()


def nothing(_: Effects) -> Any:
    """No effect matters here."""
