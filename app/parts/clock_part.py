"""The clock apart: what is due, inbox, relay, chain. They outlive Kafka and Faust. 时钟进程。"""

import asyncio
from datetime import timedelta

from app.parts.log_client import Ends, LogProducer
from app.parts.log_watch import LogWatch
from app.parts.part import Part, Run, part, running
from app.settings import Settings
from app.watcher import ping
from ledger.listening import listen
from streams.backlog import Backlog
from streams.chaining import Chainer
from streams.clock import DeadlineClock, Firing
from streams.intake import Intake
from streams.pulse import founded_at
from streams.relay import Relay
from streams.watermark import LogWatermark

_OVERSLEPT_SECONDS = 15.0
_LOOK_SECONDS = 0.2
_LONGEST = timedelta(seconds=5)  # a word of another process may have been lost


async def run_clock(settings: Settings, stop: asyncio.Event) -> None:
    """Run until told to stop."""
    async with part(settings, "clock", stop) as here:
        ends = Ends(settings, here.topics_in)
        watermark = LogWatermark(here.book, ends, here.clock.now, here.clock.speed)
        deadlines = DeadlineClock(
            Firing(here.desk, watermark),
            here.writer,
            here.clock.now,
            here.clock.sleep_until,
            _nothing,
            longest=_LONGEST * here.clock.speed,
        )
        backlog = Backlog(Intake(here.desk), here.writer)
        chainer = Chainer(here.book, here.writer, here.clock.now)
        watch = LogWatch(Ends(settings, here.topics_in), here.book)
        log = LogProducer(settings, here.own_topics)
        relay = Relay(here.book.writing, log, here.clock.now)
        here.on_effects.append(lambda effects: deadlines.wake(effects.next_step_at))
        overslept = _OVERSLEPT_SECONDS * here.clock.speed
        here.checks["clock"] = lambda: deadlines.delay_seconds() < overslept
        here.told["log"] = watch.is_up
        here.metrics.tell("jibao_clock_delay_seconds", deadlines.delay_seconds)
        here.metrics.tell("jibao_judged_until_age_seconds", watermark.age_seconds)
        watch.tell(here.metrics, lane="all")
        wakes = {
            "clock": lambda at: deadlines.wake(at) if at else deadlines.look(),
            "inbox": lambda _: backlog.wake(),
        }

        async def watch_deadlines() -> None:
            await _until_founded(here)
            await deadlines.run()

        loops: list[Run] = [
            watch_deadlines,
            backlog.run,
            chainer.run,
            watermark.run,
            watch.run,
            log.run,
            relay.run,
            lambda: listen(here.url, wakes),
        ]
        loops += _watched(here)
        async with running(here, *loops):
            await stop.wait()
        await chainer.finish()
        await ends.close()


def _watched(here: Part) -> list[Run]:
    watcher = here.settings.deadman_url.get_secret_value()
    return [lambda: ping(watcher, here.is_well)] if watcher else []


async def _until_founded(here: Part) -> None:
    """Wait for the first heartbeat of a gateway: nothing is owed to a house that never listened."""

    def is_founded() -> bool:
        with here.book.read() as connection:
            return founded_at(connection) is not None

    while not await asyncio.to_thread(is_founded):  # noqa: ASYNC110 (another process founds it)
        await asyncio.sleep(_LOOK_SECONDS)


async def _nothing() -> None:
    """Nobody's heartbeat is written here: the gateways write what they refused themselves."""
