"""Someone outside who hears from us while all is well: silence is the alarm. 外部看护。"""

import asyncio
from collections.abc import Callable

import aiohttp
import structlog

log = structlog.get_logger()

_PING_SECONDS = 60.0


async def ping(url: str, is_well: Callable[[], bool]) -> None:
    """Ping `url` each minute while all is well; no address, no ping."""
    if not url:
        return
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            if is_well():
                try:
                    await (await session.get(url)).release()
                except (aiohttp.ClientError, TimeoutError):
                    log.warning("deadman_unreachable")
            await asyncio.sleep(_PING_SECONDS)
