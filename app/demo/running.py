"""The demo from its doors' opening to its end. 演示全程。"""

import asyncio
import os
import signal
import socket
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import aiohttp

from app.clock import WallClock
from app.demo.callers import Callers
from app.demo.greeting import Seats, greet
from app.demo.opening import make_tokens, names_on_the_phone, port_of, serving
from app.demo.plan import plan
from app.demo.player import Player
from app.demo.script import COUNTY, Script
from app.demo.telling import Tally, Teller, Terminal
from app.demo.watcher import Watcher
from app.room import open_room
from app.settings import Settings
from gateway.phone import PhoneState, phone_app
from rulebook import county as county_files
from vocabulary.china_time import at, civil_day

_DAY = timedelta(days=1)
_LOCAL = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}  # noqa: S104 (not listened on)


@dataclass(frozen=True)
class Demo:
    """One demonstration. Its two ports are open already, so that nobody takes them."""

    settings: Settings
    script: Script
    console: Terminal
    speed: float
    seed: int
    door: socket.socket
    phone_door: socket.socket

    async def run(self) -> None:
        """Open everything, play day after day until told to stop, close everything."""
        over = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, over.set)
        county = county_files.load(COUNTY, os.environ)
        starts_at = at(civil_day(WallClock().now()), self.script.day.starts)
        tokens = make_tokens(self.settings, county, starts_at)
        phone = PhoneState(names=names_on_the_phone(county))
        seats = Seats.of(county, self.script.day.watched_unit, starts_at)
        clock = WallClock(self.speed, starts_at)
        async with (
            open_room(self.settings, clock, on_death=over.set) as room,
            serving(((phone_app(phone), self.phone_door), (room.application(), self.door))),
            aiohttp.ClientSession() as session,
        ):
            callers = Callers(session, self._room_url, self._phone_url, tokens)
            teller = Teller(self.console, Tally(starts_at))
            greet(teller, self.settings, seats, self._phone_url, speed=self.speed)
            player = Player(county, callers, teller, clock)
            watcher = Watcher(county, callers, teller, clock, seats, phone.shelf)
            await self._until(over, self._act(player, watcher, starts_at), teller)
        teller.say("演示结束，临时台账已删除。")

    async def _act(self, player: Player, watcher: Watcher, starts_at: datetime) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(watcher.watch())
            for number in count():
                day_starts = starts_at + number * _DAY
                script, county = self.script, player.county
                await player.play(plan(script, county, day_starts, self.seed + number))
                player.teller.say("—— 又是一天 ——", "bold")

    async def _until(
        self, over: asyncio.Event, act: Coroutine[None, None, None], teller: Teller
    ) -> None:
        """Act until it is over; a fault in the act ends it too, and is raised."""
        acting = asyncio.create_task(act)
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

    @property
    def _room_url(self) -> str:
        host = self.settings.host
        return f"http://{_LOCAL.get(host, host)}:{port_of(self.door)}"

    @property
    def _phone_url(self) -> str:
        return f"http://127.0.0.1:{port_of(self.phone_door)}"
