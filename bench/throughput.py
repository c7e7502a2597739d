"""As many requests as are answered: a closed loop on kept connections. 闭环压测。"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.wire import Line


@dataclass
class Flooded:
    """What a flood came to: answers by status, inside the measured span and in all."""

    seconds: float
    counted: dict[int, int] = field(default_factory=dict)
    in_all: dict[int, int] = field(default_factory=dict)

    def per_second(self, status: int) -> float:
        """Return the answers of this status per second of the measured span."""
        return self.counted.get(status, 0) / self.seconds


async def flood(
    port: int,
    request: Callable[[int], bytes],
    connections: int,
    seconds: float,
    *,
    warm_up: float = 1.0,
) -> Flooded:
    """Ask on each connection, again as soon as it is answered.

    Only answers that come inside the span after the warm-up are counted for the rate.

    Args:
        request: the next request of a connection, by the connection's number.
    """
    loop = asyncio.get_running_loop()
    begins = loop.time() + warm_up
    ends = begins + seconds
    flooded = Flooded(seconds)

    async def ask(number: int) -> None:
        _, line = await loop.create_connection(Line, "127.0.0.1", port)
        while loop.time() < ends:
            status, _ = await line.ask(request(number))
            flooded.in_all[status] = flooded.in_all.get(status, 0) + 1
            if begins <= loop.time() < ends:
                flooded.counted[status] = flooded.counted.get(status, 0) + 1
            if status == 0:
                return
        line.close()

    await asyncio.gather(*(ask(number) for number in range(connections)))
    return flooded
