"""Is the final report asked for when a case was dealt with, and by whom? 终报。"""

from uuid import UUID

from ledger.schema import obligations
from tests.builders import (
    FIRE,
    HOUR,
    ITS_CLERK,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    SECOND,
    TOWNSHIP,
    Item,
    an_arrival,
    the_law,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, by, the_case
from vocabulary.case_act import Close, Merge, Regrade, Reopen
from vocabulary.terms import Duty, Fulfilment, Severity, Stage, Timeliness

CLOSED = NIGHT + HOUR
LIMIT = the_law().obligations[Duty.FINAL_REPORT].limits["*"][0].length
DUE = CLOSED + LIMIT
LAST: Item = {"title": "火灾处置终报", "body": "明火已扑灭，无人员伤亡，现场清理完毕，居民已返回。"}
QUIET: Item = {"title": "火灾续报", "body": "和平路火灾明火已扑灭，正在清理现场。"}


def closed(room: DutyBook, uid: UUID, *, is_false_alarm: bool = False) -> None:
    acknowledged(room)
    room.act(Close(uid, by(after=HOUR), is_false_alarm=is_false_alarm))


def final(
    room: DutyBook, uid: UUID, *, key: str = "final", at: object = None, **fields: str
) -> None:
    named = {"case_id": str(uid), "stage": Stage.FINAL} | fields
    room.take(an_arrival(key, at=at or CLOSED + MINUTE, **(LAST | named)))  # type: ignore[arg-type]


def test_a_case_that_was_dealt_with_still_owes_its_final_report(room: DutyBook) -> None:
    uid = a_case(room)

    closed(room, uid)

    owed = room.owed(Duty.FINAL_REPORT)
    assert (owed["owed_by"], owed["opened_by"]) == (TOWNSHIP, "办结")
    assert (owed["counted_from"], owed["due_at"]) == (CLOSED, DUE)
    assert (owed["fulfilment"], owed["confidence"]) == (Fulfilment.OPEN, "D")
    assert room.next_step_at == owed["next_at"]


def test_its_unit_is_reminded_before_it_is_late(room: DutyBook) -> None:
    closed(room, a_case(room))

    room.fire(just_after(room.owed(Duty.FINAL_REPORT)["next_at"]))

    assert room.called() == [ITS_CLERK]
    assert "终报" in room.sendings[0].title + room.sendings[0].body


def test_the_final_report_meets_it_to_the_second(room: DutyBook) -> None:
    for key, late_by, timeliness in (
        ("in time", 0 * SECOND, Timeliness.ON_TIME),
        ("too late", SECOND, Timeliness.LATE),
    ):
        uid = a_case(room, key)
        closed(room, uid)

        final(room, uid, key=f"{key}, its last", at=DUE + late_by)

        owed = room.owed(Duty.FINAL_REPORT, case_id=the_case(room, uid)["id"])
        assert (owed["fulfilment"], owed["timeliness"]) == (Fulfilment.MET, timeliness)


def test_it_is_met_without_the_cases_number_by_the_kind_of_incident(room: DutyBook) -> None:
    uid = a_case(room)
    closed(room, uid)

    room.take(an_arrival("final", at=CLOSED + MINUTE, **(FIRE | {"stage": Stage.FINAL})))

    assert room.owed(Duty.FINAL_REPORT)["fulfilment"] == Fulfilment.MET


def test_a_follow_up_is_no_final_report(room: DutyBook) -> None:
    uid = a_case(room)
    closed(room, uid)

    room.take(
        an_arrival(
            "2", at=CLOSED + MINUTE, **(QUIET | {"stage": Stage.FOLLOW_UP, "case_id": str(uid)})
        )
    )

    assert room.owed(Duty.FINAL_REPORT)["fulfilment"] == Fulfilment.OPEN


def test_who_gave_it_before_the_closing_owes_none(room: DutyBook) -> None:
    uid = a_case(room)
    final(room, uid, at=NIGHT + MINUTE)

    closed(room, uid)

    assert room.rows(obligations, duty=Duty.FINAL_REPORT) == []


def test_who_told_more_after_a_final_report_owes_another(room: DutyBook) -> None:
    uid = a_case(room)
    final(room, uid, at=NIGHT + MINUTE)
    again = FIRE | {"stage": Stage.FOLLOW_UP, "case_id": str(uid)}
    room.take(an_arrival("it burns again", at=NIGHT + 2 * MINUTE, **again))

    closed(room, uid)

    assert room.owed(Duty.FINAL_REPORT)["owed_by"] == TOWNSHIP


def test_each_unit_that_reports_of_the_case_owes_its_own(room: DutyBook) -> None:
    fire, other = a_case(room), a_case(room, "2", NEIGHBOUR)
    if other != fire:
        room.act(Merge(other, by(), fire))

    closed(room, fire)

    owed = room.rows(obligations, duty=Duty.FINAL_REPORT)
    assert sorted(row["owed_by"] for row in owed) == sorted([TOWNSHIP, NEIGHBOUR])


def test_it_meets_an_overdue_follow_up_as_well(room: DutyBook) -> None:
    uid = a_case(room)
    follow_up = room.owed(Duty.FOLLOW_UP_REPORT)
    acknowledged(room)
    after = follow_up["due_at"] + HOUR
    room.fire(just_after(after))
    room.act(Close(uid, by(after=after - NIGHT)))

    final(room, uid, at=after + MINUTE)

    assert room.owed(Duty.FOLLOW_UP_REPORT)["timeliness"] == Timeliness.LATE
    assert room.owed(Duty.FINAL_REPORT)["timeliness"] == Timeliness.ON_TIME


def test_a_false_alarm_owes_none(room: DutyBook) -> None:
    closed(room, a_case(room), is_false_alarm=True)

    assert room.rows(obligations, duty=Duty.FINAL_REPORT) == []


def test_a_case_that_is_reopened_owes_it_only_when_it_is_closed_again(room: DutyBook) -> None:
    uid = a_case(room)
    closed(room, uid)

    room.act(Reopen(uid, by(after=2 * HOUR)))
    assert room.owed(Duty.FINAL_REPORT)["fulfilment"] == Fulfilment.WAIVED

    acknowledged(room)
    room.act(Close(uid, by(after=3 * HOUR)))
    first, second = room.rows(obligations, duty=Duty.FINAL_REPORT)
    assert first["fulfilment"] == Fulfilment.WAIVED
    assert (second["fulfilment"], second["due_at"]) == (Fulfilment.OPEN, NIGHT + 3 * HOUR + LIMIT)


def test_it_is_measured_by_the_grade_that_a_person_gave(room: DutyBook) -> None:
    uid = a_case(room)
    room.act(Regrade(uid, by(), Severity.MAJOR))

    closed(room, uid)

    assert room.owed(Duty.FINAL_REPORT)["severity"] == Severity.MAJOR


def test_a_drill_asks_for_its_final_report_and_logs_nobody(room: DutyBook) -> None:
    uid = a_case(room, **FIRE, is_drill=True)
    closed(room, uid)

    owed = room.owed(Duty.FINAL_REPORT)
    room.fire(just_after(DUE + HOUR))

    assert owed["is_drill"]
    assert room.late_log() == []
