"""A fresh book for each test: in SQLite, and the same test again in PostgreSQL. 每例一本新台账。"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger.book import Book, open_book
from tests.builders import HOUR, a_call, a_desk
from tests.laptop.fixtures import a_copied_database, postgres  # noqa: F401 (asked for by name)
from tests.streams.a_chained_log import link_up, say
from tests.streams.a_gateway import gateway  # noqa: F401
from tests.streams.a_lane import lane  # noqa: F401
from tests.streams.an_outlet import outlet  # noqa: F401
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, acknowledged
from vocabulary.terms import AnswerKind


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    with ExitStack() as stack:
        url = ""
        if request.param == "postgres":
            server = request.getfixturevalue("postgres")
            url = stack.enter_context(a_copied_database(server))
        book = open_book(tmp_path, url)
        stack.callback(book.close)
        yield book


@pytest.fixture
def room(book: Book) -> DutyBook:
    return DutyBook(book, a_desk())


@pytest.fixture
def owing(room: DutyBook) -> DutyBook:
    """A township that telephoned and still owes it in writing; an officer has it in hand."""
    room.take(a_call())
    acknowledged(room)
    return room


@pytest.fixture
def logged(owing: DutyBook) -> DutyBook:
    """Two entries of one debt, overdue and missing, a rebuttal and a finding; all chained."""
    owing.fire(just_after(DUE))
    owing.fire(just_after(DUE + HOUR))
    say(owing)
    say(owing, AnswerKind.FINDING, "申辩不成立")
    link_up(owing)
    return owing
