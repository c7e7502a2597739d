"""Does a loop that is told to stop at the very moment it is woken stop? 停止。"""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.clock import WallClock
from streams.waking import woken_within
from tests.builders import HOUR

Rest = Callable[[asyncio.Event], Awaitable[None]]


async def backlog_rests(woken: asyncio.Event) -> None:
    await woken_within(woken, 3600)


async def clock_sleeps(woken: asyncio.Event) -> None:
    clock = WallClock()
    await clock.sleep_until(clock.now() + HOUR, woken)


@pytest.mark.parametrize("moments_later", range(4))
@pytest.mark.parametrize("rest", [backlog_rests, clock_sleeps])
async def test_a_cancellation_comes_through_however_close_to_the_waking(
    rest: Rest, moments_later: int
) -> None:
    woken = asyncio.Event()
    resting = asyncio.ensure_future(rest(woken))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    woken.set()
    for _ in range(moments_later):
        await asyncio.sleep(0)
    was_done = resting.done()
    resting.cancel()
    await asyncio.wait({resting})

    assert was_done or resting.cancelled()


@pytest.mark.parametrize("rest", [backlog_rests, clock_sleeps])
async def test_who_rests_goes_on_when_woken(rest: Rest) -> None:
    woken = asyncio.Event()
    resting = asyncio.ensure_future(rest(woken))
    await asyncio.sleep(0)

    woken.set()

    await resting


async def test_who_is_not_woken_goes_on_when_the_time_is_up() -> None:
    await woken_within(asyncio.Event(), 0)
