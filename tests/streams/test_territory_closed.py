"""What becomes of the question to a unit when its case is closed? 属地核实与办结。"""

from typing import Any

import pytest

from tests.builders import MINUTE, NIGHT, Item, an_arrival
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged
from tests.streams.settled import by
from tests.streams.told_first import LIMIT, POLICE, asked, case_of, its_own, told_by_another
from vocabulary.case_act import Close, Reopen
from vocabulary.terms import Stage


def test_a_false_alarm_takes_it_back_as_well(room: DutyBook) -> None:
    room.take(told_by_another())

    room.act(Close(room.case_uid(1), by(), is_false_alarm=True))

    assert asked(room)[0]["fulfilment"] == "waived"


def test_the_question_ends_with_the_case_and_comes_back_with_it(room: DutyBook) -> None:
    room.take(told_by_another())
    acknowledged(room)

    room.act(Close(room.case_uid(1), by(after=10 * MINUTE)))
    closed = asked(room)[0]["fulfilment"]
    room.act(Reopen(room.case_uid(1), by(after=40 * MINUTE)))

    (owed,) = asked(room)
    assert (closed, owed["fulfilment"]) == ("waived", "open")
    assert owed["due_at"] == NIGHT + LIMIT + 30 * MINUTE


@pytest.mark.parametrize(("answers", "then"), [(False, "open"), (True, "met")])
def test_what_came_while_the_case_was_closed_is_asked_when_it_is_reopened(
    room: DutyBook, *, answers: bool, then: str
) -> None:
    vague: Item = {"title": "民房起火", "body": "3时02分，一民房起火，正在扑救，2人受伤。"}
    room.take(an_arrival("1", POLICE, **vague))
    room.act(Close(room.case_uid(1), by(), is_false_alarm=True))
    late: dict[str, Any] = {
        "at": NIGHT + 5 * MINUTE,
        "stage": Stage.FOLLOW_UP,
        "case_id": case_of(room),
    }
    room.take(told_by_another("2", **late))
    if answers:
        room.take(its_own(at=NIGHT + 6 * MINUTE, case_id=case_of(room)))

    room.act(Reopen(room.case_uid(1), by(after=40 * MINUTE)))

    (owed,) = asked(room)
    assert owed["fulfilment"] == then
    assert owed["due_at"] == NIGHT + 40 * MINUTE + LIMIT


def test_a_closed_case_asks_nobody(room: DutyBook) -> None:
    vague: Item = {"title": "民房起火", "body": "3时02分，一民房起火，正在扑救，2人受伤。"}
    room.take(an_arrival("1", POLICE, **vague))
    room.act(Close(room.case_uid(1), by(), is_false_alarm=True))

    room.take(told_by_another("2", stage=Stage.FOLLOW_UP, case_id=case_of(room)))

    assert [owed["fulfilment"] for owed in asked(room)] == ["waived"]


def test_who_was_overdue_when_a_false_alarm_was_called_is_so_after_it(room: DutyBook) -> None:
    room.take(told_by_another())
    room.fire(just_after(NIGHT + LIMIT))
    room.act(Close(room.case_uid(1), by(after=40 * MINUTE), is_false_alarm=True))

    room.act(Reopen(room.case_uid(1), by(after=50 * MINUTE)))

    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["timeliness"]) == ("open", "overdue")
    assert (owed["due_at"], owed["next_at"]) == (NIGHT + LIMIT, NIGHT + 2 * LIMIT)
