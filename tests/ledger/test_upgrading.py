"""Is the book what the program thinks it is? 台账结构与升级。"""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, text

from ledger import sqlite
from ledger.book import FILE_NAME, BookTooNewError, open_book
from ledger.chain import waiting
from ledger.log_schema import metadata
from ledger.schema import facts, inbox, late_log
from ledger.upgrading import bring_up_to_date
from vocabulary.proof import LinkKind


def test_the_migrations_make_just_the_tables_that_the_program_knows(tmp_path: Path) -> None:
    book = open_book(tmp_path)

    with book.read() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)

    book.close()
    assert found == []


def test_a_book_is_opened_again_as_it_was(tmp_path: Path) -> None:
    open_book(tmp_path).close()

    book = open_book(tmp_path)

    with book.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    book.close()


def test_a_book_of_a_newer_program_is_not_touched(tmp_path: Path) -> None:
    book = open_book(tmp_path)
    with book.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    book.close()

    with pytest.raises(BookTooNewError, match="9999"):
        open_book(tmp_path)


def test_a_book_of_the_first_version_keeps_all_it_holds(tmp_path: Path) -> None:
    with make_old_book(tmp_path).begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO inbox VALUES"
            " (1, zeroblob(16), 'qingshi', 'express', 5, zeroblob(32), '{}')"
        )
        connection.exec_driver_sql("INSERT INTO late_log VALUES (1, 1, 5, 'late', 60, 5, '')")
        connection.exec_driver_sql("INSERT INTO facts VALUES (1, NULL, 'taken_back', 5, '{}')")

    book = open_book(tmp_path)

    with book.read() as connection:
        row = connection.execute(select(inbox)).mappings().one()
        assert (row["lane"], row["is_proven"], row["answered"]) == ("express", True, None)
        assert connection.execute(select(facts.c.published_at)).one() == (None,)
        assert connection.execute(select(late_log.c.overrun_seconds)).one() == (60,)
        assert waiting(connection, {}) == {LinkKind.ENTRY: 0}  # for the first look
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    book.close()


def make_old_book(folder: Path) -> Engine:
    writing, reading = sqlite.engines(folder / FILE_NAME)
    reading.dispose()
    with writing.begin() as connection:
        bring_up_to_date(connection, "0001")
    return writing
