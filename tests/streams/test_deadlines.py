"""Who is told at the minute that a report has not come, and who is never wronged? 到期与缺报。"""

from datetime import timedelta

import pytest

from ledger.schema import deliveries, obligations
from tests.builders import (
    DESK,
    FIRE,
    HOUR,
    ITS_CLERK,
    ITS_HEAD,
    LEADER,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    OFFICER,
    SUPERVISORS,
    THEIR_CLERK,
    THEIR_HEAD,
    TOWNSHIP,
    WALL,
    a_call,
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, WRITTEN, acknowledged, the_report
from vocabulary.terms import Duty, Medium, Stage


def test_the_clerk_is_nudged_ten_minutes_before(owing: DutyBook) -> None:
    owing.fire(just_after(DUE - 10 * MINUTE))

    assert owing.called() == [ITS_CLERK]
    assert owing.sendings[0].title.startswith("【催报】青石镇：书面首报")
    assert owing.owed(WRITTEN)["timeliness"] == "pending"


def test_the_clerk_and_the_desk_are_told_at_the_minute(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))

    assert owing.called() == [ITS_CLERK, OFFICER]
    assert all("到期未报" in sending.title for sending in owing.sendings)
    assert "突发事件信息报告工作的通知" in owing.sendings[0].body
    assert owing.owed(WRITTEN)["timeliness"] == "overdue"


def test_a_report_due_on_the_instant_the_clock_fires_is_not_forgotten(owing: DutyBook) -> None:
    owing.fire(just_after(DUE - 10 * MINUTE))

    fired = owing.fire(DUE)

    assert owing.sendings == []
    assert fired.is_held or (fired.next_at is not None and fired.next_at <= DUE)


def test_half_an_hour_later_it_is_missing_and_supervisor_and_head_are_told(
    owing: DutyBook,
) -> None:
    owing.fire(just_after(DUE))

    owing.fire(just_after(DUE + 30 * MINUTE))

    assert set(owing.called()) == {ITS_HEAD, *SUPERVISORS}
    assert owing.owed(WRITTEN)["timeliness"] == "missing"
    assert owing.owed(WRITTEN)["fulfilment"] == "open"


def test_a_grave_case_is_raised_to_the_leader_on_duty_when_it_stays_missing(
    room: DutyBook,
) -> None:
    room.take(a_call(**WALL))
    acknowledged(room)
    room.fire(just_after(DUE + 30 * MINUTE))

    room.fire(DUE + HOUR)
    just_before = room.called()
    room.fire(just_after(DUE + HOUR))

    assert just_before == []
    assert LEADER in room.called()
    (text,) = {sending.title for sending in room.sendings if "书面首报" in sending.title}
    assert text == "【提请过问】青石镇书面首报已超时1小时，仍未收到"


def test_an_ordinary_case_is_not_raised_however_long_it_is_missing(owing: DutyBook) -> None:
    owing.fire(just_after(DUE + 30 * MINUTE))

    owing.fire(DUE + 5 * HOUR)

    assert owing.called() == []


