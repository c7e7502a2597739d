"""Is nobody called late by an instant that intake has not passed? 水位。"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from ledger import positions
from ledger.positions import Place
from streams import watermark
from streams.watermark import AT_THE_GATEWAY, LogWatermark
from tests.builders import HOUR, MINUTE, NIGHT, SECOND
from tests.streams.away import AwayAtTimes
from tests.streams.duty_book import DutyBook
from tests.streams.open_room import eventually

EXPRESS: Place = ("jibao.express.v1", 0)
OTHER: Place = ("jibao.express.v1", 1)
NEVER = datetime.fromtimestamp(0, NIGHT.tzinfo)


@dataclass
class Log:
    """Where the partitions end now, what time it is, and the watermark that looks at both."""

    room: DutyBook
    now: datetime = NIGHT
    ends: dict[Place, int] = field(default_factory=lambda: {EXPRESS: 0, OTHER: 0})
    is_away: bool = False
    looks: int = 0

    def __post_init__(self) -> None:
        self.book = AwayAtTimes(self.room.book.writing, self.room.book.reading)
        self.mark = LogWatermark(self.book, self._ends, lambda: self.now)

    async def _ends(self) -> Mapping[Place, int]:
        self.looks += 1
        if self.is_away:
            raise ConnectionError
        return dict(self.ends)

    def judge(self, place: Place, end: int) -> None:
        with self.room.book.writing.begin() as connection:
            positions.advance(connection, {place: end}, self.now)

    def judged_until(self, oldest_waiting: datetime | None = None) -> datetime:
        return self.mark.judged_until(self.now, oldest_waiting)

    async def look_twice(self) -> None:
        """Wait for a look that began and ended after this call."""
        seen = self.looks
        await eventually(lambda: self.looks > seen + 1, "it looked again")

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.mark.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def log(room: DutyBook, monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.setattr(watermark, "_LOOK_SECONDS", 0.01)
    return Log(room)


async def test_before_the_first_look_nothing_is_passed(log: Log) -> None:
    assert log.judged_until() == NEVER


async def test_with_all_of_the_log_judged_time_passes_but_for_what_a_gateway_holds(
    log: Log,
) -> None:
    log.ends[EXPRESS] = 7
    log.judge(EXPRESS, 7)

    async with log.watched():
        await eventually(lambda: log.mark.passed, "something is passed")
        assert log.judged_until() == NIGHT - AT_THE_GATEWAY

        log.now += HOUR
        await log.look_twice()
        assert log.judged_until() == NIGHT + HOUR - AT_THE_GATEWAY


async def test_what_waits_in_the_inbox_holds_it_back(log: Log) -> None:
    async with log.watched():
        await eventually(lambda: log.mark.passed, "something is passed")

    assert log.judged_until(NIGHT - HOUR) == NIGHT - HOUR
    assert log.judged_until(NIGHT) == NIGHT - AT_THE_GATEWAY


async def test_one_partition_that_lags_holds_it_back_however_long(log: Log) -> None:
    async with log.watched():
        await eventually(lambda: log.mark.passed, "something is passed")
        log.ends |= {EXPRESS: 5, OTHER: 3}
        log.judge(EXPRESS, 5)
        log.now += HOUR
        await asyncio.sleep(0.1)
        stood_at = log.judged_until()

        log.now += HOUR
        await asyncio.sleep(0.1)
        assert log.judged_until() == stood_at
        assert log.mark.lag == 3

        log.judge(OTHER, 3)
        await eventually(lambda: log.judged_until() > stood_at, "it goes on")
        assert log.mark.lag == 0


async def test_it_passes_the_instant_at_which_it_asked_for_the_ends_and_no_later(
    log: Log,
) -> None:
    """What comes onto the log while a partition is being waited for is not passed with it."""
    log.ends[EXPRESS] = 5
    async with log.watched():
        await eventually(lambda: log.looks, "it has asked for the ends")
        await asyncio.sleep(0.05)
        log.now += HOUR
        log.ends[EXPRESS] = 9
        log.judge(EXPRESS, 5)
        await eventually(lambda: log.mark.passed, "something is passed")
        await asyncio.sleep(0.05)

        assert log.judged_until() == NIGHT - AT_THE_GATEWAY


async def test_while_the_log_is_away_nothing_is_passed(log: Log) -> None:
    async with log.watched():
        await eventually(lambda: log.mark.passed, "something is passed")
        log.is_away = True
        await log.look_twice()
        log.now += HOUR
        await log.look_twice()
        assert log.judged_until() == NIGHT - AT_THE_GATEWAY

        log.is_away = False
        await eventually(lambda: log.judged_until() > NIGHT, "it goes on")


async def test_after_the_book_was_away_its_refusals_are_waited_for(log: Log) -> None:
    async with log.watched():
        await eventually(lambda: log.mark.passed, "something is passed")
        log.book.away.set()
        await log.look_twice()
        log.now += HOUR
        log.book.away.clear()
        await log.look_twice()

        log.now += 9 * SECOND
        await log.look_twice()
        assert log.judged_until() == NIGHT - AT_THE_GATEWAY

        log.now += MINUTE
        await eventually(lambda: log.judged_until() > NIGHT + HOUR, "it goes on")


async def test_a_partition_that_was_added_is_waited_for_too(log: Log) -> None:
    async with log.watched():
        await eventually(lambda: log.mark.passed, "something is passed")
        log.ends["county.hospital.reports", 0] = 1
        await eventually(lambda: log.mark.lag, "the new partition is seen")
        log.now += HOUR
        await asyncio.sleep(0.05)

        assert log.judged_until() == NIGHT - AT_THE_GATEWAY
