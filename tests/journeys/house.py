"""A duty room, or a phone, as a real process: started, asked, killed, started again. 进程台架。

Each process has a group of its own and is ended by its number. Its words on standard error are
kept and shown when something does not come about.
"""

import contextlib
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import IO

from app.clock import WallClock
from ledger import tokens
from ledger.book import open_book
from tests.journeys.asking import Reply, ask

ROOT = Path(__file__).parent.parent.parent
JIBAO = (str(Path(sys.executable).with_name("jibao")),)  # the command that a user types
PATIENCE = 60.0  # seconds; a busy machine is no fault of the house
CUT_OFF = (OSError, HTTPException)  # what a caller sees of a process that died


def wait_until(
    holds: Callable[[], object], what: str, *, patience: float = PATIENCE, told: Callable[[], str]
) -> None:
    """Look again and again until it holds; fail with what is awaited and what is known."""
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"not within {patience:g} s: {what}\n{told()}")
        time.sleep(0.02)


def a_free_port() -> int:
    """Return a free port from below those that outgoing connections take by themselves."""
    chance = random.SystemRandom()
    for _ in range(200):
        port = chance.randrange(18_000, 32_000)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no free port")


@dataclass
class Running:
    """A process, and what it said last."""

    process: "subprocess.Popen[str]"
    said: deque[str] = field(default_factory=lambda: deque(maxlen=200))

    @classmethod
    def begin(cls, command: tuple[str, ...], environment: Mapping[str, str]) -> "Running":
        """Start a process in a group of its own."""
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        running = cls(process)
        assert process.stderr is not None
        threading.Thread(target=running._listen, args=(process.stderr,), daemon=True).start()
        return running

    def _listen(self, stream: IO[str]) -> None:
        with stream:
            self.said.extend(stream)

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def words(self) -> str:
        """Return its last words."""
        return f"exit code {self.process.poll()}; it said:\n{''.join(list(self.said)[-40:])}"

    def end(self, how: signal.Signals) -> int:
        """Send a signal and return the exit code; minus the signal where that killed it."""
        if self.is_alive:
            os.killpg(self.process.pid, how)
        return self.wait()

    def wait(self, patience: float = PATIENCE) -> int:
        """Return the exit code once it has ended."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end\n{self.words()}") from None


@dataclass
class DutyRoom:
    """One data folder and the process that may be up on it."""

    data: Path
    county: Path
    phone: str
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=a_free_port)
    running: Running | None = None
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def is_up(self) -> bool:
        return self.running is not None and self.running.is_alive

    @property
    def log(self) -> str:
        return self.running.words() if self.running is not None else "never started"

    def start(self, *orders: str) -> None:
        """Start it, by the launcher if there are orders for it, and wait until it is ready."""
        self.begin(*orders)
        wait_until(self.is_ready_or_dead, "the duty room is ready", told=lambda: self.log)
        assert self.is_up or "kill" in str(orders), self.log

    def begin(self, *orders: str, around: tuple[str, ...] = ()) -> None:
        """Start it and do not wait. `around` is a command to run it under."""
        assert not self.is_up
        way = (sys.executable, "-m", "tests.journeys.launcher", *orders, "--") if orders else JIBAO
        command = (*around, *way, "up", "--data", str(self.data), "--port", str(self.port))
        self.running = Running.begin(command, self._environment)

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "JIBAO_COUNTY": str(self.county),
            "JIBAO_PHONE": self.phone,
            "PYTHONUNBUFFERED": "1",
            **self.environment,
        }

    def kill(self) -> None:
        """`kill -9`, and wait until it is dead."""
        assert self.running is not None
        self.running.end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; return the exit code."""
        assert self.running is not None
        return self.running.end(signal.SIGTERM)

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run another `jibao` command to its end, with this room's settings."""
        return subprocess.run(
            (*JIBAO, *words),
            cwd=ROOT,
            env={**os.environ, **self._environment, "JIBAO_DATA": str(self.data)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def token(self, principal: str) -> str:
        """Return a token of `unit:<id>` or `person:<id>`, made at the first asking."""
        if principal not in self._tokens:
            made = secrets.token_urlsafe(24)
            book = open_book(self.data)
            with book.writing.begin() as connection:
                tokens.add(connection, tokens.hash_of(made), principal, WallClock().now())
            book.close()
            self._tokens[principal] = made
        return self._tokens[principal]

    def ask(self, method: str, path: str, principal: str = "", **more: object) -> Reply:
        """Ask it something in someone's name."""
        token = self.token(principal) if principal else ""
        return ask(self.port, method, path, token=token, **more)  # type: ignore[arg-type]

    def post(self, item: Mapping[str, object], key: str | None = None, **more: object) -> Reply:
        """Hand in one item of a township."""
        return self.ask(
            "POST", "/api/v1/submissions", "unit:qingshi", content=item, key=key, **more
        )

    def is_ready_or_dead(self) -> bool:
        if not self.is_up:
            return True
        with contextlib.suppress(*CUT_OFF):
            return self.ask("GET", "/-/ready").status == 200
        return False


@contextmanager
def a_duty_room(folder: Path, county: Path, phone: str, **environment: str) -> Iterator[DutyRoom]:
    """Give a duty room on a fresh folder, not yet started; whatever runs at the end is killed."""
    room = DutyRoom(folder / "data", county, phone, environment)
    try:
        yield room
    finally:
        if room.is_up:
            room.kill()


@contextmanager
def a_phone_process() -> Iterator[tuple[str, Running]]:
    """Run `jibao phone` and give its host and process, once it answers."""
    port = a_free_port()
    running = Running.begin((*JIBAO, "phone", "--port", str(port)), {})

    def answers() -> bool:
        with contextlib.suppress(*CUT_OFF):
            return ask(port, "GET", "/messages").status == 200
        assert running.is_alive, running.words()
        return False

    try:
        wait_until(answers, "the phone answers", told=running.words)
        yield f"127.0.0.1:{port}", running
    finally:
        running.end(signal.SIGKILL)
