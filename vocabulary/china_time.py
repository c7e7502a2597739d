"""The day and the hour are Beijing's. 北京时间。

Every instant in the house is timezone-aware. What a law calls a day is asked only of
`civil_day`, since 23:59 in Beijing is 15:59 UTC and a law changes at Beijing's midnight.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def civil_day(instant: datetime) -> date:
    """Return the calendar day of `instant` in Beijing."""
    return instant.astimezone(BEIJING).date()


def at(day: date, clock_time: time) -> datetime:
    """Return the instant of `clock_time` in Beijing on `day`."""
    return datetime.combine(day, clock_time, tzinfo=BEIJING)


def to_microseconds(instant: datetime) -> int:
    """Return whole microseconds since 1970 UTC: how instants rest in the book."""
    return (instant - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the instant `count` microseconds after 1970 UTC, as Beijing writes it."""
    return (_EPOCH + timedelta(microseconds=count)).astimezone(BEIJING)


def spoken(instant: datetime) -> str:
    """Return the instant as a duty log writes it: 11月24日 03:12:07."""
    local = instant.astimezone(BEIJING)
    return f"{local.month}月{local.day}日 {local:%H:%M:%S}"
