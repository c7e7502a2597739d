"""Which stated moments are not believed, and from when does a clock count then? 时刻存疑。"""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.arrived import Arrived
from rules.doubts import believed_known_at, believed_occurred_at, doubts
from rules.obligations import of_first_report
from rules.stretches import Way
from tests.builders import FIRE, HOUR, MINUTE, NIGHT, SECOND, an_arrival, the_law
from vocabulary.doubt import Doubt
from vocabulary.terms import Duty

RULE = the_law().doubting
A_DAY = timedelta(days=1)


def told(
    occurred_at: datetime | None = None,
    known_at: datetime | None = None,
    drafted_at: datetime | None = None,
    approved_at: datetime | None = None,
) -> Way:
    return Way(occurred_at, known_at, drafted_at, approved_at, NIGHT)


def test_what_fits_together_is_not_doubted() -> None:
    way = told(NIGHT - HOUR, NIGHT - 30 * MINUTE, NIGHT - 20 * MINUTE, NIGHT - 10 * MINUTE)

    assert doubts(way, RULE) == ()
    assert doubts(told(), RULE) == ()


@pytest.mark.parametrize("moment", ["occurred_at", "known_at", "drafted_at", "approved_at"])
def test_a_clock_that_is_ahead_of_ours_is_remarked_beyond_what_is_let_pass(moment: str) -> None:
    ahead = {moment: NIGHT + RULE.skew + SECOND}
    just = {moment: NIGHT + RULE.skew}

    assert doubts(told(**ahead), RULE) == (Doubt.AHEAD,)
    assert doubts(told(**just), RULE) == ()


def test_a_moment_of_long_ago_is_remarked_and_believed_against_who_said_it() -> None:
    known_at = NIGHT - RULE.far_off - SECOND

    assert doubts(told(known_at=known_at), RULE) == (Doubt.FAR_OFF,)
    assert doubts(told(known_at=known_at + SECOND), RULE) == ()
    assert believed_known_at(told(known_at=known_at)) == known_at


def test_nobody_knew_of_it_before_it_happened() -> None:
    way = told(occurred_at=NIGHT - HOUR, known_at=NIGHT - 2 * HOUR)

    assert doubts(way, RULE) == (Doubt.BEFORE_OCCURRED,)
    assert believed_known_at(way) == NIGHT - HOUR


def test_nor_after_the_unit_itself_had_told_of_it() -> None:
    way, called_at = told(known_at=NIGHT - 5 * MINUTE), NIGHT - HOUR

    assert doubts(way, RULE, heard_at=called_at) == (Doubt.AFTER_REPORTED,)
    assert believed_known_at(way, heard_at=called_at) == called_at
    assert doubts(way, RULE, heard_at=NIGHT - 6 * MINUTE) == ()


@pytest.mark.parametrize(
    "way",
    [
        told(known_at=NIGHT - HOUR, drafted_at=NIGHT - 2 * HOUR),
        told(drafted_at=NIGHT - HOUR, approved_at=NIGHT - 2 * HOUR),
    ],
)
def test_what_was_drafted_before_it_was_known_is_out_of_order(way: Way) -> None:
    assert doubts(way, RULE) == (Doubt.OUT_OF_ORDER,)


def test_an_incident_of_tomorrow_is_no_ground_for_anything() -> None:
    way = told(occurred_at=NIGHT + A_DAY, known_at=NIGHT - MINUTE)

    assert believed_occurred_at(way) is None
    assert believed_known_at(way) == NIGHT - MINUTE


MOMENTS = st.none() | st.integers(-90_000, 90_000).map(lambda minutes: NIGHT + minutes * MINUTE)
WAYS = st.builds(Way, MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.just(NIGHT))


@given(WAYS, MOMENTS)
def test_what_is_believed_is_never_after_we_were_told(way: Way, heard_at: datetime | None) -> None:
    known_at = believed_known_at(way, heard_at)

    assert (known_at is None) == (way.known_at is None)
    if known_at is not None:
        assert known_at <= min(NIGHT, heard_at or NIGHT)


@given(WAYS)
def test_to_date_back_what_one_knew_never_gains_time(way: Way) -> None:
    """Whatever is stated, the clock never starts later than when the item came in."""
    stated = {
        name: getattr(way, name)
        for name in ("occurred_at", "known_at")
        if getattr(way, name) is not None
    }
    arrived = Arrived.of(an_arrival(**(FIRE | stated)), None)

    for owed in of_first_report(the_law(), "national_30_60", arrived):
        assert owed.counted_from <= NIGHT


def test_the_clock_counts_from_the_incident_where_the_unit_says_it_knew_before() -> None:
    arrived = Arrived.of(
        an_arrival(**FIRE, occurred_at=NIGHT - 50 * MINUTE, known_at=NIGHT - 3 * HOUR), None
    )

    (owed,) = (
        each
        for each in of_first_report(the_law(), "national_30_60", arrived)
        if each.duty is Duty.WRITTEN_FIRST_REPORT
    )

    assert (owed.counted_from, owed.timeliness) == (NIGHT - 50 * MINUTE, "on_time")


def test_the_law_of_a_day_that_has_not_come_binds_nobody() -> None:
    arrived = Arrived.of(an_arrival(**FIRE, occurred_at=NIGHT + 400 * A_DAY), None)

    assert arrived.day == NIGHT.date()
