"""The book in one SQLite file. 单机台账。

WAL with `synchronous=FULL`: a commit returns only after the log was fsync'd. The settings are
read back from the very connection and compared, because a promise that rests on a pragma must
not rest on its spelling.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import StaticPool

from ledger.away import BookAwayError, BookBusyError

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "busy_timeout": 1500,  # milliseconds; then the caller hears 503 rather than waits
    "wal_autocheckpoint": 1000,
    "cache_size": -65536,  # KiB
    "temp_store": 2,
}


def engines(path: Path) -> tuple[Engine, Engine]:
    """Return the engine that writes and the one that reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    private(path)
    return _engine(path, begin="BEGIN IMMEDIATE"), _engine(path, begin="BEGIN")


def reading_only(path: Path) -> Engine:
    """Return an engine on a file that SQLite itself refuses to write; it is not made."""

    def connect() -> sqlite3.Connection:
        address = f"{path.absolute().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    _begin_with(engine, "BEGIN")
    return engine


def in_memory() -> Engine:
    """Return an engine on a database that rests nowhere: one connection, and gone with it."""
    engine = create_engine(
        "sqlite://",
        connect_args={"check_same_thread": False, "isolation_level": None},
        poolclass=StaticPool,
    )
    _begin_with(engine, "BEGIN IMMEDIATE")
    return engine


def private(path: Path) -> None:
    """Make the file if need be, for its owner alone: it holds reports, names and live links."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def settings_of(connection: Connection) -> dict[str, Any]:
    """Return the settings this connection really has."""
    return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in _PRAGMAS}


def assert_settings(connection: Connection) -> None:
    """Refuse a connection that does not keep what it says.

    Raises:
        BookAwayError: a setting does not hold.
    """
    found = settings_of(connection)
    if found != _PRAGMAS:
        raise BookAwayError(f"the book opened with {found}, not {_PRAGMAS}")


@contextmanager
def alone(folder: Path) -> Iterator[IO[str]]:
    """Hold the data folder for this process alone; the kernel lets go when the process dies.

    Raises:
        BookBusyError: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "jibao.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BookBusyError(str(folder)) from error
        lock.write(str(os.getpid()))
        lock.flush()
        yield lock


def _engine(path: Path, *, begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"check_same_thread": False, "isolation_level": None},
        pool_size=4,
    )

    @event.listens_for(engine, "connect")
    def _set_pragmas(connection: Any, _record: object) -> None:
        for name, value in _PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")

    _begin_with(engine, begin)
    return engine


def _begin_with(engine: Engine, statement: str) -> None:
    """Begin transactions ourselves: the driver would begin only at the first write.

    By the dialect's own door, since a listener would make the library look for listeners at
    every statement, which cost a sixth of each.
    """

    def begin(connection: Any) -> None:
        connection.driver_connection.execute(statement)

    engine.dialect.do_begin = begin  # type: ignore[method-assign,assignment]
