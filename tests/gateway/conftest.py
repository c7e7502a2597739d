"""Fresh pages, or a whole open room, on a fresh book for each test. 每例一套。"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ledger.book import open_book
from tests.gateway.front_office import FrontOffice
from tests.streams.open_room import OpenRoom, an_open_room


@pytest.fixture
def office(tmp_path: Path) -> Iterator[FrontOffice]:
    book = open_book(tmp_path)
    yield FrontOffice(book)
    book.close()


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[OpenRoom]:
    monkeypatch.setenv("JIBAO_PHONE", "127.0.0.1:9")
    async with an_open_room(tmp_path) as room:
        yield room
