"""Where does an unmet obligation stand on its ladder? 梯级。"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rules import ladder
from rules.ladder import Place
from rules.rulebook import Ladder
from tests.builders import MINUTE, NIGHT, SECOND, the_law
from vocabulary.terms import Duty, Role, Severity, StepKind

ANY_GRADE = the_law().obligations[Duty.WRITTEN_FIRST_REPORT].ladder
REPORTING = ANY_GRADE.for_grade(None)
CALLING = the_law().obligations[Duty.ACKNOWLEDGEMENT].ladder
DUE = NIGHT + 60 * MINUTE


def kinds_of_now(steps: Ladder, step: int, now: datetime) -> list[StepKind]:
    return [each.kind for each in ladder.steps_of_now(steps, DUE, step, now)[0]]


def test_only_a_grave_case_is_raised_to_a_leader() -> None:
    for grave in (Severity.EXTREME, Severity.MAJOR, Severity.SERIOUS):
        assert ANY_GRADE.for_grade(grave).steps[-1].kind is StepKind.RAISE
    for severity in (Severity.ORDINARY, None):
        assert ANY_GRADE.for_grade(severity).steps == ANY_GRADE.steps[:-1]
    assert CALLING.for_grade(None) is CALLING


def test_a_new_obligation_waits_for_its_nudge() -> None:
    assert ladder.start(REPORTING, DUE, NIGHT) == Place(0, DUE - 10 * MINUTE)


@pytest.mark.parametrize("left", [10 * MINUTE, 3 * MINUTE, -5 * MINUTE, -300 * MINUTE])
def test_a_nudge_whose_hour_is_past_is_dropped_and_all_else_is_owed(left: timedelta) -> None:
    assert ladder.start(REPORTING, DUE, DUE - left) == Place(1, DUE)


def test_a_step_comes_on_its_very_instant() -> None:
    assert ladder.steps_of_now(REPORTING, DUE, 0, DUE - 10 * MINUTE - SECOND)[0] == ()
    assert kinds_of_now(REPORTING, 0, DUE - 10 * MINUTE) == [StepKind.NUDGE]


def test_after_a_downtime_a_past_nudge_is_dropped_and_the_rest_comes_at_once() -> None:
    steps, place = ladder.steps_of_now(REPORTING, DUE, 0, DUE + 31 * MINUTE)

    assert [step.kind for step in steps] == [StepKind.OVERDUE, StepKind.MISSING]
    assert place == Place(3, None)


def test_after_a_downtime_the_calls_go_on_at_the_step_of_now() -> None:
    steps, place = ladder.steps_of_now(CALLING, DUE, 0, DUE + 7 * MINUTE)

    assert ladder.posts(steps) == (Role.DUTY_OFFICER, Role.DUTY_LEADER, Role.OFFICE_DIRECTOR)
    assert place == Place(2, DUE + 10 * MINUTE)


def test_a_step_that_was_done_is_not_done_again() -> None:
    assert kinds_of_now(REPORTING, 2, DUE + MINUTE) == []


def test_a_step_that_was_brought_forward_comes_before_its_instant_and_the_rest_in_time() -> None:
    early = DUE - 4 * MINUTE

    steps, place = ladder.steps_of_now(CALLING, DUE, 0, early, called_for=early)

    assert ladder.posts(steps) == (Role.DUTY_OFFICER, Role.DUTY_LEADER)
    assert place == Place(1, DUE + 5 * MINUTE)


def test_a_step_brought_forward_to_later_has_not_come_yet() -> None:
    steps, place = ladder.steps_of_now(CALLING, DUE, 0, DUE - MINUTE, called_for=DUE)

    assert (steps, place) == ((), Place(0, DUE))


def test_at_the_top_of_the_ladder_nothing_more_comes() -> None:
    assert ladder.steps_of_now(CALLING, DUE, 4, DUE + 300 * MINUTE) == ((), Place(4, None))


def test_a_ladder_taken_up_again_before_it_was_due_starts_at_its_foot() -> None:
    assert ladder.resume(CALLING, DUE, DUE - SECOND) == Place(0, DUE)


def test_a_ladder_taken_up_again_goes_on_at_the_step_of_now() -> None:
    assert ladder.resume(CALLING, DUE, DUE + 6 * MINUTE) == Place(1, DUE + 6 * MINUTE)
    assert ladder.resume(CALLING, DUE, DUE + 60 * MINUTE) == Place(3, DUE + 60 * MINUTE)


def test_a_report_is_missing_at_the_step_that_says_so_or_never() -> None:
    assert ladder.cutoff(REPORTING) == 30 * MINUTE
    assert ladder.cutoff(CALLING) == timedelta.max
    assert ladder.cutoff(replace(REPORTING, steps=())) == timedelta.max