def test_the_log_says_who_how_late_and_under_which_text(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    owing.fire(just_after(DUE + 30 * MINUTE))

    (entry,) = owing.late_log()

    assert (entry["unit_id"], entry["kind"]) == (TOWNSHIP, WRITTEN)
    assert entry["timeliness"] == "missing"
    assert entry["overrun_seconds"] == 1800
    assert "突发事件信息报告工作的通知" in entry["source"]
    assert [each["timeliness"] for each in entry["history"]] == ["overdue"]


def test_the_receipt_corrects_the_log_and_erases_nothing(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    owing.fire(just_after(DUE + 30 * MINUTE))

    receipt = owing.take(the_report(owing, DUE + 45 * MINUTE))

    assert receipt["obligations"][0]["timeliness"] == "late"
    (entry,) = owing.late_log()
    assert (entry["timeliness"], entry["overrun_seconds"]) == ("late", 45 * 60)
    assert entry["received_at"] == DUE + 45 * MINUTE
    assert entry["evidence"] == receipt["submission_id"]
    assert [each["timeliness"] for each in entry["history"]] == ["overdue", "missing"]


def test_a_report_that_came_late_is_chased_no_further(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    owing.take(the_report(owing, DUE + MINUTE))

    owing.fire(DUE + HOUR)

    assert owing.called() == []


def test_a_report_in_time_is_not_on_the_log(owing: DutyBook) -> None:
    owing.take(the_report(owing, DUE))

    owing.fire(DUE + HOUR)

    assert owing.late_log() == []
    assert owing.owed(WRITTEN)["timeliness"] == "on_time"


def test_many_missing_at_one_instant_are_one_text_to_the_desk_and_one_to_each_unit(
    room: DutyBook,
) -> None:
    for number, unit in enumerate((TOWNSHIP, NEIGHBOUR)):
        room.take(a_call(f"call-{number}", on_behalf_of=unit))
    acknowledged(room)

    room.fire(just_after(DUE - 10 * MINUTE))
    room.fire(just_after(DUE))
    overdue = room.called()
    room.fire(just_after(DUE + 30 * MINUTE))

    assert overdue == [ITS_CLERK, THEIR_CLERK, OFFICER]
    assert sorted(room.called()) == sorted([ITS_HEAD, THEIR_HEAD, *SUPERVISORS])
    (to_supervisor,) = {s.title for s in room.sendings if s.recipient in SUPERVISORS}
    assert "2项" in to_supervisor


def test_what_the_desk_itself_owes_is_told_to_its_officer_once(room: DutyBook) -> None:
    room.take(an_arrival("1", DESK, **FIRE, medium=Medium.PHONE))
    acknowledged(room)

    room.fire(just_after(NIGHT + 50 * MINUTE))
    nudged = room.called()
    room.fire(just_after(NIGHT + HOUR))

    assert nudged == room.called() == [OFFICER]


def test_a_follow_up_is_owed_like_any_report(room: DutyBook) -> None:
    case_id = room.take(an_arrival())["case_id"]
    acknowledged(room)

    room.fire(just_after(NIGHT + 24 * HOUR))
    assert room.owed(Duty.FOLLOW_UP_REPORT)["timeliness"] == "overdue"
    room.take(
        an_arrival(
            "2", at=NIGHT + 25 * HOUR, **(FIRE | {"stage": Stage.FOLLOW_UP, "case_id": case_id})
        )
    )

    late, following = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)
    assert late["timeliness"] == "late"
    assert following["due_at"] == NIGHT + 49 * HOUR


@pytest.mark.parametrize(
    ("stage", "count"), [(Stage.FOLLOW_UP, 2), (Stage.SUPPLEMENT, 2), (Stage.FINAL, 1)]
)
def test_each_follow_up_asks_for_the_next_and_the_final_report_for_none(
    room: DutyBook, stage: Stage, count: int
) -> None:
    case_id = room.take(an_arrival())["case_id"]

    receipt = room.take(
        an_arrival("2", at=NIGHT + HOUR, **(FIRE | {"stage": stage, "case_id": case_id}))
    )

    assert len(room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)) == count
    assert len(receipt["obligations"]) == count


def test_the_next_follow_up_is_due_by_the_grade_of_now(room: DutyBook) -> None:
    case_id = room.take(an_arrival())["case_id"]
    graver = {"title": "火灾续报", "body": "和平路18号火灾已致12人死亡。", "stage": Stage.FOLLOW_UP}

    room.take(an_arrival("2", at=NIGHT + HOUR, **graver, case_id=case_id))

    following = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)[-1]
    assert following["due_at"] == NIGHT + HOUR + 12 * HOUR


def test_an_older_follow_up_that_is_judged_later_pays_no_debt_that_began_after_it(
    room: DutyBook,
) -> None:
    case_id = room.take(an_arrival())["case_id"]
    following = FIRE | {"stage": Stage.FOLLOW_UP, "case_id": case_id}
    room.take(an_arrival("newer", at=NIGHT + 2 * HOUR, **following))

    room.take(an_arrival("older", at=NIGHT + HOUR, **following))

    owed = room.rows(obligations, duty=Duty.FOLLOW_UP_REPORT.value)
    assert [row["fulfilment"] for row in owed] == ["met", "open"]


def test_a_notice_never_goes_before_an_alert(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))

    ranks = {row["cause"]: row["rank"] for row in owing.rows(deliveries)}

    assert ranks["call"] < ranks["overdue"]


def test_a_first_report_that_is_late_at_once_is_on_the_log_with_its_overrun(
    room: DutyBook,
) -> None:
    room.take(an_arrival(**FIRE, known_at=NIGHT - HOUR - timedelta(minutes=7)))

    (entry,) = room.late_log()

    assert (entry["timeliness"], entry["overrun_seconds"]) == ("late", 7 * 60)
    assert entry["received_at"] == NIGHT
