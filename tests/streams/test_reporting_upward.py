"""Does the desk keep its own clock towards city, province and party office? 向上报告。"""

from dataclasses import replace

import pytest

from tests.builders import (
    BLAST,
    DESK,
    FIRE,
    HOUR,
    LEADER,
    MINUTE,
    NIGHT,
    OFFICER,
    SECOND,
    an_arrival,
    the_county,
)
from tests.streams.duty_book import DutyBook, just_after
from tests.streams.owing import acknowledged
from tests.streams.settled import a_case, by
from vocabulary.case_act import Close, Regrade
from vocabulary.hand import Upward
from vocabulary.terms import Duty, Severity, StepKind

MAJOR = Severity.MAJOR
CITY, PARTY = "市政府总值班室", "县委办公室"


def told(room: DutyBook, owed_to: str = CITY, person: str = OFFICER) -> Upward:
    at = NIGHT + 20 * MINUTE
    (case,) = {row["case_id"] for row in room.rows_of_upward()}
    return Upward(room.case_uid(case), owed_to, person, at, at)


def test_a_grave_case_opens_the_desks_own_report_to_each_above(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST))

    owed = room.rows_of_upward()
    assert {row["owed_to"] for row in owed} >= {CITY, PARTY, "省政府总值班室"}
    assert {row["owed_by"] for row in owed} == {DESK}


def test_the_party_offices_ladder_is_its_own(room: DutyBook) -> None:
    """It is told as a courtesy: half an hour of grace, and no leader is asked to see to it."""
    room.take(an_arrival(**BLAST))
    law = room.desk.rulebook
    kinds = {
        owed_to: [s.kind for s in law.ladder_of(Duty.UPWARD_REPORT, owed_to, MAJOR).steps]
        for owed_to in (CITY, PARTY)
    }
    due_at = room.owed(Duty.UPWARD_REPORT, owed_to=PARTY)["due_at"]

    room.fire(just_after(due_at + 29 * MINUTE))
    at_29 = room.owed(Duty.UPWARD_REPORT, owed_to=PARTY)["timeliness"]
    room.fire(just_after(due_at + 30 * MINUTE))

    assert StepKind.RAISE in kinds[CITY]
    assert StepKind.RAISE not in kinds[PARTY]
    assert at_29 == "overdue"
    assert room.owed(Duty.UPWARD_REPORT, owed_to=PARTY)["timeliness"] == "missing"


def test_it_is_the_desks_and_not_on_the_units_receipt(room: DutyBook) -> None:
    receipt = room.take(an_arrival(**BLAST))

    assert "upward_report" not in [owed["kind"] for owed in receipt["obligations"]]


def test_an_ordinary_fire_opens_none(room: DutyBook) -> None:
    room.take(an_arrival(**FIRE))

    assert room.rows_of_upward() == []


def test_a_repeat_opens_nothing_again(room: DutyBook) -> None:
    room.take(an_arrival("the same", **BLAST))
    before = len(room.rows_of_upward())
    room.take(an_arrival("the same", **BLAST))

    assert len(room.rows_of_upward()) == before


def test_the_officer_is_reminded_before_it_is_due_and_the_leader_told_when_it_is(
    room: DutyBook,
) -> None:
    room.take(an_arrival(**BLAST))
    due_at = room.owed(Duty.UPWARD_REPORT, owed_to=PARTY)["due_at"]

    room.fire(just_after(due_at - 10 * MINUTE))
    assert OFFICER in room.called()
    assert any("催报" in s.title and PARTY in s.title for s in room.sendings)

    room.fire(just_after(due_at))
    assert {OFFICER, LEADER} <= set(room.called())


def test_who_says_that_it_was_reported_stands_with_it(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST))

    found = room.report_upward(told(room))

    assert found is not None
    assert found.count == 1
    owed = room.owed(Duty.UPWARD_REPORT, owed_to=CITY)
    assert (owed["fulfilment"], owed["fulfilled_by"]) == ("met", OFFICER)
    assert owed["timeliness"] == "on_time"
    assert room.owed(Duty.UPWARD_REPORT, owed_to=PARTY)["fulfilment"] == "open"


def test_saying_it_again_changes_nothing(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST))
    room.report_upward(told(room))

    again = room.report_upward(told(room))

    assert again is not None
    assert again.count == 0


