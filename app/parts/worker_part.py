"""A lane's worker: Faust reads, intake judges. 通道进程。"""

import asyncio
import os

from app.parts.log_client import brokers, credentials, until_declared
from app.parts.part import part, running
from app.settings import Settings
from notifiers.carrier import Carrier
from rules.lane import Lane
from streams.faust_app import lane_app
from streams.lane_worker import EXIT_AGAIN, PATIENCE, LaneWorker, Memo
from streams.records import Records
from streams.waking import woken_within

_STOP_SECONDS = 10.0
_LOOK_SECONDS = 1.0


async def run_worker(settings: Settings, lane: Lane, stop: asyncio.Event) -> None:
    """Judge one lane of the log until told to stop; a batch in hand is finished or given back."""
    async with part(settings) as here:
        await until_declared(settings, here.own_topics)
        carrier = Carrier()
        memo = Memo(settings.data / f"called-{lane.value}.txt")
        records = Records(here.desk, here.keys)
        worker = LaneWorker(here.desk, here.writer, records, carrier, memo, here.clock.now)
        own = here.own_topics if lane is Lane.EXPRESS else ()
        app = lane_app(
            lane,
            brokers(settings),
            worker.absorb,
            own_topics=own,
            credentials=credentials(settings),
        )

        def is_reading() -> bool:
            since = worker.in_hand_since
            held = since is not None and here.clock.now() - since > PATIENCE / 2
            return app.started and not app.crashed and not held

        here.checks["reading"] = is_reading
        async with running(here):
            await app.start()
            while not stop.is_set() and not app.crashed:
                await woken_within(stop, _LOOK_SECONDS)
            if app.crashed:
                os._exit(EXIT_AGAIN)
            asyncio.get_running_loop().call_later(_STOP_SECONDS, worker.give_back)
            await app.stop()
        await carrier.close()
