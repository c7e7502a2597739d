"""A data folder, empty or with one fire in its book. 命令测试的数据目录。"""

from pathlib import Path

import pytest

from ledger.book import open_book
from tests.builders import a_desk, an_arrival
from tests.streams.duty_book import DutyBook


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def book(data: Path) -> Path:
    """A data folder whose book holds one fire."""
    opened = open_book(data)
    DutyBook(opened, a_desk()).take(an_arrival())
    opened.close()
    return data
