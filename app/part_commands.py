"""`jibao gateway`, `worker`, `clock`, `deliver`: the parts apart. 分进程命令。"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from app.saying import errors, quiet_logs, said
from app.settings import Settings, read_settings
from rules.lane import Lane
from streams.waking import StoppedWaitingError

Data = Annotated[Path | None, typer.Option("--data", help="数据目录（密钥、备忘）")]
County = Annotated[Path | None, typer.Option("--county", help="县情目录")]
Port = Annotated[int | None, typer.Option("--port", help="端口")]


def add_to(cli: typer.Typer) -> None:
    """Add the commands."""
    for command in (gateway, worker, clock, deliver):
        cli.command()(command)


def gateway(data: Data = None, county: County = None, port: Port = None) -> None:
    """网关：收件入日志（JIBAO_KAFKA），台账用 PostgreSQL（JIBAO_DATABASE_URL）。"""
    from app.parts.gateway_part import run_gateway

    settings = _shared(read_settings(data=data, county=county, port=port))
    sys.exit(said(lambda: _run(lambda _: run_gateway(settings), has_door=True)))


def worker(
    lane: Annotated[Lane, typer.Option(help="通道：express 或 submissions")],
    data: Data = None,
    county: County = None,
) -> None:
    """通道处理：读日志，判定入账；台账不在则等，等不及则以 75 退出、由看护重启。"""
    from app.parts.worker_part import run_worker

    settings = _shared(read_settings(data=data, county=county))
    code = said(lambda: _run(lambda stop: run_worker(settings, lane, stop)))
    os._exit(code)  # all is done; a thread that Faust left behind must not keep the process


def clock(data: Data = None, county: County = None) -> None:
    """时钟：到期即办；收件箱处理与转发也在此。"""
    from app.parts.clock_part import run_clock

    settings = _shared(read_settings(data=data, county=county))
    sys.exit(said(lambda: _run(lambda stop: run_clock(settings, stop))))


def deliver(data: Data = None, county: County = None) -> None:
    """送达：把台账里待发的成稿送到人。"""
    from app.parts.deliver_part import run_deliver

    settings = _shared(read_settings(data=data, county=county))
    sys.exit(said(lambda: _run(lambda stop: run_deliver(settings, stop))))


def _shared(settings: Settings) -> Settings:
    """Refuse to start apart without the two things that join the parts."""
    lacking = [
        name
        for name, value in (
            ("JIBAO_KAFKA", settings.kafka),
            ("JIBAO_DATABASE_URL", settings.database_url.get_secret_value()),
            ("JIBAO_SECRET_KEY", settings.secret_key.get_secret_value()),
        )
        if not value
    ]
    if lacking:
        errors.print(f"分进程运行须设置 {'、'.join(lacking)}；单机请用 jibao up。")
        sys.exit(2)
    return settings


def _run(run: Callable[[asyncio.Event], Awaitable[None]], *, has_door: bool = False) -> None:
    """Run a part until SIGTERM or SIGINT; the gateway's door hears them itself."""

    async def main() -> None:
        quiet_logs()
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        if not has_door:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, stop.set)
        with contextlib.suppress(StoppedWaitingError):
            await run(stop)

    uvloop.run(main())
