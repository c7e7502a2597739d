"""A lane's worker: Faust reads, intake judges. 通道进程。"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import faust

from app.parts.log_client import Ends, brokers, credentials, until_declared
from app.parts.log_watch import LogWatch
from app.parts.part import part, running
from app.settings import Settings
from notifiers.carrier import Carrier
from rules.lane import Lane
from streams.faust_app import lane_app
from streams.lane_worker import EXIT_AGAIN, PATIENCE, LaneWorker, Memo
from streams.records import CALL_AFTER, Records
from streams.topics import LANE_TOPICS
from streams.waking import unless, woken_within

_STOP_SECONDS = 10.0
_LOOK_SECONDS = 1.0
_HELD_SECONDS = PATIENCE.total_seconds() / 2


async def run_worker(settings: Settings, lane: Lane, stop: asyncio.Event) -> None:
    """Judge one lane of the log until told to stop; a batch in hand is finished or given back."""
    async with part(settings, f"worker-{lane.value}", stop) as here:
        carrier = Carrier()
        memo = Memo(settings.data / f"called-{lane.value}.txt")
        records = Records(here.desk, here.keys, CALL_AFTER * here.clock.speed)
        worker = LaneWorker(here.desk, here.writer, records, carrier, memo, here.clock.now)
        own = here.own_topics if lane is Lane.EXPRESS else ()
        settings.data.mkdir(parents=True, exist_ok=True)
        app = lane_app(
            lane,
            brokers(settings),
            worker.absorb,
            folder=settings.data,
            own_topics=own,
            credentials=credentials(settings),
        )

        watch = LogWatch(Ends(settings, (LANE_TOPICS[lane], *own)), here.book)
        watch.tell(here.metrics, lane=lane.value)

        def in_hand_seconds() -> float:
            since = worker.in_hand_since
            return 0.0 if since is None else (here.clock.now() - since).total_seconds()

        def is_reading() -> bool:
            is_held = in_hand_seconds() > _HELD_SECONDS * here.clock.speed
            return app.started and not app.crashed and not is_held

        here.metrics.tell("jibao_in_hand_seconds", in_hand_seconds)
        here.checks |= {"log": watch.is_up, "reading": is_reading, "moving": watch.is_moving}
        async with running(here, watch.run):
            await unless(stop, until_declared(settings, here.own_topics))
            async with _reading(app):
                while not stop.is_set() and not app.crashed:
                    await woken_within(stop, _LOOK_SECONDS)
        await carrier.close()


@asynccontextmanager
async def _reading(app: faust.App) -> AsyncIterator[None]:
    """Have Faust read while the block runs; however it ends, what is in hand is not lost."""
    try:
        await app.start()
        yield
    finally:
        if app.crashed:
            os._exit(EXIT_AGAIN)
        # Whatever keeps Faust from stopping, its partitions must go to another worker.
        asyncio.get_running_loop().call_later(_STOP_SECONDS, os._exit, EXIT_AGAIN)
        await app.stop()
