"""Is the book what the program thinks it is? 台账结构与升级。"""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from ledger.book import BookTooNewError, open_book
from ledger.schema import metadata


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
