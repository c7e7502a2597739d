"""The demo's day, played to a duty room that is open already. 演示日。"""

import asyncio
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import aiohttp

from app.clock import WallClock
from app.demo.callers import Callers
from app.demo.greeting import Seats, greet
from app.demo.plan import plan
from app.demo.player import Player
from app.demo.script import Script
from app.demo.telling import Tally, Teller, Terminal
from app.demo.watcher import Watcher
from app.settings import Settings
from gateway.phone import PhoneState
from rules.county import County

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Show:
    """One demonstration: the room and the phone are open, and their addresses known."""

    settings: Settings
    script: Script
    console: Terminal
    county: County
    clock: WallClock
    tokens: Mapping[str, str]
    phone: PhoneState
    room_url: str
    phone_url: str
    seed: int

    async def play(self, over: asyncio.Event) -> None:
        """Play day after day until it is over; a fault in the act ends it too, and is raised."""
        starts_at = self.clock.starts_at or self.clock.now()
        seats = Seats.of(self.county, self.script.day.watched_unit, starts_at)
        teller = Teller(self.console, Tally(starts_at))
        greet(teller, self.settings, seats, self.phone_url, speed=self.clock.speed)
        async with aiohttp.ClientSession() as session:
            callers = Callers(session, self.room_url, self.phone_url, self.tokens)
            player = Player(self.county, callers, teller, self.clock)
            watcher = Watcher(self.county, callers, teller, self.clock, seats, self.phone.shelf)
            acting = asyncio.create_task(self._act(player, watcher))
            acting.add_done_callback(lambda _: over.set())
            teller.start()
            try:
                await over.wait()
            finally:
                teller.stop()
            acting.cancel()
            (fault,) = await asyncio.gather(acting, return_exceptions=True)
        if isinstance(fault, Exception):
            raise fault
        teller.say("正在收尾……")

    async def _act(self, player: Player, watcher: Watcher) -> None:
        starts_at = self.clock.starts_at or self.clock.now()
        async with asyncio.TaskGroup() as group:
            group.create_task(watcher.watch())
            for number in count():
                day = plan(self.script, self.county, starts_at + number * _DAY, self.seed + number)
                await player.play(day)
                player.teller.say("—— 又是一天 ——", "bold")


def until_told() -> asyncio.Event:
    """Return what is set when a signal says that it is over."""
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    return over
