"""What does it change when a unit says later when it knew? 获悉时间。"""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from ledger.schema import late_log
from tests.builders import (
    FIRE,
    HOUR,
    MINUTE,
    NIGHT,
    Item,
    a_call,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, follow_up
from vocabulary.terms import Duty, Timeliness

DAY = timedelta(days=1)

UNTIMED: Item = {"title": FIRE["title"], "body": "和平路18号居民楼5楼起火，消防正在扑救。"}


def test_when_it_knew_told_later_moves_the_clock_that_had_assumed_it(room: DutyBook) -> None:
    case_id = room.take(a_call(**UNTIMED))["case_id"]
    called_at = NIGHT - 3 * MINUTE
    knew_at = called_at - 10 * MINUTE

    follow_up(room, UUID(case_id), UNTIMED, known_at=knew_at, at=NIGHT + MINUTE)

    written = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert (written["counted_from"], written["is_assumed"]) == (knew_at, False)
    assert written["due_at"] == knew_at + HOUR
    assert written["next_at"] == written["due_at"] - 10 * MINUTE
    assert room.next_step_at is not None
    assert room.next_step_at <= written["next_at"]


def test_a_first_report_that_then_was_late_is_logged_as_late(room: DutyBook) -> None:
    uid = a_case(room, **UNTIMED)

    follow_up(room, uid, UNTIMED, known_at=NIGHT - 2 * HOUR)

    owed = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert (owed["timeliness"], owed["due_at"]) == (Timeliness.LATE, NIGHT - HOUR)
    (entry,) = room.rows(late_log)
    assert entry["overrun_seconds"] == 3600
    assert "获悉" in entry["note"]


def test_the_second_it_was_due_is_in_time(room: DutyBook) -> None:
    uid = a_case(room, **UNTIMED)

    follow_up(room, uid, UNTIMED, known_at=NIGHT - HOUR)

    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["timeliness"] == Timeliness.ON_TIME
    assert room.rows(late_log) == []


def test_what_stands_on_the_log_stays_and_another_entry_is_added(room: DutyBook) -> None:
    case_id = room.take(a_call(**UNTIMED))["case_id"]
    acknowledged(room)
    before = room.owed(Duty.WRITTEN_FIRST_REPORT)
    room.fire(just_after(before["due_at"]))

    told_at = before["due_at"] + MINUTE
    follow_up(room, UUID(case_id), UNTIMED, known_at=NIGHT - HOUR, at=told_at)

    after = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert {n: after[n] for n in ("due_at", "counted_from", "is_assumed")} == {
        n: before[n] for n in ("due_at", "counted_from", "is_assumed")
    }
    first, second = room.rows(late_log, obligation_id=after["id"])
    assert second["overrun_seconds"] == (told_at - NIGHT).total_seconds()
    assert first["overrun_seconds"] < second["overrun_seconds"]


@pytest.mark.parametrize(
    "known_at",
    [NIGHT + 30 * MINUTE, NIGHT - 100 * DAY],
    ids=["later than the first report: of its own news", "before the incident: a slip of the pen"],
)
def test_no_other_moment_moves_a_clock(room: DutyBook, known_at: Any) -> None:
    uid = a_case(room, **FIRE, occurred_at=NIGHT - 10 * MINUTE)

    follow_up(room, uid, FIRE, known_at=known_at)

    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["counted_from"] == NIGHT


def test_what_was_stated_at_first_is_not_moved(room: DutyBook) -> None:
    uid = a_case(room, **FIRE, known_at=NIGHT - 5 * MINUTE)

    follow_up(room, uid, FIRE, known_at=NIGHT - 2 * HOUR)

    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["counted_from"] == NIGHT - 5 * MINUTE
