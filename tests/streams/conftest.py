"""A fresh book for each test. 每例一本新台账。"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book import open_book
from tests.builders import a_call, a_desk
from tests.streams.duty_book import DutyBook
from tests.streams.owing import acknowledged


@pytest.fixture
def room(tmp_path: Path) -> Iterator[DutyBook]:
    book = open_book(tmp_path)
    yield DutyBook(book, a_desk())
    book.close()


@pytest.fixture
def owing(room: DutyBook) -> DutyBook:
    """A township that telephoned and still owes it in writing; an officer has it in hand."""
    room.take(a_call())
    acknowledged(room)
    return room
