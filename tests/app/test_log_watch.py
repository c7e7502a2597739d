"""Does a process know whether the log answers, and how far it is judged? 日志观察。"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.parts.log_watch import LogWatch, Places
from ledger import positions
from ledger.book import Book, open_book
from tests.builders import NIGHT


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    opened = open_book(tmp_path)
    yield opened
    opened.close()


PLACE = ("jibao.express.v1", 0)


class Brokers:
    """Brokers with one partition, which may be away."""

    def __init__(self) -> None:
        self.end = 0
        self.is_away = False

    async def __call__(self) -> Places:
        if self.is_away:
            raise OSError
        return {PLACE: self.end}

    async def close(self) -> None:
        return


class Watched:
    """A log watch on its own clock, with brokers and a book to move."""

    def __init__(self, book: Book | None) -> None:
        self.seconds = 0.0
        self.brokers = Brokers()
        self.watch = LogWatch(self.brokers, book, lambda: self.seconds)
        self.book = book

    async def look(self, seconds: float) -> None:
        self.seconds = seconds
        await self.watch.look()

    def judged(self, offset: int) -> None:
        assert self.book is not None
        with self.book.writing.begin() as connection:
            positions.advance(connection, {PLACE: offset}, NIGHT)


async def test_the_lag_counts_records_and_since_when_they_may_wait(book: Book) -> None:
    log = Watched(book)
    await log.look(1)
    log.brokers.end = 30
    await log.look(4)
    await log.look(9)

    assert (log.watch.lag, log.watch.lag_seconds()) == (30, 8)

    log.judged(30)
    await log.look(12)

    assert (log.watch.lag, log.watch.lag_seconds()) == (0, 0)


async def test_what_came_since_is_no_longer_behind_than_it_waits(book: Book) -> None:
    log = Watched(book)
    log.brokers.end = 10
    await log.look(1)
    log.brokers.end = 20
    await log.look(4)
    log.judged(10)
    await log.look(7)

    assert (log.watch.lag, log.watch.lag_seconds()) == (10, 6)


async def test_while_the_brokers_are_away_the_log_is_not_up_and_the_lag_grows(
    book: Book,
) -> None:
    log = Watched(book)
    await log.look(1)
    assert log.watch.is_up()

    log.brokers.is_away = True
    await log.look(30)

    assert not log.watch.is_up()
    assert log.watch.lag_seconds() == 29


async def test_brokers_that_hang_are_not_up(book: Book) -> None:
    log = Watched(book)
    await log.look(1)
    log.seconds = 40

    assert not log.watch.is_up()


async def test_a_lane_that_nobody_reads_is_not_moving(book: Book) -> None:
    log = Watched(book)
    log.brokers.end = 10
    await log.look(1)
    log.judged(5)
    await log.look(20)
    assert log.watch.is_moving()

    await log.look(60)
    assert not log.watch.is_moving()

    log.judged(6)
    await log.look(61)
    assert log.watch.is_moving()


async def test_a_gateway_asks_only_whether_the_brokers_answer() -> None:
    log = Watched(None)
    log.brokers.end = 10
    await log.look(1)

    assert log.watch.is_up()
    assert log.watch.lag == 0
