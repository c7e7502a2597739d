"""The book in PostgreSQL, written by many processes. 集群台账。"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

KEEPALIVE = {  # a server that is gone without a word is missed within seconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
NAME = "postgresql"  # as SQLAlchemy calls it
_CONNECT_SECONDS = 3
_IDLE_MILLISECONDS = 5_000  # inside a transaction: a frozen process must not hold rows for ever
_STATEMENT_MILLISECONDS = 15_000  # a lock that is held longer is a fault, and is heard as one


_HOLD = text(
    "SELECT pg_advisory_xact_lock(number) FROM unnest(CAST(:numbers AS bigint[])) AS number"
)


def engines(url: str) -> tuple[Engine, Engine]:
    """Return the engine that writes and the one that reads; both look before they use."""
    settings = {
        "statement_timeout": _STATEMENT_MILLISECONDS,
        "idle_in_transaction_session_timeout": _IDLE_MILLISECONDS,
        "timezone": "UTC",
    }
    address, arguments = _address(url), _arguments(settings)
    writing = create_engine(address, connect_args=arguments, pool_size=4)
    reading = create_engine(
        address,
        connect_args=arguments,
        pool_size=8,
        pool_pre_ping=True,
        isolation_level="AUTOCOMMIT",  # a page's questions are few, and two round trips are saved
    )
    return writing, reading


def reading_only(url: str) -> Engine:
    """Return an engine whose transactions the server itself keeps from writing.

    Each is one snapshot, and may take as long as it needs.
    """
    arguments = _arguments({"timezone": "UTC", "default_transaction_read_only": "on"})
    return create_engine(
        _address(url),
        connect_args=arguments,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )


def _address(url: str) -> URL:
    return make_url(url).set(drivername="postgresql+psycopg")


def _arguments(settings: Mapping[str, object]) -> dict[str, Any]:
    return {
        "connect_timeout": _CONNECT_SECONDS,
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        **KEEPALIVE,
    }


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send what the block executes without waiting for each answer; errors come at its end.

    Raises:
        DBAPIError: as if each statement had been waited for.
    """
    raw: Any = connection.connection.driver_connection
    driver: Any = connection.dialect.dbapi  # psycopg, which a house with one file never loads
    try:
        with raw.pipeline():
            yield
    except driver.Error as error:
        told = DBAPIError.instance("", None, error, driver.Error, dialect=connection.dialect)
        raise told from error


def take_time(connection: Connection) -> None:
    """Let this transaction take and rest as long as it needs: a migration, a waiting relay."""
    if connection.dialect.name == NAME:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def hold(connection: Connection, *names: str) -> None:
    """Wait for, and hold until the transaction ends, the locks of these names, one by one.

    SQLite needs none: its transaction holds the whole book from its first word.
    """
    if connection.dialect.name == NAME:
        connection.execute(_HOLD, {"numbers": [lock_number(name) for name in names]})


def lock_number(what: str) -> int:
    """Return the number under which PostgreSQL knows the lock of that name."""
    return int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
