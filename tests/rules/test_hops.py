"""In whose hands did the time go, and who is not to be blamed for it? 各环节用时。"""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.hops import HopStretch, Run, hops, overran
from rules.stretches import Way
from tests.builders import DESK, HOUR, MINUTE, NIGHT, SECOND, TOWNSHIP
from vocabulary.terms import Clock, Duty, Hop

UNTOLD = Way(None, None, None, None, None)
FOUR_HOURS = 4 * HOUR


def told_late(in_the_village: timedelta, in_the_unit: timedelta) -> tuple[Run, Way]:
    """A first report whose clock runs from the incident, with four hours for all of it."""
    known_at = NIGHT + in_the_village
    received_at = known_at + in_the_unit
    run = Run(
        duty=Duty.WRITTEN_FIRST_REPORT,
        unit_id=TOWNSHIP,
        clock=Clock.OCCURRED,
        counted_from=NIGHT,
        limit=FOUR_HOURS,
        until=received_at,
        is_late=received_at > NIGHT + FOUR_HOURS,
    )
    return run, Way(NIGHT, known_at, None, None, received_at)


def test_a_unit_that_was_told_late_and_passed_it_on_in_time_did_not_overrun() -> None:
    found = hops(*told_late(5 * HOUR, 20 * MINUTE))

    assert found == (
        HopStretch(Hop.VILLAGE, None, 5 * HOUR, FOUR_HOURS, is_over=True),
        HopStretch(Hop.UNIT, TOWNSHIP, 20 * MINUTE, FOUR_HOURS, is_over=False),
    )
    assert overran(found) == (Hop.VILLAGE,)


@pytest.mark.parametrize(("over", "said"), [(-SECOND, ()), (0 * SECOND, ()), (SECOND, (Hop.UNIT,))])
def test_within_includes_the_last_instant_for_a_hop_too(
    over: timedelta, said: tuple[Hop, ...]
) -> None:
    assert overran(hops(*told_late(HOUR, FOUR_HOURS + over))) == said


def test_both_may_have_overrun() -> None:
    assert overran(hops(*told_late(5 * HOUR, 5 * HOUR))) == (Hop.VILLAGE, Hop.UNIT)


def test_where_each_kept_to_its_time_and_only_the_sum_is_over_none_is_marked() -> None:
    run, way = told_late(3 * HOUR, 2 * HOUR)

    assert run.is_late
    assert overran(hops(run, way)) == ()


def test_when_the_unit_knew_was_not_told_so_nobody_can_be_marked() -> None:
    run, way = told_late(5 * HOUR, HOUR)

    found = hops(run, replace(way, known_at=None))

    assert [each.length for each in found] == [None, None]
    assert overran(found) == ()


def test_a_limit_from_when_the_unit_knew_measures_the_unit_alone() -> None:
    run, way = told_late(9 * HOUR, 2 * HOUR)
    known = replace(run, clock=Clock.KNOWN, counted_from=way.known_at or NIGHT, limit=HOUR)

    assert hops(known, way) == (
        HopStretch(Hop.VILLAGE, None, 9 * HOUR, None, is_over=False),
        HopStretch(Hop.UNIT, TOWNSHIP, 2 * HOUR, HOUR, is_over=True),
    )


def test_a_hop_that_our_outage_excused_did_not_overrun() -> None:
    run, way = told_late(0 * HOUR, 2 * HOUR)
    excused = replace(run, clock=Clock.KNOWN, limit=HOUR, is_late=False)

    assert overran(hops(excused, way)) == ()


@pytest.mark.parametrize(
    ("at_the_desk", "said"),
    [(10 * MINUTE, (Hop.VILLAGE,)), (5 * HOUR, (Hop.VILLAGE, Hop.DESK))],
)
def test_the_desk_answers_upward_from_when_it_received(
    at_the_desk: timedelta, said: tuple[Hop, ...]
) -> None:
    run, way = told_late(5 * HOUR, 20 * MINUTE)
    until = NIGHT + 5 * HOUR + 20 * MINUTE + at_the_desk
    upward = replace(run, duty=Duty.UPWARD_REPORT, unit_id=DESK, until=until)

    found = hops(upward, way, TOWNSHIP)

    assert [each.unit_id for each in found] == [None, TOWNSHIP, DESK]
    assert found[-1].length == at_the_desk
    assert overran(found) == said


def test_a_report_of_the_day_has_no_hop_before_the_unit() -> None:
    run, _ = told_late(0 * HOUR, 5 * HOUR)
    nil = replace(run, duty=Duty.NIL_REPORT, clock=Clock.RECEIVED)

    assert [each.hop for each in hops(nil, UNTOLD)] == [Hop.UNIT]


MOMENTS = st.none() | st.integers(-500, 500).map(lambda minutes: NIGHT + minutes * MINUTE)


RUNS = st.builds(
    Run,
    duty=st.sampled_from(Duty),
    unit_id=st.just(TOWNSHIP),
    clock=st.sampled_from(Clock),
    counted_from=st.just(NIGHT),
    limit=st.just(HOUR),
    until=st.just(NIGHT + 3 * HOUR),
    is_late=st.booleans(),
)


@given(RUNS, st.builds(Way, *[MOMENTS] * 5))
def test_nobody_overran_where_nothing_was_late_and_no_length_is_made_up(run: Run, way: Way) -> None:
    for each in hops(run, way):
        assert each.length is None or each.length >= timedelta(0)
        assert not each.is_over or run.is_late
        assert not each.is_over or each.limit is not None
