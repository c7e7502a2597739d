"""Is what a first report left out asked back, and does the answer count? 缺项补报。"""

from datetime import timedelta
from uuid import UUID

import pytest

from ledger.schema import obligations
from tests.builders import (
    FIRE,
    HOUR,
    ITS_CLERK,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    RUMOUR,
    SECOND,
    TOWNSHIP,
    WALL,
    Item,
    a_call,
    an_arrival,
    the_law,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, by, follow_up
from vocabulary.case_act import Close, Merge
from vocabulary.terms import Duty, Fulfilment, Stage, Timeliness

ASKED = Duty.MISSING_ELEMENTS
ASKED_LIMIT = the_law().obligations[ASKED].limits["*"][0].length

WHOLE: Item = FIRE | {
    "body": FIRE["body"] + "无人员死亡、受伤、失联。报告人：李春梅。",
    "place": "和平路18号",
    "deaths": 0,
    "injured": 0,
    "missing": 0,
}
NOBODY_HURT: Item = {
    "title": "火灾续报",
    "body": "和平路火灾明火已扑灭，无人员死亡、无人员受伤、无人员失联。",
    "deaths": 0,
    "injured": 0,
    "missing": 0,
}


def test_what_a_written_first_report_left_out_is_asked_back(room: DutyBook) -> None:
    a_case(room)

    owed = room.owed(ASKED)

    assert (owed["owed_by"], owed["fulfilment"]) == (TOWNSHIP, Fulfilment.OPEN)
    assert owed["due_at"] == NIGHT + ASKED_LIMIT
    assert owed["opened_by"] == "首报缺死亡人数、受伤人数、失联人数"


def test_a_report_that_is_whole_is_asked_nothing(room: DutyBook) -> None:
    a_case(room, **WHOLE)

    assert room.rows(obligations, duty=ASKED) == []


def test_a_call_is_asked_nothing_for_its_written_report_will_tell(room: DutyBook) -> None:
    case_id = room.take(a_call())["case_id"]
    assert room.rows(obligations, duty=ASKED) == []

    room.take(an_arrival("2", at=NIGHT + MINUTE, **FIRE, case_id=case_id))

    assert room.owed(ASKED)["counted_from"] == NIGHT + MINUTE


def test_what_is_told_in_time_meets_it_and_the_receipt_says_so(room: DutyBook) -> None:
    uid = a_case(room)

    receipt = follow_up(room, uid, NOBODY_HURT)

    owed = room.owed(ASKED)
    assert (owed["fulfilment"], owed["timeliness"]) == (Fulfilment.MET, Timeliness.ON_TIME)
    assert owed["fulfilled_by"] == receipt["submission_id"]
    assert (ASKED.value, "met") in {(o["kind"], o["fulfilment"]) for o in receipt["obligations"]}


@pytest.mark.parametrize(
    ("late_by", "timeliness"),
    [(0 * SECOND, Timeliness.ON_TIME), (SECOND, Timeliness.LATE)],
    ids=["on the second", "a second after"],
)
def test_its_limit_is_kept_to_the_second(
    room: DutyBook, late_by: timedelta, timeliness: Timeliness
) -> None:
    uid = a_case(room)

    follow_up(room, uid, NOBODY_HURT, at=NIGHT + ASKED_LIMIT + late_by)

    assert room.owed(ASKED)["timeliness"] == timeliness


def test_half_an_answer_leaves_it_open_and_the_other_half_meets_it(room: DutyBook) -> None:
    uid = a_case(room)

    follow_up(room, uid, {"title": "续报", "body": "火灾致2人死亡。", "deaths": 2})
    assert room.owed(ASKED)["fulfilment"] == Fulfilment.OPEN

    rest = {"title": "续报", "body": "1人受伤，无人失联。", "injured": 1, "missing": 0}
    follow_up(room, uid, rest, key="3", at=NIGHT + HOUR + MINUTE)
    assert room.owed(ASKED)["fulfilment"] == Fulfilment.MET


def test_what_is_not_clear_yet_may_be_said_so(room: DutyBook) -> None:
    uid = a_case(room)

    follow_up(room, uid, {"title": "火灾续报", "body": "火势已控制，人员伤亡情况正在核实。"})

    assert room.owed(ASKED)["fulfilment"] == Fulfilment.MET


@pytest.mark.parametrize("words", the_law().asking_back.not_known_yet)
def test_each_way_to_say_that_it_is_not_known_yet_is_an_answer(words: str, room: DutyBook) -> None:
    uid = a_case(room, title="和平路起火", body="和平路18号居民楼5楼起火，消防正在扑救。")

    follow_up(room, uid, {"title": "火灾续报", "body": f"火势已控制，具体情况{words}。"})

    assert room.owed(ASKED)["fulfilment"] == Fulfilment.MET


@pytest.mark.parametrize("body", ["请查收。", "我镇召开火灾防范工作会议，部署下步工作。"])
def test_an_item_that_tells_nothing_of_it_answers_nothing(body: str, room: DutyBook) -> None:
    uid = a_case(room)

    follow_up(room, uid, {"title": "补报", "body": body}, stage=Stage.SUPPLEMENT)

    assert room.owed(ASKED)["fulfilment"] == Fulfilment.OPEN


def test_what_was_told_before_the_emergency_counts_only_as_far_as_it_was_told(
    room: DutyBook,
) -> None:
    uid = UUID(room.take(an_arrival("0", **RUMOUR))["case_id"])

    room.take(an_arrival("1", at=NIGHT + MINUTE, **FIRE, case_id=str(uid)))

    assert room.owed(ASKED)["opened_by"] == "首报缺死亡人数、受伤人数、失联人数"


def test_an_item_that_a_person_brought_into_the_case_answers_by_when_it_was_received(
    room: DutyBook,
) -> None:
    uid = a_case(room)
    told = WALL | {"deaths": 3, "injured": 1, "missing": 0}
    other = UUID(room.take(an_arrival("2", at=NIGHT + 20 * MINUTE, **told))["case_id"])
    acknowledged(room)

    room.act(Merge(other, by(after=5 * HOUR), uid))

    assert other != uid
    owed = room.rows(obligations, duty=ASKED)[0]
    assert (owed["fulfilment"], owed["timeliness"]) == (Fulfilment.MET, Timeliness.ON_TIME)


def test_another_units_answer_is_not_its_own(room: DutyBook) -> None:
    uid = a_case(room)

    follow_up(room, uid, NOBODY_HURT, unit_id=NEIGHBOUR)

    assert room.owed(ASKED)["fulfilment"] == Fulfilment.OPEN


def test_an_answer_that_was_judged_before_the_question_counts(room: DutyBook) -> None:
    first = an_arrival("1", **FIRE)
    quick = {"stage": Stage.FOLLOW_UP, "body": FIRE["body"] + NOBODY_HURT["body"]}
    uid = UUID(room.take(an_arrival("2", at=NIGHT + MINUTE, **(FIRE | quick)))["case_id"])

    receipt = room.take(first)

    assert UUID(receipt["case_id"]) == uid
    owed = room.owed(ASKED)
    assert (owed["fulfilment"], owed["timeliness"]) == (Fulfilment.MET, Timeliness.ON_TIME)
    assert owed["fulfilled_at"] == NIGHT + MINUTE


def test_a_second_first_report_is_not_asked_again(room: DutyBook) -> None:
    uid = a_case(room)

    room.take(an_arrival("2", at=NIGHT + MINUTE, **FIRE, case_id=str(uid)))

    assert len(room.rows(obligations, duty=ASKED)) == 1


def test_who_is_silent_is_reminded_and_then_logged(room: DutyBook) -> None:
    a_case(room)
    acknowledged(room)

    room.fire(just_after(room.owed(ASKED)["next_at"]))
    assert room.called() == [ITS_CLERK]
    assert "缺项补报" in room.sendings[0].title + room.sendings[0].body

    room.fire(just_after(NIGHT + ASKED_LIMIT))
    assert [row["timeliness"] for row in room.late_log()] == ["overdue"]


def test_closing_the_case_leaves_it_to_the_final_report(room: DutyBook) -> None:
    uid = a_case(room)
    acknowledged(room)

    room.act(Close(uid, by(after=HOUR)))

    assert room.owed(ASKED)["fulfilment"] == Fulfilment.WAIVED
