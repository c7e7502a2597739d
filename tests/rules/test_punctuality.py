"""What counts for a unit, what against it, and what for nobody? 报送时效。"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.punctuality import Told, punctuality, quantile
from rules.rulebook import Goal, Source, Targets
from vocabulary.terms import Light, Stretch, Timeliness

MINUTE = timedelta(minutes=1)
TARGETS = Targets(
    on_time=Goal(0.95, 0.85),
    stretches={word: Goal(10 * MINUTE, 20 * MINUTE) for word in Stretch},
    source=Source("test", "D"),
)


def told(waived: int = 0, **counts: int) -> Told:
    return Told({Timeliness(word): count for word, count in counts.items()}, waived)


def test_our_outage_and_what_is_not_yet_due_count_for_nobody() -> None:
    found = punctuality(told(on_time=3, late=1, unknown=90, pending=90), TARGETS)

    assert found.on_time_rate == 0.75
    assert found.tally[Timeliness.UNKNOWN] == 90


def test_what_a_supervisor_waived_is_taken_off() -> None:
    assert punctuality(told(on_time=3, late=1, missing=1, waived=2), TARGETS).on_time_rate == 1
    assert punctuality(told(late=1, waived=1), TARGETS).on_time_rate is None


def test_where_nothing_counts_there_is_no_rate_and_no_light() -> None:
    found = punctuality(told(pending=2, unknown=3), TARGETS)

    assert (found.on_time_rate, found.light) == (None, None)
    assert found.stretches == dict.fromkeys(Stretch)


@pytest.mark.parametrize(
    ("on_time", "light"),
    [(95, Light.GREEN), (94, Light.AMBER), (85, Light.AMBER), (84, Light.RED), (0, Light.RED)],
)
def test_the_very_figure_of_the_target_is_on_target(on_time: int, light: Light) -> None:
    assert punctuality(told(on_time=on_time, overdue=100 - on_time), TARGETS).light is light


@pytest.mark.parametrize(
    ("minutes", "light"),
    [(10, Light.GREEN), (11, Light.AMBER), (20, Light.AMBER), (21, Light.RED)],
)
def test_a_stretch_is_held_against_its_target_by_the_median(minutes: int, light: Light) -> None:
    lengths = [MINUTE, minutes * MINUTE, 500 * MINUTE]
    found = punctuality(Told(lengths={Stretch.SENT: lengths}), TARGETS).stretches[Stretch.SENT]

    assert found is not None
    assert (found.count, found.median, found.p90) == (3, minutes * MINUTE, 500 * MINUTE)
    assert found.light is light


LENGTHS = st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=1, max_size=40)


@given(LENGTHS, st.integers(1, 100))
def test_so_many_per_cent_do_not_exceed_a_quantile(lengths: list[timedelta], percent: int) -> None:
    found = quantile(lengths, percent)

    assert found in lengths
    assert sum(each <= found for each in lengths) * 100 >= len(lengths) * percent
    assert sum(each < found for each in lengths) * 100 < len(lengths) * percent


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_rate_lies_between_nought_and_one_and_unknown_never_moves_it(
    on_time: int, late: int, missing: int, unknown: int
) -> None:
    found = punctuality(told(on_time=on_time, late=late, missing=missing), TARGETS)
    same = punctuality(told(on_time=on_time, late=late, missing=missing, unknown=unknown), TARGETS)

    assert found.on_time_rate == same.on_time_rate
    assert found.on_time_rate is None or 0 <= found.on_time_rate <= 1
