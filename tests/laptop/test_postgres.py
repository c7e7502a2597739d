"""A real PostgreSQL keeps what was committed, also through kill -9. 真 PostgreSQL：杀不丢。"""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.laptop.postgres import Postgres, PostgresError
from tests.laptop.fixtures import a_postgres, a_short_folder, fresh_database

pytestmark = pytest.mark.slow

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement in a transaction of its own, over a connection of its own."""
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sa.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


@pytest.fixture
def a_committed_row(database_url: str) -> str:
    run(database_url, "CREATE TABLE cases (number INTEGER)")
    run(database_url, "INSERT INTO cases VALUES (119)")
    return database_url


def test_what_was_committed_survives_kill_9(postgres: Postgres, a_committed_row: str) -> None:
    postgres.kill()
    assert not postgres.running
    postgres.start()

    assert run(a_committed_row, "SELECT number FROM cases") == [(119,)]


def test_what_was_not_committed_does_not(postgres: Postgres, a_committed_row: str) -> None:
    engine = sa.create_engine(a_committed_row, poolclass=sa.pool.NullPool)
    connection = engine.connect()
    connection.execute(sa.text("INSERT INTO cases VALUES (120)"))

    postgres.kill()
    postgres.start()
    connection.invalidate()
    connection.close()

    assert run(a_committed_row, "SELECT number FROM cases") == [(119,)]


def test_it_stops_and_starts_on_the_same_data(postgres: Postgres, a_committed_row: str) -> None:
    postgres.stop()
    assert not postgres.running
    postgres.start()

    assert run(a_committed_row, "SELECT number FROM cases") == [(119,)]


def test_each_test_has_a_database_of_its_own(postgres: Postgres) -> None:
    with fresh_database(postgres) as one, fresh_database(postgres) as other:
        run(one, "CREATE TABLE cases (number INTEGER)")

        assert run(other, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []


def test_a_commit_is_on_the_disk_before_it_is_told_unless_one_asks_otherwise() -> None:
    with a_postgres() as server:
        assert run(server.url, "SHOW fsync") == [("on",)]
        assert run(server.url, "SHOW synchronous_commit") == [("on",)]


def test_a_long_folder_name_does_not_break_the_socket() -> None:
    with a_short_folder() as folder, Postgres(folder / ("long" * 30)) as server:
        assert run(server.url, "SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_says_why() -> None:
    with a_short_folder() as folder:
        server = Postgres(folder / "postgres", settings={"max_connections": "none"})
        try:
            with pytest.raises(PostgresError, match="max_connections"):
                server.start()
        finally:
            server.close()


def test_debian_s_own_server_does_as_well() -> None:
    if not DEBIAN:
        pytest.skip("the other way: Debian's postgresql is not installed here")
    with a_short_folder() as folder:
        server = Postgres(folder / "postgres", programs=DEBIAN[-1].parent)
        with server:
            assert run(server.url, "SELECT 1") == [(1,)]
