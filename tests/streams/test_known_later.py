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
    an_arrival,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, by, follow_up
from vocabulary.case_act import Close
from vocabulary.terms import Duty, Fulfilment, Stage, Timeliness

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


def test_the_report_that_tells_it_is_judged_by_it_and_nobody_is_told_more(room: DutyBook) -> None:
    case_id = room.take(a_call(**UNTIMED))["case_id"]
    acknowledged(room)
    written = UNTIMED | {"known_at": NIGHT - 10 * MINUTE, "case_id": case_id}

    room.take(an_arrival("2", at=NIGHT + 7 * MINUTE, **written))
    room.fire(just_after(NIGHT + 3 * HOUR))

    owed = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert (owed["fulfilment"], owed["timeliness"]) == (Fulfilment.MET, Timeliness.ON_TIME)
    assert (owed["counted_from"], owed["next_at"]) == (NIGHT - 10 * MINUTE, None)
    assert room.rows(late_log, obligation_id=owed["id"]) == []


def test_a_late_report_that_tells_it_is_logged_once_by_the_moved_clock(room: DutyBook) -> None:
    case_id = room.take(a_call(**UNTIMED))["case_id"]
    written = UNTIMED | {"known_at": NIGHT - HOUR, "case_id": case_id}

    room.take(an_arrival("2", at=NIGHT + 30 * MINUTE, **written))

    owed = room.owed(Duty.WRITTEN_FIRST_REPORT)
    (entry,) = room.rows(late_log, obligation_id=owed["id"])
    assert (owed["due_at"], entry["overrun_seconds"]) == (NIGHT, 1800)


def test_told_again_and_again_it_is_logged_once(room: DutyBook) -> None:
    uid = a_case(room, **UNTIMED)

    for n in range(4):
        at, known_at = NIGHT + (1 + n) * HOUR, NIGHT - 2 * HOUR
        follow_up(room, uid, UNTIMED, key=f"again {n}", at=at, known_at=known_at)

    owed = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert len(room.rows(late_log, obligation_id=owed["id"])) == 1


@pytest.mark.parametrize("is_together", [True, False], ids=["in one batch", "singly"])
def test_it_is_the_same_in_one_batch_and_singly(room: DutyBook, *, is_together: bool) -> None:
    case_id = room.take(a_call(**UNTIMED))["case_id"]
    told = {"case_id": case_id, "known_at": NIGHT - 2 * HOUR}
    items = (
        an_arrival("2", at=NIGHT + MINUTE, **(UNTIMED | told | {"stage": Stage.FOLLOW_UP})),
        an_arrival("3", at=NIGHT + 2 * MINUTE, **(UNTIMED | {"case_id": case_id})),
    )

    for batch in [items] if is_together else [(each,) for each in items]:
        room.absorb(*batch)

    assert room.owed(Duty.WRITTEN_FIRST_REPORT)["timeliness"] == Timeliness.LATE


def test_a_moment_of_another_age_is_a_slip_of_the_pen(room: DutyBook) -> None:
    uid = a_case(room, **UNTIMED)

    follow_up(room, uid, UNTIMED, known_at=NIGHT.replace(year=1970))

    assert room.rows(late_log) == []


def test_what_was_waived_stays_so(room: DutyBook) -> None:
    uid = UUID(room.take(a_call(**UNTIMED))["case_id"])
    acknowledged(room)
    room.act(Close(uid, by(), is_false_alarm=True))

    follow_up(room, uid, UNTIMED, known_at=NIGHT - 2 * HOUR)

    owed = room.owed(Duty.WRITTEN_FIRST_REPORT)
    assert (owed["fulfilment"], owed["next_at"]) == (Fulfilment.WAIVED, None)
