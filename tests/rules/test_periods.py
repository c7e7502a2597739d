"""When does a month begin and end? 统计期。"""

from datetime import UTC, date, datetime, timedelta

import pytest

from rules.periods import month_of, period_of, recent
from tests.builders import NIGHT


@pytest.mark.parametrize(
    ("written", "first", "after"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_is_half_open(written: str, first: date, after: date) -> None:
    period = period_of(written)

    assert period is not None
    assert (period.first_day, period.next_day) == (first, after)


@pytest.mark.parametrize(
    "written", ["", "2026", "2026-13", "2026-00", "2026-Q5", "1026-01", "2026-1", "２０２６-01"]
)
def test_what_is_no_period_is_none(written: str) -> None:
    assert period_of(written) is None


def test_a_month_turns_at_midnight_in_beijing() -> None:
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)

    assert month_of(midnight).name == "2026-12"
    assert month_of(midnight - timedelta(microseconds=1)).name == "2026-11"
    assert month_of(midnight).starts == midnight


def test_the_newest_periods_come_first_and_reach_over_the_year() -> None:
    names = [period.name for period in recent(NIGHT, months=12, quarters=5)]

    assert names[:2] == ["2026-11", "2026-10"]
    assert names[11] == "2025-12"
    assert names[12:] == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4"]
