"""The duty room in its parts on one machine: real brokers, PostgreSQL, a process a part. 单机集群。

For `make cluster`, the benchmarks and the tests: each part is started, killed, frozen and revived
by its name. What a part says goes to a file of its own.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.laptop.kafka import Brokers
from app.laptop.leash import Leash
from app.laptop.ports import free_ports
from app.laptop.postgres import Postgres

ROOT = Path(__file__).parent.parent.parent
JIBAO = (sys.executable, "-c", "from app.main import main; main()")
PARTS: Mapping[str, tuple[str, ...]] = {
    "gateway": ("gateway",),
    "express": ("worker", "--lane", "express"),
    "submissions": ("worker", "--lane", "submissions"),
    "clock": ("clock",),
    "deliver": ("deliver",),
}
_READY_SECONDS = 60.0
_STOP_SECONDS = 20.0


class PartError(RuntimeError):
    """A part did not come up; with its last words. 部件未能启动。"""


@dataclass
class PartProcess:
    """One part: what is run, the port of its operations pages, and the process if it lives."""

    name: str
    command: tuple[str, ...]
    port: int
    log: Path
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def is_up(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def is_ready(self) -> bool:
        """Whether it says that it is ready."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2) as said:
                return bool(said.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def last_words(self) -> str:
        """Return the end of what it said."""
        return self.log.read_text("utf-8", "replace")[-2000:] if self.log.exists() else ""


@dataclass
class Parts:
    """The processes of one distributed duty room, by name."""

    folder: Path
    kafka: str
    database_url: str
    environment: Mapping[str, str]
    parts: dict[str, PartProcess] = field(default_factory=dict)
    _leash: Leash = field(default_factory=Leash)

    def add(self, kind: str, name: str = "", **environment: str) -> PartProcess:
        """Add a part of a kind of `PARTS`, not yet started; several of a kind have names."""
        name = name or kind
        (port,) = free_ports(1)
        own = {
            "JIBAO_KAFKA": self.kafka,
            "JIBAO_DATABASE_URL": self.database_url,
            "JIBAO_DATA": str(self.folder / name),
            "JIBAO_OPS_PORT": str(port),
            "JIBAO_PORT": str(port),
            **self.environment,
            **environment,
        }
        log = self.folder / f"{name}.log"
        self.parts[name] = PartProcess(name, PARTS[kind], port, log, own)
        return self.parts[name]

    def at_port(self, name: str, port: int) -> None:
        """Let a part that is not yet started listen there."""
        part = self.parts[name]
        part.port = port
        part.environment |= {"JIBAO_PORT": str(port), "JIBAO_OPS_PORT": str(port)}

    def begin(self, name: str, *around: str) -> None:
        """Start a part and do not wait; `around` is what runs it in the place of `jibao`."""
        part = self.parts[name]
        assert not part.is_up
        part.log.parent.mkdir(parents=True, exist_ok=True)
        outside = {k: v for k, v in os.environ.items() if not k.startswith("JIBAO_")}
        with part.log.open("ab") as log:
            part.process = subprocess.Popen(
                (*(around or JIBAO), *part.command),
                cwd=ROOT,
                env=outside | part.environment | {"PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._leash.hold(part.process.pid)

    def start(self, *names: str) -> None:
        """Start parts, all of them where none is named, and wait until each is ready.

        Raises:
            PartError: one ended, or was not ready in time.
        """
        chosen = names or tuple(self.parts)
        for name in chosen:
            self.begin(name)
        for name in chosen:
            self.wait(name)

    def wait(self, name: str) -> None:
        """Wait until a part is ready."""
        part, until = self.parts[name], time.monotonic() + _READY_SECONDS
        while not part.is_ready:
            if not part.is_up or time.monotonic() > until:
                raise PartError(f"{name} did not come up: {part.last_words()}")
            time.sleep(0.05)

    def kill(self, name: str) -> None:
        """Shoot a part, and wait until it is gone."""
        self._signal(name, signal.SIGKILL)
        self._ended(name)

    def stop(self, name: str) -> int:
        """Ask a part to end in good order; returns its exit code."""
        self._signal(name, signal.SIGTERM)
        return self._ended(name)

    def freeze(self, name: str) -> None:
        """Stop a part where it stands, as a machine that hangs does."""
        self._signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen part go on."""
        self._signal(name, signal.SIGCONT)

    def close(self) -> None:
        """End every part; by force where it does not follow."""
        for name, part in self.parts.items():
            if part.is_up:
                self._signal(name, signal.SIGCONT)
                self._signal(name, signal.SIGTERM)
        for name, part in self.parts.items():
            try:
                self._ended(name)
            except subprocess.TimeoutExpired:
                assert part.process is not None
                part.process.kill()
        self._leash.close()

    def _signal(self, name: str, number: signal.Signals) -> None:
        process = self.parts[name].process
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(number)

    def _ended(self, name: str) -> int:
        process = self.parts[name].process
        return process.wait(_STOP_SECONDS) if process is not None else 0


@contextmanager
def parts(folder: Path, kafka: str, database_url: str, **environment: str) -> Iterator[Parts]:
    """Give the parts of a duty room on a broker and a database that run already."""
    made = Parts(folder, kafka, database_url, environment)
    try:
        yield made
    finally:
        made.close()


@asynccontextmanager
async def servers(
    folder: Path, *, brokers: int = 1, settings: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Brokers, Postgres]]:
    """Run brokers and a PostgreSQL side by side."""
    log = Brokers(folder / "kafka", count=brokers, settings=settings)
    book = Postgres(folder / "postgres")
    try:
        await asyncio.gather(log.start(), asyncio.to_thread(book.start))
        yield log, book
    finally:
        await asyncio.gather(log.close(), asyncio.to_thread(book.close))
