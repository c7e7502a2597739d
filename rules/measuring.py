"""Losses, areas, crowds, outages: what else does a report measure? 量值抽取。

As with the dead: the first figure stands, 累计 replaces it by a larger one, 新增 adds, 其中 is a
part; a sentence of statistics or of old times tells nothing.
"""

import re
from collections.abc import Iterator

from rules.casualty_patterns import MORE, NEW_TOTAL, NOT_NOW, PART
from rules.measure_patterns import (
    ABOUT_BEFORE,
    ABOUT_BEHIND,
    CLAUSE_END,
    HINTS,
    HOUSEHOLDS_BEFORE,
    MEANINGS,
    OPEN_BEFORE,
    OPEN_BEHIND,
    PEOPLE_BEHIND,
    SCALES,
    SCAN,
)
from rules.numerals import Interval, about, at_least, interval
from rules.tally import Tally
from rules.victims import Harm
from vocabulary.judgement import Measure
from vocabulary.terms import Quantity

_REACH = 30  # letters of a clause that are looked at, before a number and behind it
_LARGEST_QUAKE = 10
_BREAKS = "。；！？\n"
_BREAK = re.compile(f"[{_BREAKS}]")


def measure(text: str) -> tuple[Measure, ...]:
    """Return what the text measures, one figure for each quantity, in order. 量值。"""
    tally = Tally()
    for quantity, told, start, end in _told(text):
        near = text[max(0, start - 14) : start]
        tally.add(
            Harm(quantity.value, told.low, told.high, start, end, start, start, ""),
            is_part=PART.search(near) is not None,
            is_more=MORE.search(near) is not None,
            is_total=NEW_TOTAL.search(near) is not None,
        )
    found = [(kind, tally.found(kind)) for kind in tally.kinds]
    return tuple([figure.measured(Quantity(kind)) for kind, figure in found if figure is not None])


def _told(text: str) -> Iterator[tuple[Quantity, Interval, int, int]]:
    last_end, sentence_end, is_now = 0, 0, True
    for match in SCAN.finditer(text):
        start, end = match.span()
        told = _read(text, match, last_end)
        last_end = end
        if told is None:
            continue
        if start >= sentence_end:
            sentence_start = max([text.rfind(mark, sentence_end, start) for mark in _BREAKS]) + 1
            sentence_end = stop.start() if (stop := _BREAK.search(text, start)) else len(text)
            is_now = NOT_NOW.search(text, sentence_start, sentence_end) is None
        if is_now:
            yield *told, start, end


def _read(text: str, match: re.Match[str], last_end: int) -> tuple[Quantity, Interval] | None:
    """Return what one number with its unit measures; most numbers measure nothing of ours."""
    unit = _unit(match)
    if not HINTS[unit].search(text, max(0, match.start() - _REACH), match.end() + _REACH):
        return None
    before, behind = _clause(text, match, last_end)
    quantity = _quantity(unit, match, before, behind)
    if quantity is None:
        return None
    told = _value(match, before, behind)
    if quantity is Quantity.MAGNITUDE and told.low >= _LARGEST_QUAKE:
        return None
    return quantity, told


def _clause(text: str, match: re.Match[str], last_end: int) -> tuple[str, str]:
    """What stands before the number and behind it in its clause, up to the next number."""
    start, end = match.span()
    before = text[max(last_end, start - _REACH) : start]
    # “40户120人”: what is said of them stands before both.
    if "户" in text[max(0, last_end - 1) : start]:
        whole = text[max(0, start - _REACH) : start]
        households = HOUSEHOLDS_BEFORE.search(whole)
        before = whole[: households.start()] if households else before
    before = CLAUSE_END.split(before)[-1]
    if match["u"] == "户" and (people := PEOPLE_BEHIND.match(text, end)):
        end = people.end()
    behind = CLAUSE_END.split(text[end : end + _REACH], maxsplit=1)[0]
    return before, behind


def _quantity(unit: str, match: re.Match[str], before: str, behind: str) -> Quantity | None:
    are_people_told = unit == "户" and PEOPLE_BEHIND.match(match.string, match.end())
    for meaning in MEANINGS[unit]:
        if are_people_told and meaning.quantity is Quantity.EVACUATED:
            continue
        if meaning.fits(before, match[0], behind):
            return meaning.quantity
    return None


def _unit(match: re.Match[str]) -> str:
    unit: str = match["u"] or match["half"]
    return "小时" if unit.endswith("小时") else unit


def _value(match: re.Match[str], before: str, behind: str) -> Interval:
    if match["half"]:
        return Interval(0.5, 0.5)
    unit = match["u"]
    told = interval(match["n"])
    if "半" in unit:
        told = Interval(told.low + 0.5, told.low + 0.5)
    elif unit.startswith(("多", "个多")):
        told = Interval(told.low, told.low + 1)
    scale = SCALES.get(unit, 1)
    if scale != 1:
        told = Interval(told.low * scale, None if told.high is None else told.high * scale)
    if OPEN_BEFORE.search(before) or OPEN_BEHIND.match(behind):
        return at_least(told)
    if ABOUT_BEFORE.search(before) or ABOUT_BEHIND.match(behind):
        return about(told)
    return told
