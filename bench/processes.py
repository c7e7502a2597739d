"""Start real processes, and end each by its own number, whatever happens. 进程。"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.machine import file_system_of

ROOT = Path(__file__).parent.parent
JIBAO = (sys.executable, "-c", "from app.main import main; main()")
_MEMORY_ONLY = {"tmpfs", "ramfs", "overlay", "unknown"}
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0


class StartError(RuntimeError):
    """A process that a benchmark needs did not come up. 进程未能启动。"""


@dataclass
class Ground:
    """Where one benchmark runs: a folder on the disk, and what it has started there.

    `kafka` is None for a room in one process; an address, or nothing for a broker of our own.
    `is_on_postgres` gives the one process a PostgreSQL in the place of its file.
    """

    folder: Path
    kafka: str | None = None
    is_on_postgres: bool = False
    closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process; what it says goes to `<name>.log` in the folder."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=_environment() | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self._running.append(process)
        return process

    def wait_until_up(self, name: str, process: subprocess.Popen[bytes], url: str) -> None:
        """Wait until `url` answers 200.

        Raises:
            StartError: the process ended, or did not answer in time; with its last words.
        """
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            if answers(url):
                return
            time.sleep(0.02)
        said = (self.folder / f"{name}.log").read_text("utf-8", "replace")[-2_000:]
        raise StartError(f"{name} did not come up: {said}")

    def end(self, process: subprocess.Popen[bytes]) -> None:
        """End a process in good order; by force where it does not follow."""
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._running:
            self._running.remove(process)

    def end_all(self) -> None:
        """End what was started, the last first."""
        self.closing.close()
        for process in reversed(self._running.copy()):
            self.end(process)


@contextlib.contextmanager
def ground(kafka: str | None = None, *, is_on_postgres: bool = False) -> Iterator[Ground]:
    """Give a folder of its own on a disk; end all processes and remove the folder afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="jibao-bench-", dir=_on_disk()) as folder,
        _told_to_end(),
    ):
        made = Ground(Path(folder), kafka, is_on_postgres)
        try:
            yield made
        finally:
            with _not_disturbed():
                made.end_all()


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def answers(url: str) -> bool:
    """Say whether a GET of `url` answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own loopback)
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _on_disk() -> str:
    """The temporary folder of this machine, unless it is one in memory: fsync means nothing there.

    An overlay may rest on anything, so the checkout's own disk is taken in its place.
    """
    for place in (tempfile.gettempdir(), "/var/tmp", str(ROOT.parent)):  # noqa: S108
        folder = Path(place)
        if os.access(folder, os.W_OK) and file_system_of(folder) not in _MEMORY_ONLY:
            return place
    return tempfile.gettempdir()


def _environment() -> dict[str, str]:
    """The environment without settings of a duty room that may run beside us."""
    return {name: value for name, value in os.environ.items() if not name.startswith("JIBAO_")}


@contextlib.contextmanager
def _told_to_end() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end us as Ctrl-C does: by an exception that cleans up."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    kinds = (signal.SIGTERM, signal.SIGHUP)
    before = {kind: signal.signal(kind, leave) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@contextlib.contextmanager
def _not_disturbed() -> Iterator[None]:
    """Let an impatient second Ctrl-C not leave processes behind."""
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {kind: signal.signal(kind, signal.SIG_IGN) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
