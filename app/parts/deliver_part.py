"""Delivery apart: what is written goes out to people. 送达进程。"""

import asyncio

from app.parts.part import part, running
from app.settings import Settings
from ledger.listening import listen
from notifiers.carrier import Carrier
from streams.deliver import Deliver

_STALE_SECONDS = 15.0


async def run_deliver(settings: Settings, stop: asyncio.Event) -> None:
    """Carry until told to stop; what is on its way is finished."""
    async with part(settings, "deliver", stop, carries=True) as here:
        carrier = Carrier()
        deliver = Deliver(
            here.desk,
            here.book,
            here.writer,
            carrier,
            here.clock.now,
            on_answer=here.metrics.answered,
        )

        def is_sweeping() -> bool:
            swept = deliver.last_swept_at
            stale = _STALE_SECONDS * here.clock.speed
            return swept is not None and (here.clock.now() - swept).total_seconds() < stale

        here.on_effects.append(lambda effects: deliver.take(effects.sendings))
        here.checks["deliver"] = is_sweeping
        here.told["is_muted"] = lambda: deliver.is_muted
        here.metrics.tell("jibao_muted", lambda: deliver.is_muted)
        wakes = {"deliver": lambda _: deliver.wake()}

        async def carry() -> None:
            await deliver.begin()  # whether the book is muted, before anything is claimed
            await deliver.run()

        async with running(here, carry, lambda: listen(here.url, wakes)):
            await stop.wait()
        await deliver.finish()
        await carrier.close()
