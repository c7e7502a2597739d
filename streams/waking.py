"""Rest until woken, but not for ever. 等候唤醒。"""

import asyncio
import contextlib


async def woken_within(woken: asyncio.Event, seconds: float) -> None:
    """Return when `woken` is set, or after `seconds`; a cancellation always comes through.

    `asyncio.wait_for` of Python 3.11 loses a cancellation that comes just as its future
    completes: a loop that is stopped at the moment it is woken would then never stop.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()
