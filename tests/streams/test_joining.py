"""Which case does an item belong to, and does it page? 归案。"""

from typing import Any

from ledger.schema import alerts, cases, obligations
from tests.builders import (
    DIRECTOR,
    FIRE,
    HOUR,
    LEADER,
    MEETING,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    RUMOUR,
    TOWNSHIP,
    a_call,
    an_arrival,
)
from tests.streams.duty_book import DutyBook
from vocabulary.terms import Duty, Medium, Severity, Stage

GRAVER: dict[str, Any] = {
    "title": "火灾续报",
    "body": "和平路火灾已致12人死亡，救援仍在进行。",
    "stage": Stage.FOLLOW_UP,
}


def a_fire(room: DutyBook) -> str:
    case_id = room.take(an_arrival())["case_id"]
    assert isinstance(case_id, str)
    return case_id


def test_an_item_that_names_its_case_joins_in_silence(room: DutyBook) -> None:
    case_id = a_fire(room)

    receipt = room.take(an_arrival("2", **(FIRE | {"stage": Stage.FOLLOW_UP, "case_id": case_id})))

    assert receipt["case_id"] == case_id
    assert room.sendings == []
    assert room.counts()["cases"] == room.counts()["alerts"] == 1


def test_a_routine_item_joins_the_case_it_names(room: DutyBook) -> None:
    case_id = a_fire(room)

    assert room.take(an_arrival("2", **MEETING, case_id=case_id))["case_id"] == case_id


def test_a_rise_pages_again_and_says_from_what_to_what(room: DutyBook) -> None:
    case_id = a_fire(room)

    room.absorb(an_arrival("2", **GRAVER, case_id=case_id, at=NIGHT + HOUR))

    assert room.called() == [OFFICER, LEADER, DIRECTOR]
    assert "升级" in room.sendings[0].title
    assert "重大" in room.sendings[0].title
    assert room.row(cases)["severity_provisional"] == Severity.MAJOR


def test_a_case_opened_in_the_same_batch_can_be_named(room: DutyBook) -> None:
    first = an_arrival()
    case_id = a_fire(room)  # the id derives from the first item, so a client can know it
    assert first.uid == an_arrival().uid

    room.absorb(
        an_arrival("2", **GRAVER, case_id=case_id), an_arrival("3", case_id=case_id, **FIRE)
    )

    assert room.counts()["cases"] == 1


WAREHOUSE: dict[str, Any] = {
    "title": "江边仓库起火",
    "body": "11月24日3时05分，江边一仓库起火，火势较大，消防正在扑救。",
}


def test_the_same_kind_of_incident_pages_and_names_the_case_it_may_belong_to(
    room: DutyBook,
) -> None:
    a_fire(room)

    room.absorb(an_arrival("2", NEIGHBOUR, **WAREHOUSE))

    assert room.called() == [OFFICER]
    assert "可能与“和平路一居民楼起火”为同一事件" in room.sendings[0].body
    assert room.counts()["cases"] == 2


def test_two_units_that_tell_one_incident_in_one_batch_find_each_other(room: DutyBook) -> None:
    room.absorb(an_arrival(), an_arrival("1", NEIGHBOUR, **WAREHOUSE))

    assert "可能与“和平路一居民楼起火”为同一事件" in room.sendings[-1].body


def test_an_incident_of_two_days_ago_is_not_guessed_at(room: DutyBook) -> None:
    a_fire(room)

    room.absorb(an_arrival("2", at=NIGHT + 48 * HOUR))

    assert "同一事件" not in room.sendings[0].body


def test_a_written_report_after_a_call_meets_it_by_naming_the_case(room: DutyBook) -> None:
    case_id = room.take(a_call())["case_id"]

    receipt = room.take(an_arrival(at=NIGHT + 20 * MINUTE, **FIRE, case_id=case_id))

    written = receipt["obligations"][0]
    assert (written["kind"], written["fulfilment"]) == ("written_first_report", "met")
    assert written["timeliness"] == "on_time"
    assert room.sendings == []
    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["fulfilled_by"] == receipt["submission_id"]


def test_a_written_report_after_a_call_meets_it_without_naming_the_case(room: DutyBook) -> None:
    case_id = room.take(a_call())["case_id"]

    receipt = room.take(an_arrival(at=NIGHT + 20 * MINUTE))

    assert receipt["case_id"] == case_id
    assert receipt["obligations"][0]["fulfilment"] == "met"
    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["fulfilment"] == "met"
    assert len(room.rows(cases)) == 1
    assert room.owed(Duty.FOLLOW_UP_REPORT)["fulfilment"] == "open"


