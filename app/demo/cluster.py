"""`make cluster`: the distributed duty room on one machine, with the demo's day. 单机集群演示。

Three real brokers, a real PostgreSQL, and each part in a process of its own. A key kills one and
revives it; what dies by itself is started again, as a supervisor would do.
"""

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
import uvloop

from app.clock import WallClock
from app.demo.keys import keys_pressed
from app.demo.opening import listen, make_tokens, names_on_the_phone, port_of, serving
from app.demo.script import COUNTY, read_script
from app.demo.show import Show, until_told
from app.demo.telling import Terminal
from app.laptop.cluster import PARTS, Parts, parts, servers
from app.laptop.kafka import Brokers
from app.laptop.lacking import LackingError
from app.laptop.postgres import Postgres
from app.saying import quiet_logs, said
from app.settings import Settings, read_settings
from gateway.phone import PhoneState, phone_app
from rulebook import county as county_files
from vocabulary.china_time import at, civil_day

_BROKERS = 3
_ROOM_PORT, _PHONE_PORT = 8000, 8900
_SPEED = 60.0
_LOOK_SECONDS = 1.0
_NAMES = {
    "gateway": "网关",
    "express": "快道判定",
    "submissions": "普通判定",
    "clock": "时钟、收件箱、转发",
    "deliver": "送达",
    "postgres": "PostgreSQL 台账",
}
_QUICK_TAKEOVER = {
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "controller.quorum.fetch.timeout.ms": "1000",
    "controller.quorum.election.timeout.ms": "500",
}


@dataclass
class Machine:
    """Everything that can be killed and revived, each by a number. 可杀可救的进程。"""

    log: Brokers
    book: Postgres
    parts: Parts
    console: Terminal
    _held_down: set[str] = field(default_factory=set)

    @property
    def names(self) -> list[str]:
        """What can be killed, in the order of its numbers."""
        return [*PARTS, "postgres", *(f"broker-{n}" for n in range(1, _BROKERS + 1))]

    def is_up(self, name: str) -> bool:
        """Whether it lives."""
        if name == "postgres":
            return self.book.running
        if name.startswith("broker-"):
            return int(name[7:]) in self.log.running
        return self.parts.parts[name].is_up

    def lines(self) -> list[str]:
        """Return a line for each process: its number, whether it lives, what it is."""
        return [
            f" {number} {'●' if self.is_up(name) else '○ 已停'} {_NAMES.get(name, name)}"
            for number, name in enumerate(self.names, 1)
        ]

    async def toggle(self, name: str) -> None:
        """Kill what lives, revive what does not."""
        title = _NAMES.get(name, name)
        if self.is_up(name):
            self._held_down.add(name)
            await asyncio.to_thread(self._kill, name)
            self.console.print(f"✗ 已杀死：{title}", style="bold red")
        else:
            self.console.print(f"… 正在恢复：{title}")
            await self._revive(name)
            self._held_down.discard(name)
            self.console.print(f"✓ 已恢复：{title}", style="bold green")

    async def supervise(self) -> None:
        """Start again what ended by itself, until cancelled."""
        while True:
            for name in PARTS:
                if name not in self._held_down and not self.is_up(name):
                    self.console.print(f"↻ 自动重启：{_NAMES[name]}")
                    self.parts.begin(name)
            await asyncio.sleep(_LOOK_SECONDS)

    def _kill(self, name: str) -> None:
        if name == "postgres":
            self.book.kill()
        elif name.startswith("broker-"):
            self.log.kill(int(name[7:]))
        else:
            self.parts.kill(name)

    async def _revive(self, name: str) -> None:
        if name == "postgres":
            await asyncio.to_thread(self.book.start)
        elif name.startswith("broker-"):
            await self.log.revive(int(name[7:]))
        else:
            await asyncio.to_thread(self.parts.start, name)


