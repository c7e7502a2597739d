"""Who owes what by when, and what opened it? 应报事项。

The county's profile is `national_30_60`: thirty minutes by telephone, sixty in writing, both
from the moment the unit knew.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from rules.arrived import Arrived
from rules.obligations import Obligation, of_alert, of_day, of_first_report
from rules.timeliness import Outage
from tests.builders import FIRE, HOUR, MINUTE, NIGHT, SECOND, TOWNSHIP, a_call, an_arrival, the_law
from vocabulary.china_time import BEIJING, at
from vocabulary.terms import Clock, Duty, Fulfilment, Medium, Severity, StepKind, Timeliness

PROFILE = "national_30_60"
PHONE, WRITTEN, FOLLOW_UP = (
    Duty.PHONE_FIRST_REPORT,
    Duty.WRITTEN_FIRST_REPORT,
    Duty.FOLLOW_UP_REPORT,
)


def owed_after(
    severity: Severity | None = None, outages: tuple[Outage, ...] = (), **fields: Any
) -> dict[Duty, Obligation]:
    """What a unit's own first report leaves owed, by kind."""
    arrived = Arrived.of(an_arrival(**(FIRE | fields)), severity)
    return {o.duty: o for o in of_first_report(the_law(), PROFILE, arrived, outages)}


def owed_after_a_call(**fields: Any) -> dict[Duty, Obligation]:
    arrived = Arrived.of(a_call(**fields), None)
    return {o.duty: o for o in of_first_report(the_law(), PROFILE, arrived)}


def test_a_written_report_is_measured_by_the_hour_from_when_the_unit_knew() -> None:
    written = owed_after(known_at=NIGHT - 20 * MINUTE)[WRITTEN]

    assert written.clock is Clock.KNOWN
    assert written.counted_from == NIGHT - 20 * MINUTE
    assert written.due_at == NIGHT + 40 * MINUTE
    assert written.limit == HOUR
    assert "突发事件信息报告工作的通知" in written.source


@pytest.mark.parametrize(
    ("knew", "expected", "overrun"),
    [
        pytest.param(HOUR - SECOND, Timeliness.ON_TIME, timedelta(0), id="a second to spare"),
        pytest.param(HOUR, Timeliness.ON_TIME, timedelta(0), id="on the very second"),
        pytest.param(HOUR + SECOND, Timeliness.LATE, SECOND, id="a second over"),
    ],
)
def test_a_unit_that_knew_an_hour_ago_is_in_time_to_the_second(
    knew: timedelta, expected: Timeliness, overrun: timedelta
) -> None:
    written = owed_after(known_at=NIGHT - knew)[WRITTEN]

    assert written.fulfilment is Fulfilment.MET
    assert (written.timeliness, written.overrun) == (expected, overrun)


def test_a_late_first_report_is_not_late_for_our_outage() -> None:
    away = Outage(NIGHT - 50 * MINUTE, NIGHT - 30 * MINUTE)

    written = owed_after(known_at=NIGHT - 70 * MINUTE, outages=(away,))[WRITTEN]

    assert written.timeliness is Timeliness.ON_TIME


def test_a_known_at_that_is_not_given_is_assumed_and_marked() -> None:
    written = owed_after()[WRITTEN]

    assert written.counted_from == NIGHT
    assert written.is_assumed
    assert not owed_after(known_at=NIGHT)[WRITTEN].is_assumed


def test_no_unit_knows_of_a_thing_only_after_it_told_us() -> None:
    assert owed_after(known_at=NIGHT + HOUR)[WRITTEN].counted_from == NIGHT


def test_a_units_own_written_report_owes_no_call_but_a_follow_up() -> None:
    owed = owed_after()

    assert set(owed) == {WRITTEN, FOLLOW_UP}
    assert owed[WRITTEN].fulfilment is Fulfilment.MET
    assert owed[FOLLOW_UP].fulfilment is Fulfilment.OPEN


def test_a_phone_report_meets_the_call_and_opens_the_written_one() -> None:
    owed = owed_after(medium=Medium.PHONE)

    assert owed[PHONE].timeliness is Timeliness.ON_TIME
    assert owed[WRITTEN].fulfilment is Fulfilment.OPEN
    assert owed[WRITTEN].timeliness is Timeliness.PENDING
    assert owed[WRITTEN].due_at == NIGHT + HOUR


