"""Rest until woken, but not for ever. 等候唤醒。"""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class StoppedWaitingError(Exception):
    """Told to stop while what was waited for had not come: nothing was in hand."""


async def woken_within(woken: asyncio.Event, seconds: float) -> None:
    """Return when `woken` is set, or after `seconds`; a cancellation always comes through.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes just as its future
    completes: a loop that is stopped at the moment it is woken would then never stop.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()


async def unless(stop: asyncio.Event, waiting: Coroutine[Any, Any, T]) -> T:
    """Return what `waiting` comes to.

    Raises:
        StoppedWaitingError: `stop` was set first; the waiting is cancelled.
    """
    wanted = asyncio.ensure_future(waiting)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((wanted, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not wanted.done():
            raise StoppedWaitingError
        return await wanted
    finally:
        stopping.cancel()
        wanted.cancel()
