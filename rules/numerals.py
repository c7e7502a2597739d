"""Numbers as reports write them: 3, 1,200, 1.2万, 十余, 两百零五, 廿, 三四十, 上百. 数目。

A blurred number is an interval. Figures are graded by its lower end, since the next report mends
what the first could not know; `high` is None where nothing bounds it.
"""

from functools import lru_cache
from typing import NamedTuple

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SCORES = {"廿": "二十", "卅": "三十"}
_UNITS = {"万": 10_000, "亿": 100_000_000}
_SEVERAL = (2, 9)  # 数十, 几百, 数人: what the word can mean
_NEARLY = 0.8  # 近百: the least that a reader expects
_ABOUT = 1.1  # 约百: a first grade errs upwards, so the number told is taken as the least
_REMEMBERED = 4096

_ARABIC = r"\d{1,4}亿\d{1,4}万|\d{1,4}万\d{4}(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d{1,9}(?:\.\d{1,4})?"
_CHINESE = "[零〇○一二两三四五六七八九十百千廿卅][零〇○一二两三四五六七八九十百千廿卅万亿]{0,15}"
PATTERN = (
    r"(?<![\d.第高初周])(?:将?近|上(?=[十百千万])|[数几](?=[十百千万]))?"
    rf"(?:(?:{_ARABIC}) ?(?:[十百千](?!分))?|{_CHINESE}|(?<=[近上数几])[万亿]|万(?=余))"
    r"[余多几来]?[万亿]?[余多]?"
)
"""One number with what blurs it, for use inside a larger pattern."""

RANGE = rf"(?:{PATTERN}(?:[至到~～—－-]{PATTERN})?|[数几](?=[人名位个户]))"
"""A number or a range of them: 3至5."""


class Interval(NamedTuple):
    """What a number can mean, both ends included. 区间。"""

    low: float
    high: float | None


def least(text: str) -> int:
    """Return the least that the number can mean: 十余 is 10, 数百 is 200, 近百 is 80."""
    return int(interval(text).low)


@lru_cache(_REMEMBERED)
def interval(text: str) -> Interval:
    """Return what a number matched by `RANGE` can mean. 数目的区间。"""
    for mark in "至到-~～—－":
        first, found, last = text.partition(mark)
        if found:
            return _range(interval(first), interval(last), last)
    body = text.replace(",", "").replace(" ", "")
    is_near = "近" in body[:2]
    body = body.lstrip("将近")
    if body[:1] == "上":
        value = _blurred(body[1:]).low
        return Interval(value, value * 2)
    if body[:1] in {"数", "几"}:
        value = _blurred(body[1:]).low if body[1:].strip("余多") else 1
        return Interval(value * _SEVERAL[0], value * _SEVERAL[1])
    told = _blurred(body)
    if is_near:
        return Interval(told.low * _NEARLY, told.low)
    return told


def about(told: Interval) -> Interval:
    """Return the number as “约” or “左右” blurs it: the number told is its least."""
    return Interval(told.low, None if told.high is None else told.high * _ABOUT)


def at_least(told: Interval) -> Interval:
    """Return the number as “至少”, “超过” or “以上” leaves it open."""
    return Interval(told.low, None)


def _range(first: Interval, last: Interval, written: str) -> Interval:
    """“3至5万” is in 万 throughout."""
    scale = next((n for unit, n in _UNITS.items() if unit in written), 1)
    low = first.low if first.low * scale > last.low else first.low * scale
    return Interval(min(low, last.low), last.high)


def _blurred(body: str) -> Interval:
    if "几" in body:  # 十几, 二十几
        value = _exact(body.replace("几", ""))
        unit = _place(body.replace("几", "")) / 10
        return Interval(value + unit, value + 9 * unit)
    is_over = any(mark in body for mark in "余多来")
    plain = body.translate(_OVER)
    if is_over:
        value = _exact(plain)
        return Interval(value, value + _place(plain))
    pair = _pair(plain)
    if pair is not None:
        return pair
    value = _exact(plain)
    return Interval(value, value)


def _pair(body: str) -> Interval | None:
    """Two digits side by side are a guess: 两三, 三四十, 十二三, 二十七八, 五六百."""
    for at in range(len(body) - 1):
        first, second = body[at], body[at + 1]
        if first not in _DIGITS or second not in _DIGITS:
            continue
        near = at + 2 >= len(body) or body[at + 2] not in _DIGITS
        if not near or (at and body[at - 1] in _DIGITS) or not 0 < _DIGITS[first] < _DIGITS[second]:
            return None
        low, high = body[:at] + first + body[at + 2 :], body[:at] + second + body[at + 2 :]
        return Interval(_exact(low), _exact(high))
    return None


def _exact(body: str) -> float:
    """Return the value of a number that nothing blurs; none at all is one."""
    body = body.translate(_OVER)
    if not body:
        return 1
    for unit in ("亿", "万"):
        head, found, tail = body.rpartition(unit)
        if found:
            rest = _exact(tail) if tail else 0
            if len(tail) == 1 and tail in _DIGITS:  # 一万二
                rest = _DIGITS[tail] * _UNITS[unit] / 10
            return _exact(head) * _UNITS[unit] + rest
    if body[0].isdecimal():
        tens = _TENS.get(body[-1], 1)
        return _rounded(float(body.rstrip("十百千")) * tens)
    return _chinese("".join(_SCORES.get(letter, letter) for letter in body))


def _chinese(body: str) -> float:
    if len(body) > 1 and not any(letter in _TENS for letter in body):
        return float("".join(str(_DIGITS[letter]) for letter in body))  # 二〇五, digit by digit
    total, digit, last = 0, None, 10
    for letter in body:
        if letter in _TENS:
            last = _TENS[letter]
            total += (1 if digit is None else digit) * last
            digit = None
        else:
            digit = _DIGITS[letter]
            last = 10 if not digit else last
    if digit is None:
        return total
    return total + digit * (last / 10 if last > 10 and body[-2:-1] in _TENS else 1)  # noqa: PLR2004 (一百二)


def _place(body: str) -> float:
    """The size of the last place that was told: 十 of 三十, 千 of 3000, 千 of 1.2万."""
    value = _exact(body)
    scale = next((n for unit, n in _UNITS.items() if body.endswith(unit)), 1)
    head = value / scale
    if head != int(head):
        return scale / 10
    place = 1
    whole = int(head)
    while whole and whole % 10 == 0:
        whole //= 10
        place *= 10
    return place * scale


def _rounded(value: float) -> float:
    return round(value, 4)


_OVER = str.maketrans("", "", "余多来")
