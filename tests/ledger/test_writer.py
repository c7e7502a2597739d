"""Does the one hand write what it was given, each alone where one is bad? 执笔。"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from ledger.book import Book, BookAwayError, open_book, settings_of
from ledger.effects import Effects
from ledger.schema import flags
from ledger.writer import Done, Rank, Writer


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return open_book(tmp_path)


@pytest.fixture
async def writer(book: Book) -> AsyncIterator[Writer]:
    writer = Writer(book.writing, on_effects=lambda _: None)
    writer.start()
    yield writer
    await writer.stop()
    book.close()


class Pen:
    """An act that writes words down, and counts its transactions."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []

    def write(self, connection: Connection, words: Sequence[str]) -> list[Done]:
        self.groups.append(list(words))
        for word in words:
            connection.execute(flags.insert().values(name=word, content=""))
            if word == "a fault of ours":
                raise ValueError(word)
        return [Done(word, Effects(is_board_changed=False)) for word in words]


def written(book: Book) -> set[str]:
    with book.read() as connection:
        return set(connection.execute(select(flags.c.name)).scalars())


async def test_what_was_done_is_in_the_book_when_the_caller_hears(
    book: Book, writer: Writer
) -> None:
    assert await writer.do(Pen().write, "one") == "one"
    assert "one" in written(book)


async def test_what_waits_together_is_written_together(book: Book, writer: Writer) -> None:
    pen = Pen()
    futures = [writer.post(pen.write, str(number)) for number in range(40)]

    await asyncio.gather(*futures)

    assert len(pen.groups) < 40
    assert sorted(word for group in pen.groups for word in group) == sorted(map(str, range(40)))


async def test_a_faulty_piece_fails_alone_and_its_neighbours_are_kept(
    book: Book, writer: Writer
) -> None:
    pen = Pen()
    words = ["before", "a fault of ours", "after"]

    answers = await asyncio.gather(
        *(writer.post(pen.write, word) for word in words), return_exceptions=True
    )

    assert [answers[0], answers[2]] == ["before", "after"]
    assert isinstance(answers[1], ValueError)
    assert {"before", "after"} <= written(book)
    assert "a fault of ours" not in written(book)


async def test_a_caller_that_went_away_undoes_nothing(book: Book, writer: Writer) -> None:
    calling = asyncio.create_task(writer.do(Pen().write, "one"))
    await asyncio.sleep(0)

    calling.cancel()
    await writer.do(Pen().write, "two")

    assert {"one", "two"} <= written(book)


async def test_effects_are_told_before_the_answer(book: Book) -> None:
    told: list[object] = []
    writer = Writer(book.writing, on_effects=told.append)
    writer.start()
    future = writer.post(Pen().write, "one")
    future.add_done_callback(lambda _: told.append("the answer"))

    await future
    await asyncio.sleep(0)

    assert told == [Effects(is_board_changed=False), "the answer"]
    await writer.stop()
    book.close()


async def test_stopping_finishes_what_waits_and_takes_nothing_more(book: Book) -> None:
    writer = Writer(book.writing, on_effects=lambda _: None)
    writer.start()
    futures = [writer.post(Pen().write, str(number), Rank.BULK) for number in range(5)]

    await writer.stop()
    await asyncio.gather(*futures)

    assert {str(number) for number in range(5)} <= written(book)
    with pytest.raises(BookAwayError):
        writer.post(Pen().write, "too late")
    book.close()


@pytest.mark.slow
async def test_a_book_that_another_holds_is_away_and_nothing_is_kept(
    book: Book, writer: Writer
) -> None:
    other = sqlite3.connect(str(book.writing.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(BookAwayError):
        await writer.do(Pen().write, "one")
    other.execute("ROLLBACK")
    other.close()

    assert "one" not in written(book)
    assert await writer.do(Pen().write, "one") == "one"


def test_the_open_connection_has_the_settings_the_promise_rests_on(book: Book) -> None:
    with book.writing.connect() as connection:
        settings = settings_of(connection)
    book.close()

    assert settings["journal_mode"] == "wal"
    assert settings["synchronous"] == 2
