"""On which days is a periodic report owed? 报送日历。

The days off and the days worked to make up are those that the State Council decreed for 2025 and
2026, written out here from the decrees and not from the library.
"""

from datetime import date, timedelta

import pytest

from rules.calendars import Period, is_holiday, is_owed_on, is_rest_day, is_year_known
from vocabulary.terms import Calendar

FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
DAYS_OFF = {  # first and last day off, by decree
    "元旦2025": ("2025-01-01", "2025-01-01"),
    "春节2025": ("2025-01-28", "2025-02-04"),
    "清明2025": ("2025-04-04", "2025-04-06"),
    "劳动节2025": ("2025-05-01", "2025-05-05"),
    "端午2025": ("2025-05-31", "2025-06-02"),
    "国庆中秋2025": ("2025-10-01", "2025-10-08"),
    "元旦2026": ("2026-01-01", "2026-01-03"),
    "春节2026": ("2026-02-15", "2026-02-23"),
    "清明2026": ("2026-04-04", "2026-04-06"),
    "劳动节2026": ("2026-05-01", "2026-05-05"),
    "端午2026": ("2026-06-19", "2026-06-21"),
    "中秋2026": ("2026-09-25", "2026-09-27"),
    "国庆2026": ("2026-10-01", "2026-10-07"),
}
MADE_UP = [
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]


def day(text: str) -> date:
    return date.fromisoformat(text)


def span(first: str, last: str) -> list[date]:
    return [day(first) + timedelta(n) for n in range((day(last) - day(first)).days + 1)]


@pytest.mark.parametrize(("first", "last"), DAYS_OFF.values(), ids=DAYS_OFF)
def test_each_day_off_is_a_holiday_and_the_days_beside_it_are_none(first: str, last: str) -> None:
    assert all(is_holiday(each, FIXED) and is_rest_day(each, FIXED) for each in span(first, last))
    assert not is_holiday(day(first) - timedelta(1), FIXED)
    assert not is_holiday(day(last) + timedelta(1), FIXED)


@pytest.mark.parametrize("text", MADE_UP)
def test_a_weekend_worked_to_make_up_is_a_work_day(text: str) -> None:
    assert day(text).weekday() >= 5
    assert is_owed_on(day(text), Calendar.WORKDAY, (), FIXED)
    assert not is_owed_on(day(text), Calendar.HOLIDAY, (), FIXED)


def test_there_are_no_other_holidays_in_these_two_years() -> None:
    off = {each for first, last in DAYS_OFF.values() for each in span(first, last)}

    found = {each for each in span("2025-01-01", "2026-12-31") if is_holiday(each, FIXED)}

    assert found == off


def test_an_ordinary_weekend_rests_and_is_no_holiday() -> None:
    assert is_owed_on(day("2026-11-21"), Calendar.REST_DAY, (), FIXED)
    assert not is_owed_on(day("2026-11-21"), Calendar.HOLIDAY, (), FIXED)


# A year that nobody has decreed yet.


def test_of_a_year_not_yet_decreed_weekends_rest_and_only_fixed_days_are_holidays() -> None:
    assert not is_year_known(2099)
    assert is_holiday(day("2099-10-01"), FIXED)
    assert not is_holiday(day("2099-10-04"), FIXED)
    assert is_rest_day(day("2099-10-03"), FIXED)  # a Saturday
    assert not is_rest_day(day("2099-10-05"), FIXED)


# The county's own spans.

FLOOD = Period("主汛期", Calendar.FLOOD_SEASON, (6, 1), (8, 31))
NEW_YEAR = Period("岁末年初", Calendar.KEY_PERIOD, (12, 25), (1, 5))
SESSIONS = Period("两会", Calendar.KEY_PERIOD, (3, 3), (3, 12), 2027)


@pytest.mark.parametrize(
    ("text", "is_owed"),
    [
        ("2026-05-31", False),
        ("2026-06-01", True),
        ("2026-08-31", True),
        ("2026-09-01", False),
        ("2031-07-01", True),
    ],
)
def test_a_yearly_span_holds_both_its_ends_each_year(text: str, *, is_owed: bool) -> None:
    assert is_owed_on(day(text), Calendar.FLOOD_SEASON, (FLOOD,), FIXED) is is_owed


@pytest.mark.parametrize(
    ("text", "is_owed"),
    [
        ("2026-12-24", False),
        ("2026-12-25", True),
        ("2027-01-05", True),
        ("2027-01-06", False),
    ],
)
def test_a_span_may_go_over_the_turn_of_the_year(text: str, *, is_owed: bool) -> None:
    assert is_owed_on(day(text), Calendar.KEY_PERIOD, (NEW_YEAR,), FIXED) is is_owed


def test_a_span_of_one_year_holds_in_that_year_alone() -> None:
    assert is_owed_on(day("2027-03-03"), Calendar.KEY_PERIOD, (SESSIONS,), FIXED)
    assert not is_owed_on(day("2028-03-03"), Calendar.KEY_PERIOD, (SESSIONS,), FIXED)


def test_a_span_of_another_kind_asks_for_nothing() -> None:
    assert not is_owed_on(day("2026-07-01"), Calendar.KEY_PERIOD, (FLOOD,), FIXED)
