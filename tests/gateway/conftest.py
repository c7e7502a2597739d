"""Fresh pages on a fresh book for each test. 每例一套页面。"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.book import open_book
from tests.gateway.front_office import FrontOffice


@pytest.fixture
def office(tmp_path: Path) -> Iterator[FrontOffice]:
    book = open_book(tmp_path)
    yield FrontOffice(book)
    book.close()
