"""Is a periodic report owed on that day? 报送日历。

Holidays and make-up work days are decreed for one year at a time, late in the year before. Of a
year that the library does not know yet, weekends rest and the holidays are those whose date the
law itself fixes; whoever asks is told so by `is_year_known`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from chinese_calendar import get_holiday_detail
from chinese_calendar.constants import holidays

from vocabulary.terms import Calendar

_YEARS = frozenset(day.year for day in holidays)
_SATURDAY = 5
MonthDay = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days that the county names, both ends included; of each year, or of one. 时段。"""

    name: str
    calendar: Calendar
    starts: MonthDay
    ends: MonthDay
    year: int | None = None  # None: each year

    def holds(self, day: date) -> bool:
        """Say whether the day lies in it; a span may go over the turn of the year."""
        here = (day.month, day.day)
        if self.starts <= self.ends:
            return self.year in (None, day.year) and self.starts <= here <= self.ends
        if here >= self.starts:
            return self.year in (None, day.year)
        return here <= self.ends and self.year in (None, day.year - 1)


def is_year_known(year: int) -> bool:
    """Say whether the holidays of that year were decreed when the library was made."""
    return year in _YEARS


def is_owed_on(
    day: date, calendar: Calendar, periods: Iterable[Period], fixed: Collection[MonthDay]
) -> bool:
    """Say whether a report of this calendar is owed on that day. 当日是否应报。

    Args:
        day: the civil day, Beijing's.
        calendar: of the report.
        periods: the county's own spans.
        fixed: holidays whose date the law fixes, for a year not yet decreed.
    """
    by_name: dict[Calendar, Callable[[], bool]] = {
        Calendar.EVERY_DAY: lambda: True,
        Calendar.WORKDAY: lambda: not is_rest_day(day, fixed),
        Calendar.REST_DAY: lambda: is_rest_day(day, fixed),
        Calendar.HOLIDAY: lambda: is_holiday(day, fixed),
    }
    told = by_name.get(calendar)
    if told is not None:
        return told()
    return any(each.calendar is calendar and each.holds(day) for each in periods)


def is_holiday(day: date, fixed: Collection[MonthDay]) -> bool:
    """Say whether the day is off by a statutory holiday, days moved for it included."""
    if not is_year_known(day.year):
        return (day.month, day.day) in fixed
    is_off, name = get_holiday_detail(day)
    return is_off and name is not None


def is_rest_day(day: date, fixed: Collection[MonthDay]) -> bool:
    """Say whether offices rest: weekends and holidays, without the days worked to make up."""
    if not is_year_known(day.year):
        return day.weekday() >= _SATURDAY or (day.month, day.day) in fixed
    is_off, _ = get_holiday_detail(day)
    return bool(is_off)
