"""Send at a rate whatever comes of it: an open loop. 开环发送。

A closed loop waits for a slow answer and so forgives it. Here each request has its own instant,
drawn evenly out of its share of a second, so that no rhythm of ours meets one of the house.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.room import now_us
from bench.wire import Lines


@dataclass
class Sent:
    """What was sent when, and how it was answered. 已发。"""

    at_us: dict[str, int] = field(default_factory=dict)  # by marker, before the first byte left
    answered: dict[str, int] = field(default_factory=dict)  # status by marker; 0 is a cut line
    accept_ms: list[float] = field(default_factory=list)
    behind_ms: list[float] = field(default_factory=list)  # how late the client itself was


def instants(rate: float, seconds: float, seed: int) -> list[float]:
    """Return when to send, in seconds from the start, in order."""
    chance = random.Random(seed)
    return [(number + chance.random()) / rate for number in range(round(rate * seconds))]


async def send_at(
    port: int,
    whens: Sequence[float],
    markers: Sequence[str],
    request: Callable[[str, int], bytes],
    *,
    patience: float = 60,
) -> Sent:
    """Send one request for each instant and wait for all answers, `patience` seconds at most."""
    sent = Sent()
    lines = Lines(port)
    await lines.open(16)
    loop = asyncio.get_running_loop()
    begin = loop.time() + 0.05

    async def one(marker: str, whole: bytes) -> None:
        before = sent.at_us[marker] = now_us()
        status, _ = await lines.ask(whole)
        sent.answered[marker] = status
        sent.accept_ms.append((now_us() - before) / 1_000)

    tasks = []
    for number, (when, marker) in enumerate(zip(whens, markers, strict=True)):
        whole = request(marker, number)
        await asyncio.sleep(max(0.0, begin + when - loop.time()))
        sent.behind_ms.append((loop.time() - begin - when) * 1_000)
        tasks.append(asyncio.create_task(one(marker, whole)))
    await asyncio.wait_for(asyncio.gather(*tasks), patience)
    lines.close()
    return sent
