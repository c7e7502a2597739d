"""Open the book, and say in which way it is open. 打开台账。

SQLite in WAL with `synchronous=FULL`: a commit returns only after the log was fsync'd. The
settings are read back from the very connection and compared, because a promise that rests on
a pragma must not rest on its spelling.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError

from ledger.upgrading import BookTooNewError, bring_up_to_date

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "busy_timeout": 1500,  # milliseconds; then the caller hears 503 rather than waits
    "wal_autocheckpoint": 1000,
    "cache_size": -65536,  # KiB
    "temp_store": 2,
}


class BookAwayError(RuntimeError):
    """The book cannot be written now: full, locked, read-only or gone. 台账暂不可用。"""


class BookBusyError(RuntimeError):
    """Another duty room has this data folder open. 数据目录正被另一进程使用。"""


FILE_NAME = "jibao.sqlite3"

__all__ = [
    "FILE_NAME",
    "Book",
    "BookAwayError",
    "BookBusyError",
    "BookTooNewError",
    "alone",
    "open_book",
    "private",
    "settings_of",
]


@dataclass(frozen=True)
class Book:
    """One book: `writing` for the one writer, `reading` for the pages."""

    path: Path
    writing: Engine
    reading: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for queries; it sees a snapshot and never waits for the writer."""
        with self.reading.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close both ends."""
        self.writing.dispose()
        self.reading.dispose()


def open_book(folder: Path) -> Book:
    """Open the book in `folder`, made if need be.

    Raises:
        BookAwayError: the folder or file cannot be opened or the settings do not hold.
        BookTooNewError: a newer version wrote it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    private(path)
    writing = _engine(path, begin="BEGIN IMMEDIATE")
    try:
        with writing.begin() as connection:
            bring_up_to_date(connection)
        with writing.connect() as connection:
            _assert_settings(connection)
    except DatabaseError as error:
        raise BookAwayError(f"{path.name}: {error.orig}") from error
    return Book(path=path, writing=writing, reading=_engine(path, begin="BEGIN"))


def private(path: Path) -> None:
    """Make the file if need be, for its owner alone: it holds reports, names and live links."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


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


def settings_of(connection: Connection) -> dict[str, Any]:
    """Return the settings this connection really has."""
    return {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in _PRAGMAS}


def _assert_settings(connection: Connection) -> None:
    found = settings_of(connection)
    if found != _PRAGMAS:
        raise BookAwayError(f"the book opened with {found}, not {_PRAGMAS}")


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

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
