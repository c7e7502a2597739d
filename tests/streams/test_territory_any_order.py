"""Whatever the order, the batches and the way, is the same asked and answered? 属地核实的次序。

Method: two who tell of one village, one of the next, the township's own report and its later
word; in any order, in any batches, by the door or by the inbox, some twice. In the end one
question is open, to the unit that said nothing, and none is late.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.book import open_book
from ledger.schema import cases
from tests.builders import MINUTE, NEIGHBOUR, NIGHT, TOWNSHIP, a_desk
from tests.streams.duty_book import DutyBook
from tests.streams.told_first import (
    HEALTH,
    NEXT_VILLAGE,
    asked,
    its_own,
    told_by_another,
)
from vocabulary.arrival import Arrival

ITEMS: tuple[Arrival, ...] = (
    told_by_another(),
    told_by_another("2", HEALTH),
    told_by_another("3", **NEXT_VILLAGE),
    its_own(),
    its_own("again", at=NIGHT + 9 * MINUTE),
)
orders = st.permutations(range(len(ITEMS)))
batches = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["door", "inbox"])), min_size=5)


def take(room: DutyBook, items: list[Arrival], way: str) -> None:
    if way == "door":
        room.absorb(*items)
        return
    room.keep(*items)
    while room.drain("express") or room.drain("submissions"):
        pass


@settings(max_examples=30)
@given(order=orders, split=batches, again=st.lists(st.integers(0, len(ITEMS) - 1), max_size=3))
def test_in_any_order_only_the_silent_unit_is_left_a_question(
    order: list[int], split: list[tuple[int, str]], again: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        room = DutyBook(open_book(Path(folder)), a_desk())
        left = [ITEMS[number] for number in [*order, *again]]
        for size, way in split * 2:
            if left:
                take(room, left[:size], way)
            left = left[size:]
        questions = asked(room)
        known = len(room.rows(cases))
        room.book.close()

    assert known == 2
    assert [q["owed_by"] for q in questions if q["fulfilment"] == "open"] == [NEIGHBOUR]
    theirs = [q for q in questions if q["owed_by"] == TOWNSHIP]
    assert len(theirs) <= 1
    assert {q["timeliness"] for q in theirs} <= {"on_time"}


@pytest.mark.slow
def test_two_processes_that_take_in_both_at_once_leave_no_question_open(room: DutyBook) -> None:
    def absorb(arrival: Arrival) -> None:
        with room.book.writing.begin() as connection:
            room.intake.absorb(connection, [arrival])

    with ThreadPoolExecutor(3) as hands:
        list(hands.map(absorb, (told_by_another(), told_by_another("2", HEALTH), its_own())))

    assert len(room.rows(cases)) == 1
    assert [q for q in asked(room) if q["fulfilment"] == "open"] == []
    assert len(asked(room)) <= 1
