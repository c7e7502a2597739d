"""When does a report say that it happened? 时间。

A time is precise when it has its day and its hour: “3月1日14时”, “今晨3时许” told on a known day,
“8日14时”. “日前” and “近日” are no time; who wrote them is asked back.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from vocabulary.china_time import at, civil_day
from vocabulary.judgement import TimeTold

_NUMBER = "[零〇一二两三四五六七八九十廿]{1,3}|[0-9]{1,2}"
_PART = "凌晨|清晨|早晨|早上|今早|上午|中午|下午|傍晚|晚上|晚间|夜间|深夜|夜里|晨|早|晚|夜|午后"
_DAY = (
    rf"(?:(?P<year>20[0-9]{{2}}) ?年)? ?(?P<month>{_NUMBER}) ?月 ?(?P<day>{_NUMBER}) ?[日号]"
    r"|(?P<iso>20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
    rf"|(?P<only>{_NUMBER}) ?[日号]|(?P<relative>[今昨前当][日天]|今|昨|前(?=[晚夜])|当(?=[晚夜]))"
)
_HOUR_MARK = "(?:时(?![间候段期代而常])|点(?!钟?头|[多的半]?名|位|击|评|赞|燃)(?P<half>半)?|:|：)"
_CLOCK = (
    rf"(?P<hour>{_NUMBER}) ?{_HOUR_MARK}"
    rf" ?(?:(?P<minute>{_NUMBER})(?![0-9人名月日号户元个]))?(?P<quarter>[一三]刻)? ?分?"
)
_WEEKDAY = r"(?:（[^）]{1,6}）|\([^)]{1,6}\))"
_SCAN = re.compile(
    r"(?=[0-9零〇一二两三四五六七八九十廿今昨前当])(?<![0-9.第])"
    rf"(?:{_DAY}){_WEEKDAY}?[，, T]?(?P<part>{_PART})?(?:大约|约)? ?(?:{_CLOCK})?"
)
_BARE = re.compile(rf"(?P<part>{_PART})?(?:大约|约)? ?(?<![0-9.:：第]){_CLOCK}")
_NOT_THEN = re.compile("(?:截至|截止|截止到|预计|计划|定于|将于|拟于)[^，。；]{0,6}$")
_VAGUE = re.compile(
    "日前|近日|近期|近来|近段时间|前段时间|前不久|不久前|最近|连日来|数日前|前几天|前些天|这几天|几天前|上周|上个?月"
    "|月初|月中|月底|年初|年底|此前|稍早|某日"
)
_MORNING = {"凌晨", "清晨", "早晨", "早上", "今早", "上午", "晨", "早"}
_NOON, _EVENING = 12, 5  # 晚1点 is after midnight, 晚8点 before it
_LATEST_NOON = 2  # 中午1点 is 13, 中午11点 is 11
_SOON = timedelta(minutes=5)  # clocks differ
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NO_NUMBER = 99  # 一二十: neither an hour nor a minute nor a day
_AT_MOST = 20  # times read of one text
_LONGEST_MONTH_BACK = 2


def times_told(text: str, now: datetime) -> tuple[TimeTold, ...]:
    """Return the precise times of a text that reached us at `now`, in order. 读出时间。

    Without a year the latest such day is meant; a clock time alone belongs to the day told before.
    """
    told: list[TimeTold] = []
    day: date | None = None
    last_end = 0
    for match in _SCAN.finditer(text):
        if day is not None:
            told += _bare(text, last_end, match.start(), day)
        day = _day(match, civil_day(now), day) or day
        if day is not None and match["hour"]:
            told += _told(match, day)
        last_end = match.end()
        if len(told) >= _AT_MOST:
            break
    if day is not None and len(told) < _AT_MOST:
        told += _bare(text, last_end, len(text), day)
    return tuple(told[:_AT_MOST])


def when_it_happened(text: str, now: datetime) -> TimeTold | None:
    """Return the first precise time that can be the incident's. 事发。

    “截至18时” is none, nor is one that is yet to come.
    """
    for told in times_told(text, now):
        before = text[max(0, told.start - 10) : told.start]
        if told.earliest <= now + _SOON and not _NOT_THEN.search(before):
            return told
    return None


def is_vague(text: str) -> bool:
    """Say whether the text writes a date that says nothing: 日前, 近日. 含混时间。"""
    return _VAGUE.search(text) is not None


def _bare(text: str, start: int, end: int, day: date) -> Iterator[TimeTold]:
    for match in _BARE.finditer(text, start, end):
        yield from _told(match, day)


def _told(match: re.Match[str], day: date) -> Iterator[TimeTold]:
    minute = _value(match["minute"]) if match["minute"] else 0
    if match["half"]:
        minute = 30
    elif match["quarter"]:
        minute = 15 * _value(match["quarter"][0])
    hours = _hours_of_day(_value(match["hour"]), match["part"] or "")
    try:
        earliest = at(day + timedelta(days=hours // 24), time(hours % 24, minute))
    except (ValueError, OverflowError):  # 75分; the last day of the calendar
        return
    is_exact = match["minute"] or match["half"] or match["quarter"]
    latest = earliest if is_exact else earliest + timedelta(minutes=59)
    yield TimeTold(earliest, latest, match.start(), match.end())


def _hours_of_day(hour: int, part: str) -> int:
    """“下午3点” is 15, “晚1点” is one o'clock of the next day."""
    if not part or part in _MORNING or hour >= _NOON:
        return hour
    if part == "中午":
        return hour if hour > _LATEST_NOON else hour + _NOON
    if hour < _EVENING and ("晚" in part or "夜" in part):
        return hour + 2 * _NOON
    return hour + _NOON


def _day(match: re.Match[str], today: date, last: date | None) -> date | None:
    try:
        if match["iso"]:
            year, month, day = map(int, re.split("[-/.]", match["iso"]))
            return date(year, month, day)
        if match["relative"]:
            return _relative(match["relative"], today, last)
        if match["only"]:
            return _day_only(_value(match["only"]), today, last)
        month, day = _value(match["month"]), _value(match["day"])
        if match["year"]:
            return date(int(match["year"]), month, day)
        found = date(today.year, month, day)
        return found if found <= today + timedelta(days=1) else date(today.year - 1, month, day)
    except ValueError:  # 2月30日
        return None


def _relative(word: str, today: date, last: date | None) -> date:
    if word[0] == "当":
        return last or today
    return today - timedelta(days={"今": 0, "昨": 1, "前": 2}[word[0]])


def _day_only(number: int, today: date, last: date | None) -> date | None:
    """“8日” is of the month told before, or the latest eighth there was."""
    anchor = last or today
    for months_back in range(_LONGEST_MONTH_BACK):
        month = anchor.month - months_back
        year = anchor.year if month > 0 else anchor.year - 1
        found = date(year, month if month > 0 else 12, number)
        if found <= today + timedelta(days=1):
            return found
    return None


def _value(number: str) -> int:
    if number.isascii():
        return int(number)
    number = number.replace("廿", "二十")
    if "十" in number:
        tens, _, ones = number.partition("十")
        if len(tens) > 1 or len(ones) > 1 or "十" in ones:
            return _NO_NUMBER
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[digit]) for digit in number))
