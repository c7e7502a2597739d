"""Does readiness tell the truth, and say why not? 就绪。

Read downwards: the embedded house, the gateway apart, the clock. What real processes say while
their database is away is in tests/cluster.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from app.clock import WallClock
from app.gauges import BookGauges
from app.metrics import Metrics
from app.vitals import Vitals
from ledger.book import BookAwayError, open_book
from streams.clock import DeadlineClock, Fired, Firing
from streams.in_flight import InFlight
from tests.builders import NIGHT, SECOND, a_desk


class Hour:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.is_now = NIGHT

    def now(self) -> datetime:
        return self.is_now

    def seconds(self) -> float:
        return (self.is_now - NIGHT).total_seconds()

    @property
    def speed(self) -> float:
        return 1.0


class Hand:
    """A writer whose book is away until the test says otherwise."""

    def __init__(self) -> None:
        self.is_away = True
        self.fired = asyncio.Event()

    async def do(self, *_: object) -> Fired:
        if self.is_away:
            raise BookAwayError
        self.fired.set()
        return Fired(0, None, is_held=False)


@contextmanager
def vitals(folder: Path, **fields: Any) -> Iterator[tuple[Vitals, Hour]]:
    """Vitals that have beaten once, on a book that was read once."""
    book, hour = open_book(folder), Hour()
    gauges = BookGauges(book, hour.now, hour.seconds)
    gauges.look()
    writer: Any = Hand()
    made = Vitals(cast("WallClock", hour), writer, Metrics(), gauges, **fields)
    made.beaten_at = NIGHT
    yield made, hour
    book.close()


# The embedded house.


def test_a_house_that_beats_and_whose_book_answers_is_ready(tmp_path: Path) -> None:
    with vitals(tmp_path) as (house, _):
        found = house.health()

    assert found["is_ready"]
    assert (found["book"], found["clock"], found["intake"]) == (True, True, True)
    assert "log" not in found


def test_a_house_whose_clock_is_late_is_not_ready_and_says_so(tmp_path: Path) -> None:
    with vitals(tmp_path, delay_seconds=lambda: 16.0) as (house, _):
        found = house.health()

    assert (found["is_ready"], found["clock"], found["intake"]) == (False, False, True)


def test_a_house_whose_book_does_not_answer_takes_nothing_in(tmp_path: Path) -> None:
    with vitals(tmp_path) as (house, hour):
        hour.is_now = NIGHT + 14 * SECOND  # the last heartbeat is not yet old
        found = house.health()

    assert (found["is_ready"], found["book"], found["intake"]) == (False, False, False)
    assert found["clock"]


# The gateway apart: by the log, or by the inbox.


@pytest.mark.parametrize(
    ("seconds", "is_log_up", "is_ready"),
    [
        pytest.param(0, True, True, id="both"),
        pytest.param(0, False, True, id="the inbox alone"),
        pytest.param(60, True, True, id="the log alone"),
        pytest.param(60, False, False, id="neither"),
    ],
)
def test_a_gateway_is_ready_while_it_can_take_in_by_one_way(
    tmp_path: Path, seconds: int, *, is_log_up: bool, is_ready: bool
) -> None:
    with vitals(tmp_path, takes_in_without_book=lambda: is_log_up) as (gateway, hour):
        hour.is_now = NIGHT + seconds * SECOND
        found = gateway.health()

    assert found["is_ready"] is is_ready
    assert (found["book"], found["log"]) == (seconds == 0, is_log_up)


# The clock.


async def test_a_clock_that_cannot_fire_is_late_from_its_first_try() -> None:
    hour, hand = Hour(), Hand()
    writer: Any = hand

    async def at_once() -> None:
        return

    async def soundly(_: datetime, woken: asyncio.Event) -> None:
        await woken.wait()

    firing = Firing(a_desk(), InFlight())
    clock = DeadlineClock(firing, writer, hour.now, soundly, at_once)
    with pytest.raises(BookAwayError):
        await clock.run()
    hour.is_now = NIGHT + 20 * SECOND
    with pytest.raises(BookAwayError):
        await clock.run()
    assert clock.delay_seconds() == 20

    hand.is_away = False
    running = asyncio.create_task(clock.run())
    await hand.fired.wait()
    await asyncio.sleep(0)

    assert clock.delay_seconds() == 0
    running.cancel()
