"""What a second reading of the whole found. 复核所得。"""

from datetime import timedelta

from ledger.schema import alerts, attempts, obligations
from tests.builders import MINUTE, NIGHT, TOWNSHIP, a_call, an_arrival
from tests.streams.duty_book import DutyBook
from vocabulary.terms import Duty, Outcome, Stage

DAY = timedelta(days=1)


def test_todays_nil_report_pays_for_today_however_many_old_ones_are_owed(room: DutyBook) -> None:
    for number in range(60):
        room.fire(NIGHT + number * DAY)
    today = NIGHT + 59 * DAY

    room.take(an_arrival("nil", stage=Stage.NIL, title="零报告", at=today + MINUTE))

    (met,) = room.rows(obligations, owed_by=TOWNSHIP, fulfilment="met")
    newest = max(row["due_at"] for row in room.rows(obligations, owed_by=TOWNSHIP))
    assert met["due_at"] == newest


def test_when_all_who_were_called_fail_together_the_next_is_called_all_the_same(
    room: DutyBook,
) -> None:
    room.take(an_arrival("grave", title="煤矿爆炸，12人死亡", body="正在救援。"))
    people = [sending for sending in room.sendings if not sending.recipient.startswith("room:")]
    assert len(people) > 1

    failed_at = NIGHT
    while room.row(obligations, duty=Duty.ACKNOWLEDGEMENT.value)["next_at"] > failed_at:
        failed_at += timedelta(seconds=1)
        people = room.answer_together(people, Outcome.REFUSED, failed_at)
        if not people:
            break

    assert room.row(obligations, duty=Duty.ACKNOWLEDGEMENT.value)["next_at"] == failed_at


def test_a_weak_sign_that_is_guessed_into_a_case_asks_to_be_looked_at(room: DutyBook) -> None:
    case_id = room.take(a_call())["case_id"]
    body = "辖区火灾呈上升趋势，应引起高度重视。"

    weak = room.take(an_arrival("weak", title="近期火灾隐患增多", body=body, at=NIGHT + MINUTE))

    assert (weak["verdict"], weak["case_id"]) == ("attention", case_id)
    assert [alert["level"] for alert in room.rows(alerts)] == ["emergency", "attention"]


def test_what_waited_in_the_inbox_is_called_once_and_not_marked_as_a_repeat(room: DutyBook) -> None:
    judged_at = NIGHT + MINUTE
    room.change_desk(now=lambda: judged_at)
    room.keep(an_arrival("late"))
    room.drain("express")

    room.claim(judged_at + timedelta(seconds=1))

    assert len(room.rows(attempts, is_repeat=True)) == 0
