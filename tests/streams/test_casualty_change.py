"""Does a unit answer for a count that others have overtaken? 伤亡变化补报。"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from ledger.schema import obligations
from tests.builders import (
    FIRE,
    HOUR,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    SECOND,
    TOWNSHIP,
    WALL,
    Item,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, by, follow_up, the_case
from vocabulary.case_act import Close, Split
from vocabulary.china_time import at
from vocabulary.terms import Duty, Fulfilment, Stage, Timeliness

COUNTED = Duty.CASUALTY_CHANGE
DAY = timedelta(days=1)

MORE_DEAD: Item = {
    "title": "砖厂围墙坍塌伤员情况",
    "body": "砖厂围墙坍塌伤员经抢救无效，已致4人死亡。",
    "deaths": 4,
}


def a_collapse(room: DutyBook) -> UUID:
    return a_case(room, **(WALL | {"occurred_at": NIGHT - 22 * MINUTE, "deaths": 3, "injured": 1}))


def test_more_dead_told_elsewhere_are_asked_of_the_unit_by_the_end_of_the_day(
    room: DutyBook,
) -> None:
    uid = a_collapse(room)

    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)

    owed = room.owed(COUNTED)
    assert (owed["owed_by"], owed["fulfilment"]) == (TOWNSHIP, Fulfilment.OPEN)
    assert owed["due_at"] == at((NIGHT + DAY).date(), NIGHT.min.time())
    assert "第十三条" in owed["source"]
    assert room.next_step_at is not None


def test_the_unit_answers_with_its_own_count(room: DutyBook) -> None:
    uid = a_collapse(room)
    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)

    follow_up(room, uid, MORE_DEAD, key="3", at=NIGHT + 2 * HOUR, stage=Stage.SUPPLEMENT)

    assert room.owed(COUNTED)["timeliness"] == Timeliness.ON_TIME


def test_the_same_count_or_fewer_asks_nobody(room: DutyBook) -> None:
    uid = a_collapse(room)

    for number, deaths in enumerate((2, 3), 2):
        told = {
            "title": "围墙坍塌情况",
            "body": f"砖厂围墙坍塌已致{deaths}人死亡。",
            "deaths": deaths,
        }
        follow_up(room, uid, told, key=str(number), unit_id=NEIGHBOUR)

    assert room.rows(obligations, duty=COUNTED) == []


def test_who_counted_nobody_is_not_asked_to_count_again(room: DutyBook) -> None:
    uid = a_case(
        room, title="砖厂围墙坍塌", body="11月24日2时50分，红星砖厂围墙坍塌，救援正在进行。"
    )

    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)

    assert room.rows(obligations, duty=COUNTED) == []


def test_it_is_asked_once_until_it_is_answered(room: DutyBook) -> None:
    uid = a_collapse(room)

    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)
    follow_up(room, uid, MORE_DEAD, key="3", at=NIGHT + 2 * HOUR, unit_id=NEIGHBOUR)

    assert len(room.rows(obligations, duty=COUNTED)) == 1


@pytest.mark.parametrize(
    ("after", "is_asked"),
    [(30 * DAY, True), (30 * DAY + SECOND, False)],
    ids=["on the thirtieth day", "a second after"],
)
def test_the_law_asks_for_thirty_days(room: DutyBook, after: timedelta, *, is_asked: bool) -> None:
    uid = a_collapse(room)

    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR, at=NIGHT - 22 * MINUTE + after)

    assert bool(room.rows(obligations, duty=COUNTED)) is is_asked


def test_of_a_fire_it_asks_for_seven(room: DutyBook) -> None:
    burnt = {"occurred_at": NIGHT, "deaths": 1, "body": FIRE["body"] + "致1人死亡。"}
    more = {"title": "火灾伤亡", "body": "和平路火灾已致2人死亡。", "deaths": 2}
    for number, days in enumerate((7, 8)):
        uid = a_case(room, f"fire {number}", **(FIRE | burnt))
        after = NIGHT + days * DAY
        follow_up(room, uid, more, key=f"more {number}", unit_id=NEIGHBOUR, at=after)

        case_key = the_case(room, uid)["id"]
        asked = room.rows(obligations, duty=COUNTED, case_id=case_key)
        assert bool(asked) is (days == 7)
        acknowledged(room)
        room.act(Close(uid, by(after=days * DAY + HOUR)))


def test_a_call_shortly_before_midnight_leaves_the_unit_the_next_day(room: DutyBook) -> None:
    uid = a_collapse(room)
    late = at((NIGHT + DAY).date(), NIGHT.min.time()) - HOUR

    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR, at=late)

    assert room.owed(COUNTED)["due_at"] == late + HOUR + DAY


def test_a_unit_that_told_it_before_the_other_was_judged_is_not_asked(room: DutyBook) -> None:
    uid = a_collapse(room)
    follow_up(room, uid, MORE_DEAD, key="own", at=NIGHT + HOUR + 5 * MINUTE)

    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)

    assert room.rows(obligations, duty=COUNTED) == []


def test_who_answered_with_fewer_is_not_asked_again_for_the_same_count(room: DutyBook) -> None:
    uid = a_collapse(room)
    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)
    three = {"title": "核报", "body": "经核实，砖厂围墙坍塌致3人死亡。", "deaths": 3}
    verified = Stage.VERIFIED
    follow_up(room, uid, three, key="own", at=NIGHT + 2 * HOUR, stage=verified)

    for n in range(3):
        again = NIGHT + (3 + n) * HOUR
        follow_up(room, uid, MORE_DEAD, key=f"again {n}", unit_id=NEIGHBOUR, at=again)

    assert room.owed(COUNTED)["fulfilment"] == Fulfilment.MET


def test_who_takes_its_count_back_asks_nobody_any_more(room: DutyBook) -> None:
    uid = a_collapse(room)
    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)

    back = {"title": "更正", "body": "更正：砖厂围墙坍塌死亡3人。", "deaths": 3}
    corrected = Stage.CORRECTION
    follow_up(room, uid, back, key="3", unit_id=NEIGHBOUR, at=NIGHT + 2 * HOUR, stage=corrected)

    assert room.owed(COUNTED)["fulfilment"] == Fulfilment.WAIVED


def test_an_item_from_before_the_question_is_no_answer_to_it(room: DutyBook) -> None:
    uid = a_collapse(room)
    follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)

    earlier = {"title": "续报", "body": "砖厂围墙坍塌致3人死亡。", "deaths": 3}
    follow_up(room, uid, earlier, key="late in coming", at=NIGHT + MINUTE)

    assert room.owed(COUNTED)["fulfilment"] == Fulfilment.OPEN


def test_what_a_person_splits_off_asks_nobody_in_the_case_it_left(room: DutyBook) -> None:
    uid = a_collapse(room)
    told = UUID(follow_up(room, uid, MORE_DEAD, unit_id=NEIGHBOUR)["submission_id"])

    room.act(Split(uid, by(after=2 * HOUR), (told,)))

    assert room.owed(COUNTED)["fulfilment"] == Fulfilment.WAIVED


def test_what_may_be_a_strangers_count_asks_nobody(room: DutyBook) -> None:
    uid = a_collapse(room)
    forged = an_arrival("forged", NEIGHBOUR, at=NIGHT + MINUTE, **MORE_DEAD, case_id=str(uid))

    room.absorb(replace(forged, is_proven=False))

    assert room.rows(obligations, duty=COUNTED) == []
