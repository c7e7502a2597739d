"""Is the unit of the place asked, when another has told of it first? 属地核实（疑似漏报）。

A question, never a verdict; a person takes it back with a reason.
"""

from dataclasses import replace
from typing import Any

import pytest

from ledger import obligations
from ledger.schema import deliveries, facts
from tests.builders import (
    DESK,
    ITS_CLERK,
    ITS_HEAD,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SECOND,
    SUPERVISORS,
    TOWNSHIP,
    Item,
    a_call,
    a_county_of_two_desks,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.settled import by
from tests.streams.told_first import (
    HEALTH,
    HOUSE_FIRE,
    LIMIT,
    NEXT_VILLAGE,
    POLICE,
    TERRITORY,
    asked,
    its_own,
    told_by_another,
)
from vocabulary.case_act import Acted, Refusal, Waive
from vocabulary.terms import Duty, Stage

# Who is asked, and who is not.


def test_the_unit_of_the_place_is_asked_from_when_the_other_was_received(room: DutyBook) -> None:
    room.take(told_by_another())

    (owed,) = asked(room)
    assert (owed["owed_by"], owed["counted_from"]) == (TOWNSHIP, NIGHT)
    assert owed["due_at"] == NIGHT + LIMIT
    assert owed["is_assumed"] is True


def test_it_is_not_on_the_tellers_receipt_and_the_teller_is_not_named(room: DutyBook) -> None:
    receipt = room.take(told_by_another())

    assert TERRITORY not in [owed["kind"] for owed in receipt["obligations"]]
    room.fire(just_after(NIGHT + MINUTE))
    (text,) = room.rows(deliveries, recipient=ITS_CLERK)
    assert "公安" not in text["title"] + text["body"]


@pytest.mark.parametrize("teller", [POLICE, NEIGHBOUR, DESK])
def test_a_bureau_another_township_and_the_desk_may_tell(room: DutyBook, teller: str) -> None:
    room.take(told_by_another(unit_id=teller))

    assert [owed["owed_by"] for owed in asked(room)] == [TOWNSHIP]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "民房起火", "body": "3时02分，一民房起火，正在扑救，2人受伤。"},
        {"body": "3时02分，大湾村和高坎村之间民房起火，正在扑救，2人受伤。"},
        {"is_drill": True},
        {"title": "大湾村召开环境整治会议", "body": "大湾村召开人居环境整治工作推进会。"},
        {"title": "大湾村群众反映", "body": "大湾村部分村民对补偿不满，扬言近期集体上访。"},
        {"stage": Stage.NIL, "title": "大湾村今日无事", "body": ""},
        {"stage": Stage.FINAL},
    ],
    ids=["no place", "two territories", "a drill", "routine", "attention", "nil", "all over"],
)
def test_nobody_is_asked(room: DutyBook, fields: dict[str, Any]) -> None:
    room.take(told_by_another(**fields))

    assert asked(room) == []


def test_a_place_that_is_stated_stands_above_those_in_the_text(room: DutyBook) -> None:
    body = "3时02分民房起火，2人受伤，伤者送往柳林镇卫生院，正在扑救。"
    room.take(told_by_another(title="民房起火", body=body, place="青石镇大湾村"))

    assert [owed["owed_by"] for owed in asked(room)] == [TOWNSHIP]


def test_a_unit_is_not_asked_about_what_it_tells_itself(room: DutyBook) -> None:
    room.take(its_own())
    room.take(a_call("2", **HOUSE_FIRE))

    assert asked(room) == []


def test_what_may_be_a_strangers_asks_nobody(room: DutyBook) -> None:
    room.take(replace(told_by_another(), is_proven=False))

    assert asked(room) == []


def test_nobody_is_asked_across_two_duty_rooms_since_no_report_would_be_found_there(
    room: DutyBook,
) -> None:
    room.change_desk(county=a_county_of_two_desks())

    room.take(told_by_another(**NEXT_VILLAGE))
    room.take(told_by_another("2"))

    assert [owed["owed_by"] for owed in asked(room)] == [TOWNSHIP]


def test_two_who_tell_ask_once_also_together(room: DutyBook) -> None:
    room.absorb(told_by_another(), told_by_another("2", HEALTH))
    room.take(told_by_another("3", NEIGHBOUR))

    assert len(asked(room)) == 1


def test_a_repeat_asks_nothing_again(room: DutyBook) -> None:
    room.take(told_by_another())
    before = room.counts()

    room.take(told_by_another())

    assert room.counts() == before


def test_a_follow_up_that_names_the_place_at_last_asks(room: DutyBook) -> None:
    vague: Item = {"title": "民房起火", "body": "3时02分，一民房起火，正在扑救，2人受伤。"}
    case = room.take(an_arrival("1", POLICE, **vague))["case_id"]

    room.take(told_by_another("2", stage=Stage.FOLLOW_UP, case_id=case))

    assert [owed["owed_by"] for owed in asked(room)] == [TOWNSHIP]


# What is said, and to whom.


