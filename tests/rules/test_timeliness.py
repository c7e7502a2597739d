"""Was it in time? 何时算迟报？

Read downwards: the limit to the second, our own outages, the properties that hold whatever
the numbers.
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.timeliness import (
    Finding,
    Outage,
    Window,
    extended_due,
    judge_received,
    judge_unreceived,
)
from tests.builders import MINUTE, NIGHT, SECOND
from vocabulary.terms import Timeliness

DUE = NIGHT + 60 * MINUTE
WINDOW = Window(counted_from=NIGHT, due_at=DUE, cutoff=30 * MINUTE)


def an_outage(first_minute: int, last_minute: int) -> Outage:
    return Outage(NIGHT + first_minute * MINUTE, NIGHT + last_minute * MINUTE)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(60 * MINUTE - SECOND, Finding(Timeliness.ON_TIME), id="a second to spare"),
        pytest.param(60 * MINUTE, Finding(Timeliness.ON_TIME), id="on the very second"),
        pytest.param(60 * MINUTE + SECOND, Finding(Timeliness.LATE, SECOND), id="a second over"),
    ],
)
def test_within_an_hour_includes_its_last_instant(after: timedelta, expected: Finding) -> None:
    assert judge_received(WINDOW, NIGHT + after) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(60 * MINUTE, Timeliness.PENDING, id="at the due instant"),
        pytest.param(60 * MINUTE + SECOND, Timeliness.OVERDUE, id="a second after"),
        pytest.param(90 * MINUTE, Timeliness.OVERDUE, id="at the cut-off"),
        pytest.param(90 * MINUTE + SECOND, Timeliness.MISSING, id="past the cut-off"),
    ],
)
def test_what_has_not_come_is_first_overdue_then_missing(
    after: timedelta, expected: Timeliness
) -> None:
    assert judge_unreceived(WINDOW, NIGHT + after).timeliness is expected


def test_an_outage_before_the_due_instant_moves_it_by_as_much() -> None:
    outage = an_outage(20, 30)

    assert extended_due(WINDOW, [outage]) == DUE + 10 * MINUTE
    assert judge_received(WINDOW, DUE + 10 * MINUTE, [outage]) == Finding(Timeliness.ON_TIME)
    assert judge_received(WINDOW, DUE + 11 * MINUTE, [outage]) == Finding(Timeliness.LATE, MINUTE)
    assert judge_unreceived(WINDOW, DUE + 10 * MINUTE, [outage]).timeliness is Timeliness.PENDING


def test_only_the_part_of_an_outage_inside_the_window_counts() -> None:
    assert extended_due(WINDOW, [an_outage(-20, 5)]) == DUE + 5 * MINUTE
    assert extended_due(WINDOW, [an_outage(-20, 0)]) == DUE


@pytest.mark.parametrize(
    "outage",
    [
        pytest.param(an_outage(50, 70), id="across it"),
        pytest.param(an_outage(60, 61), id="beginning on it"),
    ],
)
def test_an_outage_that_covers_the_due_instant_leaves_unknown_for_good(outage: Outage) -> None:
    assert extended_due(WINDOW, [outage]) is None
    assert judge_received(WINDOW, DUE + 300 * MINUTE, [outage]) == Finding(Timeliness.UNKNOWN)
    assert judge_unreceived(WINDOW, DUE + 300 * MINUTE, [outage]) == Finding(Timeliness.UNKNOWN)


def test_a_report_received_in_time_is_on_time_whatever_happened_to_us() -> None:
    assert judge_received(WINDOW, DUE, [an_outage(50, 70)]) == Finding(Timeliness.ON_TIME)


def test_an_outage_that_began_after_a_report_came_changes_nothing_about_it() -> None:
    gave_longer, later = an_outage(10, 40), an_outage(75, 95)

    received_at = NIGHT + 70 * MINUTE

    assert judge_received(WINDOW, received_at, [gave_longer]).timeliness is Timeliness.ON_TIME
    assert judge_received(WINDOW, received_at, [gave_longer, later]).timeliness is (
        Timeliness.ON_TIME
    )


def test_an_outage_that_ends_on_the_due_instant_still_only_extends() -> None:
    assert extended_due(WINDOW, [an_outage(50, 60)]) == DUE + 10 * MINUTE


def test_an_outage_after_the_extended_due_instant_changes_nothing() -> None:
    assert extended_due(WINDOW, [an_outage(20, 30), an_outage(71, 90)]) == DUE + 10 * MINUTE


def test_an_outage_inside_an_extension_counts_too() -> None:
    assert extended_due(WINDOW, [an_outage(20, 30), an_outage(65, 68)]) == DUE + 13 * MINUTE
    assert extended_due(WINDOW, [an_outage(20, 30), an_outage(65, 75)]) is None


HARSHNESS = [
    Timeliness.ON_TIME,
    Timeliness.PENDING,
    Timeliness.UNKNOWN,
    Timeliness.OVERDUE,
    Timeliness.LATE,
    Timeliness.MISSING,
]
waits = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3))
spans = st.tuples(st.integers(-60, 240), st.integers(1, 120))
outages = st.lists(spans.map(lambda span: an_outage(span[0], span[0] + span[1])), max_size=5)


def harshness(finding: Finding) -> tuple[int, timedelta]:
    return HARSHNESS.index(finding.timeliness), finding.overrun


@given(waited=waits, more=waits, ours=outages)
def test_waiting_longer_never_makes_a_late_report_timely(
    waited: timedelta, more: timedelta, ours: list[Outage]
) -> None:
    sooner = judge_received(WINDOW, NIGHT + waited, ours)
    later = judge_received(WINDOW, NIGHT + waited + more, ours)

    assert harshness(later) >= harshness(sooner)


@given(waited=waits, ours=outages, one_more=outages)
def test_an_outage_of_ours_never_makes_anyone_later(
    waited: timedelta, ours: list[Outage], one_more: list[Outage]
) -> None:
    now = NIGHT + waited

    for judge in (judge_received, judge_unreceived):
        before = judge(WINDOW, now, ours)
        after = judge(WINDOW, now, [*ours, *one_more])
        if before.timeliness is not Timeliness.UNKNOWN:
            is_unknown = after.timeliness is Timeliness.UNKNOWN
            assert is_unknown or harshness(after) <= harshness(before)
