"""Serve the duty room, or the loopback phone, until told to stop. 运行。"""

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import uvloop
from starlette.types import ASGIApp

from app.clock import WallClock
from app.faults import DoorError
from app.room import open_room
from app.saying import errors, quiet_logs, said
from app.settings import Settings, read_settings

if TYPE_CHECKING:
    import uvicorn  # loaded when there is something to serve

_STOP_SECONDS = 3


def serve_up(*, data: Path | None, county: Path | None, port: int | None, host: str | None) -> int:
    """Run `jibao up`. Returns the exit code."""
    settings = read_settings(data=data, county=county, port=port, host=host)
    return said(lambda: uvloop.run(_up(settings)))


async def _up(settings: Settings) -> None:
    quiet_logs()
    door = Door(settings.host, settings.port)
    async with open_room(settings, WallClock(), on_death=door.shut) as room:
        structlog.get_logger().info("open", host=door.host, port=door.port, pid=os.getpid())
        door.on_shut = room.board.close
        application = await asyncio.to_thread(room.application)  # meanwhile goes out what is due
        # What a start has made stays as long as the process: to look through it for garbage again
        # and again would stop a burst of notices for a tenth of a second each time.
        gc.freeze()
        await door.serve(application)


class Door:
    """A port to serve an application on, until SIGTERM, SIGINT or `shut`."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._server: uvicorn.Server | None = None
        self._is_shut = False
        self.on_shut: Callable[[], None] = lambda: None

    def shut(self) -> None:
        """Stop serving, or do not begin; requests in hand are finished."""
        self._is_shut = True
        self.on_shut()
        if self._server is not None:
            self._server.should_exit = True

    async def serve(self, app: ASGIApp) -> None:
        """Serve.

        Raises:
            DoorError: the port cannot be listened on.
        """
        if self._is_shut:
            return
        self._server = server_of(app, self.host, self.port)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.shut)
        try:
            await self._server.serve()
        except SystemExit as error:  # uvicorn's word for a port that is taken
            raise DoorError(
                f"端口 {self.port} 无法监听：可能已被占用，请用 --port 换一个。"
            ) from error


async def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve an application on a port until told to stop."""
    await Door(host, port).serve(app)


@contextlib.asynccontextmanager
async def beside(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    """Serve an application while the block runs, leaving all signals alone."""
    server = server_of(app, host, port)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def server_of(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> "uvicorn.Server":
    """Return a server that leaves the signals to its door, and tells nobody what it served.

    Uvicorn would end the process by the signal it got; what is in hand behind the door (texts on
    their way, the last heartbeat) must still be done.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,  # its own lines would quote addresses and texts of faults
        access_log=False,  # it would write tokens and names that stand in addresses
        timeout_keep_alive=75,
        timeout_graceful_shutdown=_STOP_SECONDS,
        lifespan="off",
        ws="none",
        http="httptools",
    )
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    return server


def serve_phone(port: int) -> int:
    """Run `jibao phone`. Returns the exit code."""
    from gateway.phone import phone_app

    errors.print(f"模拟手机：http://127.0.0.1:{port}/  （JSON：/messages）")
    return said(lambda: asyncio.run(serve(phone_app(), "127.0.0.1", port)))