def test_a_minute_later_the_clerk_is_asked_and_not_accused(room: DutyBook) -> None:
    room.take(told_by_another())

    room.fire(just_after(NIGHT + MINUTE))

    (text,) = room.rows(deliveries, recipient=ITS_CLERK)
    assert text["title"].startswith("【请核实】青石镇：辖区内疑有“大湾村民房起火”，贵单位尚未报告")
    assert "不作认定" in text["body"]
    assert "漏报" not in text["title"] + text["body"]


def test_at_due_unit_and_desk_are_told_and_at_the_cut_off_the_supervisor(room: DutyBook) -> None:
    room.take(told_by_another())

    room.fire(just_after(NIGHT + LIMIT))
    assert {ITS_CLERK, ITS_HEAD, OFFICER} <= set(room.called())
    room.fire(just_after(NIGHT + 2 * LIMIT))
    assert set(SUPERVISORS) <= set(room.called())

    (entry,) = (each for each in room.late_log() if each["kind"] == TERRITORY)
    assert (entry["standing"], entry["lapse"]) == ("suspected", "omitted")


def test_a_unit_that_answers_within_the_minute_is_never_asked(room: DutyBook) -> None:
    room.take(told_by_another())
    room.take(its_own(at=NIGHT + 30 * SECOND))

    room.fire(NIGHT + MINUTE + SECOND)

    assert room.rows(deliveries, recipient=ITS_CLERK) == []


# A person takes it back.


def waive(room: DutyBook, **of: Any) -> Any:
    return room.act(Waive(asked(room)[0]["uid"], by(after=50 * MINUTE, **of)))


def test_a_person_takes_it_back_with_a_reason_on_the_record(room: DutyBook) -> None:
    room.take(told_by_another())
    room.fire(just_after(NIGHT + LIMIT))

    answer = waive(room, reason="在邻县境内")

    assert isinstance(answer, Acted)
    (owed,) = asked(room)
    assert (owed["fulfilment"], owed["fulfilled_by"], owed["next_at"]) == ("waived", OFFICER, None)
    (told,) = room.rows(facts, kind="obligation_waived")
    assert "在邻县境内" in told["content"]
    (entry,) = (each for each in room.late_log() if each["kind"] == TERRITORY)
    assert "在邻县境内" in entry["note"]
    assert entry["standing"] == "none"


def test_a_text_about_two_goes_out_while_one_of_them_is_open(room: DutyBook) -> None:
    room.take(told_by_another())
    apart: Item = {"title": "石壁村民房起火", "body": "3时12分，石壁村一民房起火，2人受伤。"}
    room.take(told_by_another("2", HEALTH, **apart))
    room.fire(just_after(NIGHT + MINUTE))
    states = []

    for owed in asked(room):
        room.act(Waive(owed["uid"], by(after=2 * MINUTE)))
        states.append(room.row(deliveries, recipient=ITS_CLERK)["state"])

    assert states == ["pending", "cancelled"]


def test_what_was_taken_back_is_not_asked_again_by_the_next_who_tells(room: DutyBook) -> None:
    room.take(told_by_another())
    waive(room)

    room.take(told_by_another("2", HEALTH))

    assert [owed["fulfilment"] for owed in asked(room)] == ["waived"]


def test_it_is_not_taken_back_twice_nor_once_answered(room: DutyBook) -> None:
    room.take(told_by_another())
    room.take(its_own())

    assert waive(room) is Refusal.NOT_OPEN


def test_what_the_law_demands_is_not_taken_back(room: DutyBook) -> None:
    room.take(told_by_another())
    owed = room.owed(Duty.FOLLOW_UP_REPORT)

    assert room.act(Waive(owed["uid"], by())) is Refusal.NOT_ASKED


def test_a_clerk_takes_nothing_back(room: DutyBook) -> None:
    room.take(told_by_another())

    assert waive(room, person="li-chunmei") is Refusal.NOT_FOUND


def test_what_waited_to_be_judged_is_counted_from_when_the_unit_is_asked(room: DutyBook) -> None:
    room.change_desk(now=lambda: NIGHT + 80 * MINUTE)
    room.take(told_by_another())

    (owed,) = asked(room)
    assert owed["counted_from"] == NIGHT + 80 * MINUTE


def test_what_another_worker_asked_beside_a_batch_is_answered_by_it(
    room: DutyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who names the case does not hold the kind of incident, and so may ask in between."""
    slide: Item = {"title": "石壁村山体滑坡", "body": "3时10分，石壁村山体滑坡，埋压3人。"}
    other = room.take(its_own("0", **slide))["case_id"]
    room.take(told_by_another())
    case_id = asked(room)[0]["case_id"]
    monkeypatch.setattr(obligations, "owing", lambda *_: frozenset())

    more: Item = {**slide, "case_id": other, "stage": Stage.FOLLOW_UP}
    own = its_own("own", case_id=str(room.case_uid(case_id)))
    room.absorb(its_own("1", **more), its_own("2", **more), own)

    assert asked(room)[0]["fulfilment"] == "met"
