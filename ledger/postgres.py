"""The book in PostgreSQL, written by many processes. 集群台账。"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

NAME = "postgresql"  # as SQLAlchemy calls it
_CONNECT_SECONDS = 3
_STATEMENT_MILLISECONDS = 15_000  # a lock that is held longer is a fault, and is heard as one


_HOLD = text("SELECT pg_advisory_xact_lock(:number)")


def engines(url: str) -> tuple[Engine, Engine]:
    """Return the engine that writes and the one that reads; both look before they use."""
    options = f"-c statement_timeout={_STATEMENT_MILLISECONDS} -c timezone=UTC"
    arguments = {"connect_timeout": _CONNECT_SECONDS, "options": options}
    address = make_url(url).set(drivername="postgresql+psycopg")
    writing = create_engine(address, connect_args=arguments, pool_size=4)
    reading = create_engine(
        address,
        connect_args=arguments,
        pool_size=8,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",  # a page's questions are few, and two round trips are saved
    )
    return writing, reading


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send what the block executes without waiting for each answer; errors come at its end.

    Raises:
        DBAPIError: as if each statement had been waited for.
    """
    raw = connection.connection.driver_connection
    assert isinstance(raw, psycopg.Connection)
    try:
        with raw.pipeline():
            yield
    except psycopg.Error as error:
        told = DBAPIError.instance("", None, error, psycopg.Error, dialect=connection.dialect)
        raise told from error


def hold(connection: Connection, what: str) -> None:
    """Wait for, and hold until the transaction ends, the lock of that name.

    SQLite needs none: its transaction holds the whole book from its first word.
    """
    if connection.dialect.name == NAME:
        connection.execute(_HOLD, {"number": lock_number(what)})


def lock_number(what: str) -> int:
    """Return the number under which PostgreSQL knows the lock of that name."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