async def play(console: Terminal, folder: Path) -> None:
    """Open everything, play the day until told to stop, close everything."""
    over = until_told()
    console.print("正在启动三个 Kafka 代理和 PostgreSQL（首次要下载，约一分钟）……")
    with listen("127.0.0.1", _PHONE_PORT) as phone_door:
        phone_at = f"127.0.0.1:{port_of(phone_door)}"
        os.environ["JIBAO_PHONE"] = phone_at
        county = county_files.load(COUNTY, os.environ)
        phone = PhoneState(names=names_on_the_phone(county))
        async with (
            servers(folder, brokers=_BROKERS, settings=_QUICK_TAKEOVER) as (log, book),
            serving(((phone_app(phone), phone_door),)),
        ):
            script = read_script()
            starts_at = at(civil_day(WallClock().now()), script.day.starts)
            settings = _settings(folder, book.url)
            tokens = make_tokens(settings, county, starts_at)
            clock = WallClock(_SPEED, starts_at)
            with _apart(folder, log, settings, clock) as running:
                machine = Machine(log, book, running, console)
                await asyncio.to_thread(running.start)
                console.print("\n".join(machine.lines()))
                console.print(
                    "按数字键杀死或恢复一个进程，按 l 看各进程，Ctrl-C 结束。", style="bold"
                )
                show = Show(
                    settings=settings,
                    script=script,
                    console=console,
                    county=county,
                    clock=clock,
                    tokens=tokens,
                    phone=phone,
                    room_url=f"http://127.0.0.1:{settings.port}",
                    phone_url=f"http://{phone_at}",
                    seed=1,
                )
                async with _hands_on(machine):
                    await show.play(over)
    console.print("演示结束，各进程已停，临时台账已删除。")


def _settings(folder: Path, database_url: str) -> Settings:
    with listen("127.0.0.1", _ROOM_PORT) as door:
        port = port_of(door)
    return read_settings(
        data=folder,
        county=COUNTY,
        port=port,
        deadman_url="",
        database_url=database_url,
        secret_key=secrets.token_urlsafe(32),
    )


@contextmanager
def _apart(folder: Path, log: Brokers, settings: Settings, clock: WallClock) -> Iterator[Parts]:
    """Give the parts, not yet started."""
    with parts(
        folder / "parts",
        log.bootstrap,
        settings.database_url.get_secret_value(),
        JIBAO_PHONE=os.environ["JIBAO_PHONE"],
        JIBAO_COUNTY=str(COUNTY),
        JIBAO_SECRET_KEY=settings.key(),
        JIBAO_PUBLIC_URL=settings.public_url,
        JIBAO_KAFKA_REPLICATION=str(_BROKERS),
        JIBAO_KAFKA_MIN_INSYNC="2",
        JIBAO_DEMO_CLOCK=clock.as_shared(),
    ) as made:
        for kind in PARTS:
            made.add(kind)
        made.at_port("gateway", settings.port)
        yield made


@asynccontextmanager
async def _hands_on(machine: Machine) -> AsyncIterator[None]:
    """Obey keys and start again what died, while the block runs."""
    tasks = [asyncio.create_task(machine.supervise()), asyncio.create_task(_obey(machine))]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _obey(machine: Machine) -> None:
    async for key in keys_pressed():
        if key == "l":
            machine.console.print("\n".join(machine.lines()))
        elif key.isdigit() and 0 < int(key) <= len(machine.names):
            await machine.toggle(machine.names[int(key) - 1])


def main() -> int:
    """Run `make cluster` until Ctrl-C. Returns the exit code."""
    console = Terminal(highlight=False)
    quiet_logs()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("warning"))
    with tempfile.TemporaryDirectory(prefix="jibao-", ignore_cleanup_errors=True) as folder:
        try:
            return said(lambda: uvloop.run(play(console, Path(folder))))
        except LackingError as error:
            console.print(f"缺少 {error.what}：{error.mend}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
