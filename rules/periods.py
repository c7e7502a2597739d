"""Months and quarters, in Beijing's days. 统计期。"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from vocabulary.china_time import at, civil_day

_WRITTEN = re.compile(r"([2-8][0-9]{3})-(?:(0[1-9]|1[0-2])|Q([1-4]))", re.ASCII)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A month, written 2026-11, or a quarter, written 2026-Q4. Half-open."""

    name: str
    first_day: date
    next_day: date

    @property
    def starts(self) -> datetime:
        """The instant it begins in Beijing."""
        return at(self.first_day, time())

    @property
    def ends(self) -> datetime:
        """The instant the next one begins."""
        return at(self.next_day, time())


def period_of(written: str) -> Period | None:
    """Return the period that is written so, or None where it is none."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return None
    year, month, quarter = found.groups()
    first = int(month) if month else 3 * int(quarter) - 2
    length = 1 if month else 3
    return Period(written, date(int(year), first, 1), _months_on(int(year), first, length))


def month_of(instant: datetime) -> Period:
    """Return the month in which an instant lies."""
    day = civil_day(instant)
    return Period(f"{day:%Y-%m}", day.replace(day=1), _months_on(day.year, day.month, 1))


def quarter_of(instant: datetime) -> Period:
    """Return the quarter in which an instant lies."""
    day = civil_day(instant)
    first = day.month - (day.month - 1) % 3
    name = f"{day.year}-Q{(first + 2) // 3}"
    return Period(name, date(day.year, first, 1), _months_on(day.year, first, 3))


def recent(instant: datetime, months: int = 12, quarters: int = 4) -> list[Period]:
    """Return the newest months and quarters, that of now first."""
    day = civil_day(instant)
    back = [_months_on(day.year, day.month, -count) for count in range(months)]
    first_of_quarter = day.month - (day.month - 1) % 3
    back_quarters = [_months_on(day.year, first_of_quarter, -3 * n) for n in range(quarters)]
    names = [f"{each:%Y-%m}" for each in back]
    names += [f"{each.year}-Q{(each.month + 2) // 3}" for each in back_quarters]
    return [period for period in map(period_of, names) if period is not None]


def _months_on(year: int, month: int, count: int) -> date:
    years, months = divmod(year * _MONTHS + month - 1 + count, _MONTHS)
    return date(years, months + 1, 1)