def test_a_written_report_that_was_judged_before_its_call_has_met_what_the_call_opens(
    room: DutyBook,
) -> None:
    written = room.take(an_arrival(at=NIGHT + 20 * MINUTE))

    room.take(a_call())

    owed = room.rows(obligations, duty=Duty.WRITTEN_FIRST_REPORT.value)
    assert [row["fulfilment"] for row in owed] == ["met", "met"]
    assert [row["timeliness"] for row in owed] == ["on_time", "on_time"]
    assert {row["fulfilled_by"] for row in owed} == {written["submission_id"]}


def test_it_meets_one_call_and_not_a_second(room: DutyBook) -> None:
    room.take(an_arrival(at=NIGHT + 20 * MINUTE))

    room.take(a_call())
    room.take(a_call("call-2", at=NIGHT + MINUTE))

    owed = room.rows(obligations, duty=Duty.WRITTEN_FIRST_REPORT.value)
    assert sorted(row["fulfilment"] for row in owed) == ["met", "met", "open"]


def test_a_written_report_from_before_the_call_does_not(room: DutyBook) -> None:
    room.take(an_arrival())

    room.take(a_call(at=NIGHT + 20 * MINUTE))

    owed = room.rows(obligations, duty=Duty.WRITTEN_FIRST_REPORT.value)
    assert sorted(row["fulfilment"] for row in owed) == ["met", "open"]


def test_a_join_that_was_only_guessed_pages_and_names_the_case(room: DutyBook) -> None:
    room.take(a_call())

    room.absorb(an_arrival(at=NIGHT + 20 * MINUTE))

    assert room.called() == [OFFICER]
    assert "已按地点、时间、类别并入“和平路一居民楼起火”" in room.sendings[0].body


def test_another_units_written_report_meets_nothing(room: DutyBook) -> None:
    room.take(a_call())

    room.absorb(an_arrival("2", NEIGHBOUR))

    assert room.owed(Duty.WRITTEN_FIRST_REPORT, owed_by=TOWNSHIP)["fulfilment"] == "open"


def test_a_units_own_phone_report_opens_the_written_one(room: DutyBook) -> None:
    room.take(an_arrival(**FIRE, medium=Medium.PHONE))

    assert room.owed(Duty.PHONE_FIRST_REPORT)["fulfilment"] == "met"
    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["due_at"] == NIGHT + HOUR


def test_a_follow_up_meets_the_follow_up_of_its_case(room: DutyBook) -> None:
    case_id = a_fire(room)

    room.absorb(
        an_arrival("2", at=NIGHT + HOUR, **(FIRE | {"stage": Stage.FOLLOW_UP, "case_id": case_id}))
    )

    met, following = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)
    assert (met["fulfilment"], following["fulfilment"]) == ("met", "open")


def test_a_drill_never_joins_the_real_thing(room: DutyBook) -> None:
    case_id = a_fire(room)

    receipt = room.take(an_arrival("2", **FIRE, case_id=case_id, is_drill=True))

    assert receipt["case_id"] not in (None, case_id)
    assert "同一事件" not in room.sendings[0].body


def test_a_case_that_nobody_knows_opens_its_own(room: DutyBook) -> None:
    receipt = room.take(an_arrival(**FIRE, case_id="no-such-case"))

    assert receipt["case_id"]
    assert room.called() == [OFFICER]


def test_a_weak_sign_that_turns_out_grave_pages(room: DutyBook) -> None:
    case_id = room.take(an_arrival(**RUMOUR))["case_id"]

    room.absorb(an_arrival("2", **GRAVER, case_id=case_id))

    assert room.called() == [OFFICER, LEADER, DIRECTOR]
    assert [row["cause"] for row in room.rows(alerts)] == ["attention", "risen"]


def test_in_one_batch_each_written_report_finds_what_its_unit_owes(room: DutyBook) -> None:
    told = a_call("call-2", on_behalf_of=NEIGHBOUR)
    for call in (a_call("call-1"), told):
        room.take(call)

    reports = [
        an_arrival(f"written-{unit_id}", unit_id, at=NIGHT + MINUTE)
        for unit_id in (TOWNSHIP, "longquan", NEIGHBOUR, "chengdong", "longquan")
    ]
    room.absorb(*reports)

    owed = room.rows(obligations, duty=Duty.WRITTEN_FIRST_REPORT.value)
    called = {row["owed_by"]: row["fulfilled_by"] for row in owed if row["fulfilled_by"]}
    assert called == {TOWNSHIP: str(reports[0].uid), NEIGHBOUR: str(reports[2].uid)}
