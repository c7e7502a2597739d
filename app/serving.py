"""Serve the duty room, or the loopback phone, until told to stop. 运行。"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from time import monotonic

import structlog
import uvicorn
import uvloop
from rich.console import Console
from starlette.types import ASGIApp

from app.clock import WallClock
from app.faults import told_of
from app.room import PartDiedError, open_room
from app.settings import Settings, read_settings
from ledger.book import BookAwayError, BookBusyError, BookTooNewError
from rulebook import RulebookError
from rulebook.county import CountyError

_STOP_SECONDS = 3
_ONCE_IN_SECONDS = 10.0
errors = Console(stderr=True, highlight=False, soft_wrap=True)


class DoorError(RuntimeError):
    """The port cannot be listened on. 端口被占用。"""


def serve_up(*, data: Path | None, county: Path | None, port: int | None, host: str | None) -> int:
    """Run `jibao up`. Returns the exit code."""
    settings = read_settings(data=data, county=county, port=port, host=host)
    return said(lambda: uvloop.run(_up(settings)))


def said(run: "object") -> int:
    """Run something, and turn what stops a start into sentences on standard error."""
    assert callable(run)
    try:
        run()
    except (CountyError, RulebookError) as error:
        for mistake in error.mistakes:
            errors.print(str(mistake), markup=False, soft_wrap=True)
        errors.print(f"共 {len(error.mistakes)} 处错误，改正后再启动。")
    except BookBusyError as error:
        errors.print(f"数据目录 {error} 正被另一个值班室使用：先停掉它，或用 --data 另指目录。")
    except BookTooNewError as error:
        errors.print(f"台账由较新的版本写成（{error}）：请升级本程序。")
    except BookAwayError as error:
        errors.print(f"台账打不开：{error}。请检查磁盘空间和目录权限。")
    except DoorError as error:
        errors.print(str(error))
    except PartDiedError:
        errors.print("内部故障，值班室已停止，请立即重启并查看日志；期间请电话值班。")
    else:
        return 0
    return 1


async def _up(settings: Settings) -> None:
    quiet_logs()
    door = Door(settings.host, settings.port)
    async with open_room(settings, WallClock(), on_death=door.shut) as room:
        structlog.get_logger().info("open", host=door.host, port=door.port, pid=os.getpid())
        door.on_shut = room.board.close
        await door.serve(room.application())


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
        self._server = _server(app, self.host, self.port)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.shut)
        try:
            await self._server.serve()
        except SystemExit as error:  # uvicorn's word for a port that is taken
            raise DoorError(
                f"端口 {self.port} 无法监听：可能已被占用，请用 --port 换一个。"
            ) from error


class _Server(uvicorn.Server):
    """Uvicorn's server, without its signals: it would end the process by the signal it got.

    What is in hand behind the door (texts on their way, the last heartbeat) must still be done.
    """

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the door."""
        yield


async def serve(app: ASGIApp, host: str, port: int) -> None:
    """Serve an application on a port until told to stop."""
    await Door(host, port).serve(app)


@contextlib.asynccontextmanager
async def beside(app: ASGIApp, host: str, port: int) -> AsyncIterator[None]:
    """Serve an application while the block runs, leaving all signals alone."""
    server = _server(app, host, port)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def _server(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
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
    return _Server(config)


class _Libraries(logging.Handler):
    """What other people's code logs, without its words: they may quote what came in."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Write the logger's name and, of an exception, its kind and place; each once in a while.

        A client whose brokers are away says so forty times a second.
        """
        line, now = (record.filename, record.lineno), monotonic()
        if now - self._said.get(line, -_ONCE_IN_SECONDS) < _ONCE_IN_SECONDS:
            return
        self._said[line] = now
        fault = record.exc_info[1] if record.exc_info else None
        told = told_of(fault) if fault is not None else {}
        structlog.get_logger().warning(
            "library", logger=record.name, at=f"{record.filename}:{record.lineno}", **told
        )


def serve_phone(port: int) -> int:
    """Run `jibao phone`. Returns the exit code."""
    from gateway.phone import phone_app

    errors.print(f"模拟手机：http://127.0.0.1:{port}/  （JSON：/messages）")
    return said(lambda: asyncio.run(serve(phone_app(), "127.0.0.1", port)))


def quiet_logs() -> None:
    """Write one JSON line per entry to standard error; of libraries, only kind and place."""
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
