"""One real Kafka and one real PostgreSQL for each process of a test run. 测试用真服务。

Both start when a test first asks, and are shared: a test takes topics and a database of its own,
and leaves the servers running. Where a package or the network is missing the test is skipped; in
CI it fails.
"""

import functools
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from app.laptop.kafka import Brokers
from app.laptop.lacking import LackingError
from app.laptop.postgres import Postgres
from ledger.book import open_book
from tests.conftest import lacking

Server = TypeVar("Server")


@contextmanager
def a_short_folder() -> Iterator[Path]:
    """Give a folder with a short path: a socket's may have 107 bytes, and pytest's are long."""
    with tempfile.TemporaryDirectory(prefix="jibao-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def some_brokers(count: int) -> Iterator[Brokers]:
    """Run one broker or three that a test has for itself."""
    with a_short_folder() as folder, _or_lacking(Brokers(folder, count=count)) as brokers:
        yield brokers


@contextmanager
def a_postgres(**settings: str) -> Iterator[Postgres]:
    """Run a PostgreSQL that a test has for itself."""
    with (
        a_short_folder() as folder,
        _or_lacking(Postgres(folder / "postgres", settings=settings)) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def kafka(pytestconfig: pytest.Config) -> Brokers:
    """One running broker; a test that kills it revives it."""
    return _one_broker(pytestconfig)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Postgres:
    """One running PostgreSQL; a test that kills it starts it again."""
    return _one_postgres(pytestconfig)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """Give the test an empty PostgreSQL database of its own."""
    with fresh_database(postgres) as url:
        yield url


@contextmanager
def fresh_database(postgres: Postgres) -> Iterator[str]:
    """Create an empty database, give its SQLAlchemy URL, and drop it afterwards."""
    name = fresh_name("book")
    url = postgres.create_database(name)
    try:
        yield url
    finally:
        if postgres.running:
            postgres.drop_database(name)


@contextmanager
def a_copied_database(postgres: Postgres) -> Iterator[str]:
    """Create a database that holds an empty book already, and drop it afterwards.

    Copied from one that was brought up to date once: a hundred tests need not do that again.
    """
    name = fresh_name("book")
    postgres.copy_database(_with_a_book(postgres), name)
    try:
        yield postgres.url_of(name)
    finally:
        if postgres.running:
            postgres.drop_database(name)


@functools.cache
def _with_a_book(postgres: Postgres) -> str:
    open_book(postgres.folder, postgres.create_database("empty_book")).close()
    return "empty_book"


def fresh_name(of: str) -> str:
    """Return a name that no other test has: of a topic, a group, a database."""
    return f"{of}_{secrets.token_hex(6)}"


# A folder whose conftest imports these fixtures defines them anew for pytest: what they give is
# kept here, so that it is the same server all the same.
@functools.cache
def _one_broker(config: pytest.Config) -> Brokers:
    return _until_the_end(config, some_brokers(1))


@functools.cache
def _one_postgres(config: pytest.Config) -> Postgres:
    """Without fsync: what is killed loses nothing that the kernel has, so no test could tell."""
    return _until_the_end(config, a_postgres(fsync="off"))


def _until_the_end(config: pytest.Config, server: AbstractContextManager[Server]) -> Server:
    stack = ExitStack()
    config.add_cleanup(stack.close)
    return stack.enter_context(server)


@contextmanager
def _or_lacking(server: AbstractContextManager[Server]) -> Iterator[Server]:
    with ExitStack() as stack:
        try:
            running = stack.enter_context(server)
        except LackingError as error:
            lacking(error.what, error.mend)
        yield running
