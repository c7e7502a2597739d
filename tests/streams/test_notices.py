"""What does a notice say beside that something is owed, and to how many? 通知的内容与条数。"""

from datetime import datetime, timedelta

from ledger.effects import Sending
from ledger.schema import cases
from tests.builders import (
    BLAST,
    FIRE,
    HOUR,
    ITS_CLERK,
    ITS_HEAD,
    MINUTE,
    NEIGHBOUR,
    NIGHT,
    NIL,
    OFFICER,
    SUPERVISORS,
    THEIR_CLERK,
    TOWNSHIP,
    a_call,
    an_arrival,
    the_county,
)
from tests.streams.a_chained_log import say
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import DUE, acknowledged
from tests.streams.test_nothing_grows import asked_of, scans
from vocabulary.terms import AnswerKind

NIL_DUE = NIGHT.replace(hour=16, minute=30, second=0)
A_DAY = timedelta(days=1)


def to(room: DutyBook, person: str) -> list[Sending]:
    return [sending for sending in room.sendings if sending.recipient == person]


def the_nil_report_is_not_sent(room: DutyBook, day: datetime = NIL_DUE) -> None:
    """By anyone in the county, until it counts as missing."""
    room.fire(day - HOUR)
    room.fire(just_after(day))
    room.fire(just_after(day + 30 * MINUTE))


def test_a_text_counts_what_else_was_late_or_silent_this_quarter(room: DutyBook) -> None:
    the_nil_report_is_not_sent(room)
    room.take(an_arrival("1", at=NIL_DUE + HOUR, **NIL))

    room.fire(NIL_DUE + A_DAY - HOUR)
    room.fire(just_after(NIL_DUE + A_DAY))

    (its,) = to(room, ITS_CLERK)
    (theirs,) = to(room, THEIR_CLERK)
    assert "本季度另有迟报1次（系统记录" in its.body
    assert "本季度另有未报1次（系统记录" in theirs.body
    (to_desk,) = {sending.body for sending in room.sendings if "项到期未报" in sending.title}
    assert "青石镇（1）" in to_desk


def test_what_the_text_speaks_of_itself_is_not_counted_again(room: DutyBook) -> None:
    the_nil_report_is_not_sent(room)

    assert room.called()
    assert all("本季度另有" not in sending.body for sending in room.sendings)


def test_another_quarter_begins_anew_at_midnight_in_beijing(room: DutyBook) -> None:
    last_day = NIL_DUE.replace(month=12, day=31)
    the_nil_report_is_not_sent(room, last_day)

    room.fire(last_day + A_DAY - HOUR)
    room.fire(just_after(last_day + A_DAY))

    assert to(room, ITS_CLERK)
    assert all("本季度另有" not in sending.body for sending in room.sendings)


def test_what_a_supervisor_waived_is_not_counted(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    owing.fire(just_after(DUE + 30 * MINUTE))
    say(owing, AnswerKind.WAIVER, "停电，不可抗力")

    owing.fire(just_after(NIL_DUE))

    assert to(owing, ITS_CLERK)
    assert all("本季度另有" not in sending.body for sending in to(owing, ITS_CLERK))


def test_a_waiver_that_a_finding_overruled_counts_again(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    owing.fire(just_after(DUE + 30 * MINUTE))
    say(owing, AnswerKind.WAIVER, "停电，不可抗力")
    say(owing, AnswerKind.FINDING, "经查电话畅通")

    owing.fire(just_after(NIL_DUE))

    assert "本季度另有未报1次" in to(owing, ITS_CLERK)[0].body


def test_a_drill_is_not_counted(room: DutyBook) -> None:
    room.take(a_call(is_drill=True))
    acknowledged(room)
    room.fire(just_after(DUE + 30 * MINUTE))

    room.fire(just_after(NIL_DUE))

    assert all("本季度另有" not in sending.body for sending in to(room, ITS_CLERK))


def test_a_unit_that_owes_two_things_at_one_instant_gets_one_text(room: DutyBook) -> None:
    for place in ("和平路", "建设路"):
        words = {name: text.replace("和平路", place) for name, text in FIRE.items()}
        room.take(a_call(place, **words))
    acknowledged(room)
    assert len(room.rows(cases)) == 2

    room.fire(just_after(DUE - 10 * MINUTE))
    nudged = to(room, ITS_CLERK)
    room.fire(just_after(DUE))

    assert [sending.title for sending in nudged] == [
        "【催报】青石镇：2项请于11月24日 04:09前报出，还有10分钟"
    ]
    (told,) = to(room, ITS_CLERK)
    assert "和平路" in told.body
    assert "建设路" in told.body


def test_it_says_how_long_over_and_where_to_answer(owing: DutyBook) -> None:
    owing.fire(just_after(DUE))
    case_uid = owing.rows(cases)[0]["uid"]
    at_the_minute = to(owing, ITS_CLERK)[0].body

    owing.fire(just_after(DUE + 30 * MINUTE))

    assert f"/report?stage=first&case_id={case_uid}" in at_the_minute
    assert to(owing, ITS_HEAD)[0].title.startswith("【缺报待核】青石镇：书面首报已超时30分钟")
    (row,) = owing.late_log()
    for supervisor in SUPERVISORS:
        told = to(owing, supervisor)[0].body
        assert "已超时30分钟：青石镇" in told
        assert f"/late-log/{row['id']}" in told


def test_after_our_outage_nothing_is_said_to_be_over(owing: DutyBook) -> None:
    """What is over is counted from the instant to which our own outage moved it."""
    owing.live(NIGHT, NIGHT + 10 * MINUTE)
    owing.live(NIGHT + 30 * MINUTE, NIGHT + 10 * HOUR)

    owing.fire(just_after(DUE + 20 * MINUTE))
    owing.fire(just_after(DUE + 50 * MINUTE))

    assert "已超时30分钟" in to(owing, ITS_HEAD)[0].title


def test_one_text_of_many_stands_as_evidence_under_each_of_them(room: DutyBook) -> None:
    for number, unit in enumerate((TOWNSHIP, NEIGHBOUR)):
        room.take(a_call(f"call-{number}", on_behalf_of=unit))
    acknowledged(room)

    room.fire(just_after(DUE))
    room.fire(just_after(DUE + 30 * MINUTE))

    rows = room.late_log()
    assert {row["unit_id"] for row in rows} == {TOWNSHIP, NEIGHBOUR}
    for row in rows:
        told = [notice["recipient"] for notice in row["notices"]]
        assert told.count(OFFICER) == 1
        assert all(told.count(supervisor) == 1 for supervisor in SUPERVISORS)


def test_the_desk_is_nudged_to_its_board_about_what_it_owes_itself(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST))
    acknowledged(room)
    first = min(row["next_at"] for row in room.rows_of_upward())

    room.fire(just_after(first))

    assert to(room, OFFICER)[0].title.startswith("【催报】向上报告")
    assert to(room, OFFICER)[0].body.endswith("/board")


def test_the_count_reads_no_table_whole_and_is_asked_once_for_all(room: DutyBook) -> None:
    the_nil_report_is_not_sent(room)

    with asked_of(room.book.writing) as asked:
        room.fire(just_after(NIL_DUE + A_DAY))

    counting = [statement for statement in asked if "timeliness IN" in statement]
    assert len(the_county().reporting_units) > 10
    assert len(counting) == 1
    assert scans(room.book, asked) == []
