"""Several reports of one incident: one case, one thread of alerts, each its clocks. 同一事件。"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from ledger.schema import alerts, cases, obligations, offers, submissions
from tests.builders import (
    FIRE,
    HOUR,
    MEETING,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    TOWNSHIP,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from tests.streams.owing import acknowledged
from vocabulary.arrival import Arrival
from vocabulary.case_act import By, Close
from vocabulary.terms import Duty, Fulfilment, Stage

BUREAU = "yingji"
SLIDE: dict[str, Any] = {
    "title": "石壁村发生山体滑坡",
    "body": "11月24日2时55分，青石镇石壁村发生山体滑坡，2户房屋被埋，3人失联，正在搜救。",
}
SEEN_BY_THE_BUREAU: dict[str, Any] = {
    "title": "关于青石镇滑坡险情的报告",
    "body": "今晨2时50分许，青石镇石壁村后山滑坡，掩埋民房，5人失联，已调派救援队伍。",
}
ELSEWHERE: dict[str, Any] = {
    "title": "高坎村山体滑坡",
    "body": "11月24日2时58分，柳林镇高坎村发生山体滑坡，1人受伤，已送医。",
}
QUIET: dict[str, Any] = {
    "title": "续报",
    "body": "现场已平稳，无新增情况，后续及时报告。",
    "stage": Stage.FOLLOW_UP,
}


def by_township(key: str = "1", **fields: Any) -> Arrival:
    return an_arrival(key, TOWNSHIP, at=NIGHT + MINUTE, **(SLIDE | fields))


def by_bureau(key: str = "2", **fields: Any) -> Arrival:
    return an_arrival(key, BUREAU, at=NIGHT + MINUTE, **(SEEN_BY_THE_BUREAU | fields))


def test_two_units_that_report_one_incident_share_a_case_and_both_page(room: DutyBook) -> None:
    first = room.take(by_township())
    second = room.take(by_bureau())

    assert first["case_id"] == second["case_id"]
    assert room.called() != []
    assert "并入“石壁村发生山体滑坡”" in room.sendings[0].body
    assert len(room.rows(cases)) == 1


def test_each_of_them_keeps_its_own_clocks(room: DutyBook) -> None:
    room.absorb(by_township(), by_bureau())

    key = room.row(cases)["id"]
    owed = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value, case_id=key)
    assert {row["owed_by"] for row in owed} == {TOWNSHIP, BUREAU}


def test_a_graver_count_of_another_unit_raises_the_one_case_and_nothing_is_added_up(
    room: DutyBook,
) -> None:
    room.absorb(by_township(), by_bureau())

    assert room.row(cases)["missing"] == 5


def test_whoever_has_the_newest_alert_of_a_thread_in_hand_has_the_earlier_ones(
    room: DutyBook,
) -> None:
    room.absorb(by_township())
    room.absorb(by_bureau())
    earlier, newest = room.rows(alerts)

    room.acknowledge(newest["uid"], OFFICER, NIGHT + 2 * MINUTE)

    assert [row["acknowledged_by"] for row in room.rows(alerts)] == [OFFICER, OFFICER]
    assert {row["fulfilment"] for row in room.rows(obligations, duty="acknowledgement")} == {"met"}
    assert earlier["acknowledged_at"] is None


def test_the_earlier_one_in_hand_leaves_the_newer_open(room: DutyBook) -> None:
    room.absorb(by_township())
    room.absorb(by_bureau())
    earlier, _ = room.rows(alerts)

    room.acknowledge(earlier["uid"], OFFICER, NIGHT + 2 * MINUTE)

    assert [row["acknowledged_by"] for row in room.rows(alerts)] == [OFFICER, None]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            an_arrival("2", NEIGHBOUR, at=NIGHT + MINUTE, **ELSEWHERE), id="other village"
        ),
        pytest.param(
            by_bureau(title="石壁村斗殴", body="石壁村发生聚众斗殴，3人受伤。"), id="other kind"
        ),
        pytest.param(by_bureau(is_drill=True), id="a drill"),
        pytest.param(
            an_arrival(
                "2",
                BUREAU,
                at=NIGHT + 30 * HOUR,
                title="滑坡",
                body="石壁村再次山体滑坡，1人受伤。",
            ),
            id="the next day",
        ),
    ],
)
def test_different_incidents_stay_apart(room: DutyBook, other: Arrival) -> None:
    room.absorb(by_township())
    room.absorb(other)

    assert len({row["case_id"] for row in room.rows(submissions)}) == 2
    assert room.called() != []


def test_one_that_may_be_the_same_opens_its_own_case_and_is_offered_to_a_person(
    room: DutyBook,
) -> None:
    room.absorb(by_township())
    room.absorb(by_bureau(title="山体滑坡", body="3时许某地山体滑坡，1人受伤，正在核实。"))

    offer = room.row(offers)
    assert len(room.rows(cases)) == 2
    assert offer["case_id"] == room.rows(cases)[0]["id"]
    assert "可能与“石壁村发生山体滑坡”为同一事件" in room.sendings[0].body


# Follow-ups.


def test_a_follow_up_that_names_no_case_finds_that_of_its_unit(room: DutyBook) -> None:
    case_id = room.take(by_township())["case_id"]

    receipt = room.take(an_arrival("2", at=NIGHT + HOUR, **QUIET))

    assert receipt["case_id"] == case_id
    assert room.sendings == []
    assert receipt["obligations"][0]["fulfilment"] == Fulfilment.MET.value


def test_of_two_cases_of_the_unit_the_place_decides(room: DutyBook) -> None:
    slide = room.take(by_township())["case_id"]
    room.take(an_arrival("2", at=NIGHT + 2 * MINUTE, **FIRE))

    receipt = room.take(
        an_arrival(
            "3",
            at=NIGHT + HOUR,
            title="石壁村滑坡续报",
            body="石壁村滑坡已致1人死亡，2人失联。",
            stage=Stage.FOLLOW_UP,
        )
    )

    assert receipt["case_id"] == slide


def test_where_nothing_decides_between_two_a_person_is_asked(room: DutyBook) -> None:
    room.take(by_township())
    fire = room.take(an_arrival("2", at=NIGHT + 2 * MINUTE, **FIRE))["case_id"]

    receipt = room.take(an_arrival("3", at=NIGHT + HOUR, **QUIET))

    assert receipt["case_id"] is None
    asked = room.row(offers)
    assert (
        str(next(row["uid"] for row in room.rows(cases) if row["id"] == asked["case_id"])) == fire
    )


def test_a_follow_up_that_overtakes_its_first_report_opens_the_case_and_the_first_joins_it(
    room: DutyBook,
) -> None:
    follow_up = an_arrival(
        "2",
        at=NIGHT + HOUR,
        title="石壁村滑坡续报",
        body="石壁村滑坡，1人死亡，2人失联，正在搜救。",
        stage=Stage.FOLLOW_UP,
    )

    opened = room.take(follow_up)["case_id"]
    joined = room.take(by_township())["case_id"]

    assert opened == joined
    case = room.row(cases)
    assert (case["title"], case["opened_at"]) == (SLIDE["title"], NIGHT + MINUTE)
    assert case["deaths"] == 1


def test_a_routine_first_report_is_no_follow_up_of_anything(room: DutyBook) -> None:
    room.take(by_township())

    assert room.take(an_arrival("2", at=NIGHT + HOUR, **MEETING))["case_id"] is None


@pytest.mark.slow
def test_two_processes_that_take_in_one_incident_at_once_open_one_case(room: DutyBook) -> None:
    def take(arrival: Arrival) -> None:
        with room.book.writing.begin() as connection:
            room.intake.absorb(connection, [arrival])

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(take, (by_township(), by_bureau(**SLIDE))))

    assert len(room.rows(cases)) == 1


# A wrong guess must swallow nothing.

CRASH: dict[str, Any] = {
    "title": "石壁村发生交通事故",
    "body": "11月24日3时00分，青石镇石壁村一客车侧翻，3人死亡、6人受伤，伤者已送往医院救治。",
}
ANOTHER_CRASH: dict[str, Any] = {
    "title": "高坎村发生交通事故",
    "body": "11月24日3时08分，柳林镇高坎村一面包车坠河，4人死亡，伤者已送往医院救治。",
}


def test_two_villages_are_two_places_though_both_tell_of_the_hospital(room: DutyBook) -> None:
    one = room.take(an_arrival("1", **CRASH))
    other = room.take(an_arrival("2", NEIGHBOUR, at=NIGHT + MINUTE, **ANOTHER_CRASH))

    assert one["case_id"] != other["case_id"]


def test_a_guess_that_would_lower_a_count_is_a_question(room: DutyBook) -> None:
    room.take(an_arrival("1", **CRASH))
    quiet = {"title": "终报", "body": "处置完毕，无人员伤亡。", "stage": Stage.FINAL}

    room.take(an_arrival("2", at=NIGHT + HOUR, **quiet))

    assert room.row(cases)["deaths"] == 3
    assert room.row(offers)["answered_at"] is None


def test_a_second_first_report_of_one_case_asks_for_no_second_follow_up(room: DutyBook) -> None:
    room.absorb(by_township("1"))
    room.absorb(by_township("2"))

    assert len(room.rows(cases)) == 1
    assert len(room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)) == 1


def test_an_emergency_that_names_a_closed_case_pages(room: DutyBook) -> None:
    case_id = room.take(an_arrival(**FIRE))["case_id"]
    acknowledged(room)
    room.act(Close(UUID(case_id), By(OFFICER, NIGHT + MINUTE, "已扑灭")))

    room.take(an_arrival("2", at=NIGHT + 50 * HOUR, **FIRE, case_id=case_id))

    assert room.called() != []
    assert "办结后又报" in room.sendings[0].title
