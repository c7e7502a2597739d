"""What does the day itself open? 每日零报告。"""

from datetime import timedelta

from sqlalchemy import select

from ledger.schema import obligations
from tests.builders import (
    HOUR,
    ITS_CLERK,
    MINUTE,
    NIGHT,
    NIL,
    SECOND,
    TOWNSHIP,
    an_arrival,
    the_county,
)
from tests.streams.duty_book import DutyBook, just_after
from vocabulary.terms import Duty, Stage, UnitKind

DUE = NIGHT.replace(hour=16, minute=30, second=0)
NOON = NIGHT.replace(hour=12, minute=0, second=0)
A_DAY = timedelta(days=1)
UNITS = len(the_county().reporting_units)


def nil_reports(room: DutyBook, **wanted: object) -> list[dict[str, object]]:
    return room.rows(obligations, duty=Duty.NIL_REPORT.value, **wanted)


def test_each_township_and_bureau_owes_a_nil_report_by_half_past_four(room: DutyBook) -> None:
    room.fire(NIGHT)

    assert len(nil_reports(room)) == UNITS
    assert {row["due_at"] for row in nil_reports(room)} == {DUE}
    assert "宜政办发〔2018〕88号" in str(nil_reports(room)[0]["source"])


def test_it_is_opened_once_a_day_whatever_restarts(room: DutyBook) -> None:
    room.fire(NIGHT)
    room.fire(NIGHT + HOUR)
    room.change_desk(owner="the next process")
    room.fire(NIGHT + 2 * HOUR)

    assert len(nil_reports(room)) == UNITS


def test_each_day_opens_its_own(room: DutyBook) -> None:
    room.fire(NIGHT)
    room.fire(NIGHT + A_DAY)

    assert len(nil_reports(room)) == 2 * UNITS


def test_the_day_begins_at_midnight_in_beijing(room: DutyBook) -> None:
    midnight = NIGHT.replace(hour=0, minute=0, second=0)

    room.fire(midnight - SECOND)
    room.fire(midnight)

    assert {row["due_at"] for row in nil_reports(room)} == {DUE - A_DAY, DUE}


def test_a_day_whose_opening_was_rolled_back_is_opened_again(room: DutyBook) -> None:
    with room.book.writing.connect() as connection, connection.begin() as transaction:
        room.firing.fire(connection, [NIGHT])
        transaction.rollback()

    room.fire(NIGHT + SECOND)

    assert len(nil_reports(room)) == UNITS


def test_a_house_founded_after_the_hour_owes_nothing_for_that_day(room: DutyBook) -> None:
    room.live(DUE + SECOND)

    room.fire(DUE + MINUTE)

    assert nil_reports(room) == []


def test_a_house_founded_at_noon_asks_for_that_day_already(room: DutyBook) -> None:
    room.live(NOON)

    room.fire(NOON)

    assert len(nil_reports(room)) == UNITS
    assert room.sendings == []


def test_a_nil_report_meets_the_days(room: DutyBook) -> None:
    room.fire(NIGHT)

    receipt = room.take(an_arrival(at=DUE, **NIL))

    assert [o["kind"] for o in receipt["obligations"]] == ["nil_report"]
    assert receipt["obligations"][0]["timeliness"] == "on_time"
    assert len(nil_reports(room, fulfilment="open")) == UNITS - 1


def test_one_a_second_too_late_is_late(room: DutyBook) -> None:
    room.fire(NIGHT)

    receipt = room.take(an_arrival(at=DUE + SECOND, **NIL))

    assert receipt["obligations"][0]["timeliness"] == "late"
    (entry,) = room.late_log()
    assert (entry["unit_id"], entry["overrun_seconds"]) == (TOWNSHIP, 1)


def test_a_silent_day_is_one_text_to_each_clerk_and_one_to_the_desk(room: DutyBook) -> None:
    room.fire(NIGHT)
    room.fire(just_after(DUE - 10 * MINUTE))
    assert len(room.called()) == UNITS

    room.fire(just_after(DUE))

    assert len(room.called()) == UNITS + 1
    assert ITS_CLERK in room.called()
    assert room.called()[-1] == "tang-siqi"  # on duty since half past eight
    assert f"{UNITS}项到期未报" in room.sendings[-1].title


def test_what_nobody_sent_is_missing_and_never_taken_for_nothing_happened(
    room: DutyBook,
) -> None:
    room.fire(NIGHT)
    room.fire(just_after(DUE + 30 * MINUTE))

    with room.book.read() as connection:
        found = connection.execute(
            select(obligations.c.timeliness, obligations.c.fulfilment).distinct()
        ).all()
    assert [tuple(row) for row in found] == [("missing", "open")]


def test_yesterdays_report_sent_after_todays_is_yesterdays_and_late(room: DutyBook) -> None:
    room.fire(NIGHT)
    room.fire(NIGHT + A_DAY)
    room.absorb(an_arrival("today", at=NIGHT + A_DAY + HOUR, **NIL))

    receipt = room.take(an_arrival("yesterday", at=NIGHT + A_DAY + 2 * HOUR, **NIL))

    assert receipt["obligations"][0]["timeliness"] == "late"


# Reports of certain days.

MORNING = NIGHT.replace(month=7, day=1, hour=1)
IN_FLOOD_SEASON = MORNING.replace(hour=8, minute=0, second=0)


def flood_reports(room: DutyBook) -> list[dict[str, object]]:
    return room.rows(obligations, duty=Duty.PERIODIC_REPORT.value)


def test_in_the_flood_season_each_township_owes_a_report_by_eight(room: DutyBook) -> None:
    room.fire(MORNING)

    townships = [u for u in the_county().reporting_units if u.kind is UnitKind.TOWNSHIP]
    assert {row["owed_by"] for row in flood_reports(room)} == {u.unit_id for u in townships}
    assert {row["due_at"] for row in flood_reports(room)} == {IN_FLOOD_SEASON}
    assert "未经核对" in str(flood_reports(room)[0]["source"])


def test_outside_of_it_nobody_does(room: DutyBook) -> None:
    room.fire(NIGHT)

    assert flood_reports(room) == []


def test_a_periodic_report_meets_it_and_leaves_the_nil_report_owed(room: DutyBook) -> None:
    room.fire(MORNING)

    periodic = {"stage": Stage.PERIODIC, "title": "汛情正常"}
    room.absorb(an_arrival(at=MORNING + HOUR, **periodic))

    (met,) = room.rows(obligations, owed_by=TOWNSHIP, fulfilment="met")
    assert met["duty"] == Duty.PERIODIC_REPORT


def test_where_nothing_else_is_owed_a_nil_report_answers_for_it(room: DutyBook) -> None:
    room.fire(MORNING)

    room.absorb(an_arrival("1", at=MORNING + HOUR, **NIL))
    room.absorb(an_arrival("2", at=MORNING + HOUR + MINUTE, **NIL))

    met = room.rows(obligations, owed_by=TOWNSHIP, fulfilment="met")
    assert {row["duty"] for row in met} == {"nil_report", "periodic_report"}
