"""Is what the desk asked for met by the item that names it, and by no other? 约稿答复。"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import (
    FIRE,
    HOUR,
    NEIGHBOUR,
    NIGHT,
    NIL,
    OFFICER,
    SECOND,
    TOWNSHIP,
    Item,
    a_call,
)
from tests.streams.asked_for import (
    ANSWER,
    DUE,
    THIS,
    WANTED,
    an_answer,
    ask,
    owed,
)
from tests.streams.duty_book import DutyBook
from vocabulary.arrival import Arrival
from vocabulary.terms import Duty

# It is met, by the item that names it.


def test_an_item_that_names_it_meets_it_for_its_own_unit(room: DutyBook) -> None:
    ask(room)

    receipt = room.take(an_answer())

    found = owed(room)
    assert [found[unit]["fulfilment"] for unit in (TOWNSHIP, NEIGHBOUR)] == ["met", "open"]
    assert found[TOWNSHIP]["fulfilled_by"] == receipt["submission_id"]
    assert [each["kind"] for each in receipt["obligations"]] == [WANTED]


@pytest.mark.parametrize(
    "item",
    [
        an_answer(solicitation_id=None),
        an_answer(solicitation_id=str(UUID(int=7))),
        an_answer(solicitation_id="the one about fires"),
        an_answer("baisha"),
        an_answer(is_drill=True),
        replace(an_answer(), is_proven=False),
    ],
    ids=["none", "another", "no id", "a unit not asked", "a drill", "maybe a stranger"],
)
def test_any_other_item_meets_nothing(room: DutyBook, item: Arrival) -> None:
    ask(room)

    room.take(item)

    assert {row["fulfilment"] for row in owed(room).values()} == {"open"}


def test_it_pays_no_report_that_happens_to_be_of_the_same_kind(room: DutyBook) -> None:
    room.take(a_call(**FIRE))
    ask(room)

    vague: Item = {"title": "民房起火", "body": "3时20分，一民房起火，正在扑救，2人受伤。"}
    room.take(an_answer(**vague))

    assert room.owed(Duty.WRITTEN_FIRST_REPORT, case_id=1)["fulfilment"] == "open"
    assert owed(room)[TOWNSHIP]["fulfilment"] == "met"


def test_of_the_case_that_it_surely_belongs_to_it_pays_the_report_as_well(room: DutyBook) -> None:
    room.take(a_call(**FIRE))
    ask(room)

    receipt = room.take(an_answer(**FIRE, case_id=str(room.case_uid(1))))

    assert {Duty.WRITTEN_FIRST_REPORT, WANTED} <= {o["kind"] for o in receipt["obligations"]}


def test_the_desk_may_write_down_what_a_unit_told_by_telephone(room: DutyBook) -> None:
    ask(room)

    room.take(a_call(at=NIGHT + HOUR, **ANSWER, solicitation_id=str(THIS)))

    assert owed(room)[TOWNSHIP]["fulfilment"] == "met"


def test_an_emergency_that_answers_it_pages_all_the_same(room: DutyBook) -> None:
    ask(room)

    receipt = room.take(an_answer(**FIRE))

    assert receipt["verdict"] == "emergency"
    assert OFFICER in room.called()


@pytest.mark.parametrize(
    ("after", "found"),
    [(DUE - NIGHT, "on_time"), (DUE - NIGHT + SECOND, "late")],
    ids=["the last instant", "the second after"],
)
def test_the_last_instant_is_in_time(room: DutyBook, after: timedelta, found: str) -> None:
    ask(room)

    room.take(an_answer(after=after))

    assert owed(room)[TOWNSHIP]["timeliness"] == found


def test_a_second_answer_changes_nothing(room: DutyBook) -> None:
    ask(room)
    first = room.take(an_answer())

    room.absorb(an_answer(key="2", after=2 * HOUR), an_answer(key="3", after=2 * HOUR))

    assert owed(room)[TOWNSHIP]["fulfilled_by"] == first["submission_id"]


def test_two_answers_in_one_batch_are_one_payment(room: DutyBook) -> None:
    ask(room)

    room.absorb(an_answer(), an_answer(key="2"), an_answer(NEIGHBOUR))

    assert {row["fulfilment"] for row in owed(room).values()} == {"met"}


def test_a_nil_report_that_names_it_is_an_answer_and_still_a_nil_report(room: DutyBook) -> None:
    room.fire(NIGHT)
    ask(room)

    room.take(an_answer(**NIL, body=""))

    assert owed(room)[TOWNSHIP]["fulfilment"] == "met"
    assert room.owed(Duty.NIL_REPORT, owed_by=TOWNSHIP)["fulfilment"] == "met"


def test_a_copy_received_in_time_and_judged_after_the_late_one_corrects_it(room: DutyBook) -> None:
    ask(room)
    late = an_answer(after=DUE - NIGHT + 5 * SECOND)
    late = replace(late, is_from_log=True, answered="{}")
    room.absorb(late)
    marked = owed(room)[TOWNSHIP]["timeliness"]

    room.absorb(replace(late, received_at=DUE - SECOND))

    assert (marked, owed(room)[TOWNSHIP]["timeliness"]) == ("late", "on_time")