def test_what_nobody_recorded_in_time_is_on_the_late_log_against_the_desk(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST))
    due_at = room.owed(Duty.UPWARD_REPORT, owed_to=CITY)["due_at"]

    room.fire(due_at + HOUR + SECOND)

    assert DESK in {entry["unit_id"] for entry in room.late_log()}


def test_a_person_of_no_desk_meets_nothing(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST))

    found = room.report_upward(told(room, person="li-chunmei"))

    assert found is not None
    assert found.count == 0


def test_a_drill_is_a_drill_upward_too(room: DutyBook) -> None:
    room.take(an_arrival(**BLAST, is_drill=True))

    assert {row["is_drill"] for row in room.rows_of_upward()} == {True}


def test_a_grade_that_a_person_raised_is_reported_upward_from_then(room: DutyBook) -> None:
    uid = a_case(room)
    assert room.rows_of_upward() == []
    said = by(after=20 * MINUTE)

    room.act(Regrade(uid, said, Severity.MAJOR))

    owed = {row["owed_to"]: row for row in room.rows_of_upward()}
    assert set(owed) == {CITY, PARTY, "省政府总值班室"}
    assert owed[CITY]["counted_from"] == said.at
    assert owed[CITY]["due_at"] == said.at + HOUR
    assert owed[CITY]["opened_by"] == "人工定级"
    assert room.next_step_at is not None
    assert room.next_step_at <= min(row["next_at"] for row in room.rows_of_upward())


def test_a_date_of_a_year_ago_does_not_make_the_desk_late_at_once(room: DutyBook) -> None:
    """A text of January that tells of “11月24日” may be about something else."""
    uid = a_case(room, **FIRE, occurred_at=NIGHT.replace(year=2025))

    room.act(Regrade(uid, by(after=HOUR), MAJOR))

    assert all(row["due_at"] > NIGHT + HOUR for row in room.rows_of_upward())
    assert room.rows_of_upward()


def test_a_grade_that_a_person_lowered_is_not(room: DutyBook) -> None:
    uid = a_case(room)

    room.act(Regrade(uid, by(), Severity.ORDINARY))

    assert room.rows_of_upward() == []


@pytest.mark.parametrize("is_false_alarm", [True, False])
def test_what_burns_again_after_it_was_closed_is_reported_upward_again(
    room: DutyBook, *, is_false_alarm: bool
) -> None:
    uid = a_case(room, **BLAST)
    before = len(room.rows_of_upward())
    acknowledged(room)
    room.act(Close(uid, by(), is_false_alarm=is_false_alarm))

    room.take(an_arrival("again", at=NIGHT + HOUR, **BLAST, case_id=str(uid)))

    again = [row for row in room.rows_of_upward() if row["counted_from"] == NIGHT + HOUR]
    assert len(room.rows_of_upward()) == 2 * before
    assert {row["owed_to"] for row in again} >= {CITY, PARTY}


@pytest.mark.parametrize("is_together", [True, False])
@pytest.mark.parametrize("is_false_alarm", [True, False])
def test_but_once_for_a_closing_however_many_tell_of_it(
    room: DutyBook, *, is_false_alarm: bool, is_together: bool
) -> None:
    uid = a_case(room, **BLAST)
    before = len(room.rows_of_upward())
    acknowledged(room)
    room.act(Close(uid, by(), is_false_alarm=is_false_alarm))

    told = [an_arrival(str(n), at=NIGHT + HOUR, **BLAST, case_id=str(uid)) for n in range(3)]
    for batch in [told] if is_together else [[each] for each in told]:
        room.absorb(*batch)

    assert len(room.rows_of_upward()) == 2 * before


@pytest.mark.parametrize(
    ("profile", "severity", "minutes"),
    [
        ("chongqing", Severity.SERIOUS, 60),
        ("jiangxi", Severity.SERIOUS, 120),
        ("anhui", Severity.SERIOUS, 240),
        ("anhui", Severity.MAJOR, 120),
        (None, Severity.SERIOUS, 60),
    ],
)
def test_a_county_reports_upward_by_the_law_of_its_province(
    room: DutyBook, profile: str | None, severity: Severity, minutes: int
) -> None:
    room.change_desk(county=replace(the_county(), upward_profile=profile))
    uid = a_case(room)

    room.act(Regrade(uid, by(), severity))

    assert room.owed(Duty.UPWARD_REPORT, owed_to=CITY)["limit_seconds"] == minutes * 60