def test_a_call_that_the_desk_logged_counts_from_when_it_was_made() -> None:
    called_at = NIGHT - 3 * MINUTE

    owed = owed_after_a_call(known_at=called_at - 30 * MINUTE)

    assert owed[PHONE].owed_by == TOWNSHIP
    assert owed[PHONE].fulfilled_at == called_at
    assert owed[PHONE].timeliness is Timeliness.ON_TIME
    assert owed[WRITTEN].owed_by == TOWNSHIP
    assert owed[WRITTEN].fulfilment is Fulfilment.OPEN


def test_a_call_logged_for_later_than_now_counts_from_now() -> None:
    assert owed_after_a_call(called_at=NIGHT + HOUR)[PHONE].fulfilled_at == NIGHT


def test_a_unit_cannot_date_its_own_report_back_by_claiming_a_call() -> None:
    owed = owed_after(called_at=NIGHT - HOUR, known_at=NIGHT - 2 * HOUR)

    assert PHONE not in owed
    assert owed[WRITTEN].fulfilled_at == NIGHT
    assert owed[WRITTEN].timeliness is Timeliness.LATE


def test_a_case_that_the_desk_opens_for_a_unit_leaves_the_units_own_report_owed() -> None:
    owed = owed_after_a_call(called_at=None, recorder=None)

    assert PHONE not in owed
    assert owed[WRITTEN].owed_by == TOWNSHIP
    assert owed[WRITTEN].fulfilment is Fulfilment.OPEN


@pytest.mark.parametrize(
    ("severity", "hours"),
    [(Severity.EXTREME, 12), (Severity.MAJOR, 12), (Severity.SERIOUS, 24), (None, 24)],
)
def test_the_graver_the_case_the_sooner_the_follow_up(
    severity: Severity | None, hours: int
) -> None:
    follow_up = owed_after(severity=severity)[FOLLOW_UP]

    assert follow_up.clock is Clock.RECEIVED
    assert follow_up.due_at == NIGHT + hours * HOUR


@pytest.mark.parametrize(
    "last_minute_of_the_old_law",
    [
        pytest.param(datetime(2015, 7, 30, 23, 59, tzinfo=BEIJING), id="in Beijing"),
        pytest.param(datetime(2015, 7, 30, 15, 59, tzinfo=UTC), id="the same instant in UTC"),
    ],
)
def test_the_law_is_that_of_the_day_in_beijing(last_minute_of_the_old_law: datetime) -> None:
    old = owed_after(occurred_at=last_minute_of_the_old_law)[WRITTEN]
    new = owed_after(occurred_at=last_minute_of_the_old_law + MINUTE)[WRITTEN]

    assert (old.limit, old.clock) == (4 * HOUR, Clock.OCCURRED)
    assert (new.limit, new.clock) == (HOUR, Clock.KNOWN)
    assert "未经核对" in old.source


def test_a_date_before_any_law_is_judged_by_the_law_of_the_day_it_was_told() -> None:
    long_ago = datetime(1996, 11, 24, 3, 0, tzinfo=BEIJING)

    written = owed_after(occurred_at=long_ago)[WRITTEN]

    assert (written.limit, written.clock) == (HOUR, Clock.KNOWN)


def test_an_obligation_met_at_once_has_no_step_to_come() -> None:
    assert owed_after()[WRITTEN].next_at is None


def test_the_desk_owes_an_acknowledgement_in_five_minutes_and_a_look_in_fifteen() -> None:
    called = of_alert(the_law(), Duty.ACKNOWLEDGEMENT, "zhengfuban", NIGHT, Severity.MAJOR)
    looked = of_alert(the_law(), Duty.LOOK, "zhengfuban", NIGHT, None)

    assert (called.due_at, called.next_at) == (NIGHT + 5 * MINUTE, NIGHT + 5 * MINUTE)
    assert looked.due_at == NIGHT + 15 * MINUTE
    assert called.owed_by == looked.owed_by == "zhengfuban"


def test_the_calendar_opens_a_daily_report_for_the_day_in_beijing() -> None:
    report = the_law().daily[0]
    day = NIGHT.date()

    owed = of_day(the_law(), report, TOWNSHIP, day)

    assert owed.counted_from == at(day, time(0, 0))
    assert owed.due_at == at(day, time(16, 30))
    assert owed.next_at == at(day, time(16, 20))
    assert the_law().obligations[owed.duty].ladder.steps[owed.step].kind is StepKind.NUDGE
