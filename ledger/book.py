"""Open the book: one SQLite file, or a PostgreSQL that many processes share. 打开台账。"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, DBAPIError

from ledger import postgres, sqlite
from ledger.away import BookAwayError, BookBusyError
from ledger.sqlite import alone, private, settings_of
from ledger.upgrading import HEAD, BookTooNewError, bring_up_to_date, refuse_newer

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
    "reading_only",
    "scratch_book",
    "settings_of",
]


@dataclass(frozen=True)
class Book:
    """One book: `writing` for those who change it, `reading` for the pages."""

    writing: Engine
    reading: Engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for queries; it sees a snapshot and never waits for a writer."""
        with self.reading.connect() as connection:
            yield connection

    @property
    def is_shared(self) -> bool:
        """Say whether other processes may write here too."""
        return self.writing.dialect.name == postgres.NAME

    def close(self) -> None:
        """Close both ends."""
        self.writing.dispose()
        self.reading.dispose()


def open_book(folder: Path, url: str = "") -> Book:
    """Open the book at `url`, or in `folder` where none is given; made if need be.

    Of several processes that open one book at the same time, one brings it up to date and the
    others wait for that.

    Raises:
        BookAwayError: it cannot be opened or its settings do not hold.
        BookTooNewError: a newer version wrote it.
    """
    writing, reading = postgres.engines(url) if url else sqlite.engines(folder / FILE_NAME)
    try:
        with writing.begin() as connection:
            postgres.take_time(connection)
            postgres.hold(connection, "schema")
            bring_up_to_date(connection)
        if not url:
            with writing.connect() as connection:
                sqlite.assert_settings(connection)
    except DatabaseError as error:
        writing.dispose()
        name = "PostgreSQL" if url else FILE_NAME
        raise BookAwayError(f"{name}: {error.orig}") from error
    except BookTooNewError:
        writing.dispose()
        raise
    return Book(writing, reading)


@contextmanager
def reading_only(folder: Path, url: str = "") -> Iterator[Connection]:
    """Give one snapshot of a book that cannot be written through it; it may be in use.

    Raises:
        BookAwayError: there is none, it cannot be read, or an older version wrote it.
        BookTooNewError: a newer version wrote it.
    """
    name = "PostgreSQL" if url else FILE_NAME
    engine = postgres.reading_only(url) if url else sqlite.reading_only(folder / FILE_NAME)
    try:
        with engine.begin() as connection:
            if refuse_newer(connection) != HEAD:
                raise BookAwayError(f"{name}: 台账由较旧的版本写成，请先用本版本打开一次")
            yield connection
    except DBAPIError as error:
        raise BookAwayError(f"{name}: {error.orig}") from error
    finally:
        engine.dispose()


def scratch_book() -> Book:
    """Open an empty book in memory: the same tables and the same acts, gone when it is closed.

    Both ends are one connection, so whoever reads does so between transactions.
    """
    engine = sqlite.in_memory()
    with engine.begin() as connection:
        bring_up_to_date(connection)
    return Book(engine, engine)
