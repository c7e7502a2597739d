"""The demo from its doors' opening to its end. 演示全程。"""

import os
import socket
from dataclasses import dataclass

from app.clock import WallClock
from app.demo.opening import make_tokens, names_on_the_phone, port_of, serving
from app.demo.script import COUNTY, Script
from app.demo.show import Show, until_told
from app.demo.telling import Terminal
from app.room import open_room
from app.settings import Settings
from gateway.phone import PhoneState, phone_app
from rulebook import county as county_files
from vocabulary.china_time import at, civil_day

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
        over = until_told()
        county = county_files.load(COUNTY, os.environ)
        starts_at = at(civil_day(WallClock().now()), self.script.day.starts)
        tokens = make_tokens(self.settings, county, starts_at)
        phone = PhoneState(names=names_on_the_phone(county))
        clock = WallClock(self.speed, starts_at)
        async with (
            open_room(self.settings, clock, on_death=over.set) as room,
            serving(((phone_app(phone), self.phone_door), (room.application(), self.door))),
        ):
            show = Show(
                settings=self.settings,
                script=self.script,
                console=self.console,
                county=county,
                clock=clock,
                tokens=tokens,
                phone=phone,
                room_url=self._room_url,
                phone_url=f"http://127.0.0.1:{port_of(self.phone_door)}",
                seed=self.seed,
            )
            await show.play(over)
        self.console.print("演示结束，临时台账已删除。")

    @property
    def _room_url(self) -> str:
        host = self.settings.host
        return f"http://{_LOCAL.get(host, host)}:{port_of(self.door)}"
