"""Which case may an item belong to, and how sure is that? 归案。

Pure. An item is compared with open cases by unit, place, time and kind. A sure answer joins it,
and still pages; an unsure one is a question to a person: a wrong guess must never swallow a new
emergency.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from rules.rulebook import JoiningRule

_CLASS = 3  # letters of a code that name its class: 12G of 12G03


class Likeness(StrEnum):
    """How sure it is that an item belongs to a case. 归案把握。"""

    SURE = "sure"  # 把握足
    MAYBE = "maybe"  # 请人确认
    NONE = "none"  # 不是


@dataclass(frozen=True, slots=True)
class Traits:
    """By what an incident is known again. 事件特征。

    `villages` are names of the county's gazetteer, `landmarks` roads, works and houses as
    `landmarks_of` reads them; `territories` the units that look after the named places. `at` is
    when it happened, or was received where that was not told.
    """

    unit_id: str
    code: str | None
    villages: frozenset[str]
    landmarks: frozenset[str]
    territories: frozenset[str]
    at: datetime

    @property
    def places(self) -> frozenset[str]:
        """Every name of a place finer than a township."""
        return self.villages | self.landmarks


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found between an item and a case; `sentence` says it to an official. 比对结果。"""

    likeness: Likeness
    sentence: str = ""


_NO = Comparison(Likeness.NONE)


def compare_first(item: Traits, case: Traits, rule: JoiningRule) -> Comparison:
    """Compare a first report with an open case, whoever opened it. 首报归案。"""
    if not _is_kin(item.code, case.code, rule) or _is_elsewhere(item, case):
        return _NO
    gap = abs(item.at - case.at)
    shared = item.places & case.places
    if shared and gap <= rule.same_incident:
        return Comparison(Likeness.SURE, f"{_names(shared)}，相隔{_minutes(gap)}，同类事件")
    if shared and gap <= rule.maybe:
        return Comparison(Likeness.MAYBE, f"都提到{_names(shared)}，相隔{_minutes(gap)}")
    is_told_apart = bool(item.places and case.places)
    reach = rule.same_incident if is_told_apart else rule.maybe
    if item.code == case.code and gap <= reach:
        return Comparison(Likeness.MAYBE, f"同类事件，相隔{_minutes(gap)}")
    return _NO


def compare_following(item: Traits, case: Traits, rule: JoiningRule, *, is_own: bool) -> Comparison:
    """Compare a follow-up or a final report with an open case. 续报归案。

    Args:
        item: a code that it lacks is no contradiction: a quiet follow-up has no kind of its own.
        case: opened within the rule's days.
        rule: the thresholds.
        is_own: whether the item's unit has reported to this case before.
    """
    if item.code is not None and not _is_kin(item.code, case.code, rule):
        return _NO
    if _is_elsewhere(item, case) or item.at < case.at - rule.maybe:
        return _NO
    shared = item.places & case.places
    if is_own:
        return Comparison(Likeness.SURE, f"本单位在办案卷{'，' + _names(shared) if shared else ''}")
    if shared and item.code is not None:
        return Comparison(Likeness.MAYBE, f"都提到{_names(shared)}，同类事件")
    return _NO


def settle(found: Iterable[tuple[int, Comparison]]) -> tuple[int, Comparison] | None:
    """Return the one case, by its key, that the comparisons speak for; newest first.

    Where two cases are equally sure, neither is: a person is asked about the newer.
    """
    told = [each for each in found if each[1].likeness is not Likeness.NONE]
    sure = [each for each in told if each[1].likeness is Likeness.SURE]
    if len(sure) == 1:
        return sure[0]
    if sure:
        key, comparison = sure[0]
        return key, Comparison(
            Likeness.MAYBE, f"{comparison.sentence}；另有{len(sure) - 1}个案卷也像"
        )
    return told[0] if told else None


def class_of(code: str) -> str:
    """Return the class of a code: 12G of 12G03."""
    return code[:_CLASS]


def kin_of(code: str, rule: JoiningRule) -> tuple[str, ...]:
    """Return the classes that one incident may be reported under, its own among them."""
    own = class_of(code)
    return next((group for group in rule.kin if own in group), (own,))


def landmarks_of(text: str, rule: JoiningRule) -> frozenset[str]:
    """Return the roads, works and houses that a text names, each with two letters before. 地标。"""
    pattern = _pattern(rule.landmarks)
    return frozenset(
        match[0]
        for match in pattern.finditer(text)
        if not any(word in match[0] for word in rule.common)
        and not any(letter in rule.leading for letter in match[0][:2])
    )


@lru_cache(8)
def _pattern(endings: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(endings, key=len, reverse=True)
    return re.compile(f"[一-龥]{{2}}(?:{'|'.join(map(re.escape, longest_first))})")


def _is_kin(item: str | None, case: str | None, rule: JoiningRule) -> bool:
    return item is not None and case is not None and class_of(case) in kin_of(item, rule)


def _is_elsewhere(item: Traits, case: Traits) -> bool:
    """Both name places, and none is the same: villages of one township are two places.

    Two villages stay two whatever landmark both tell of: it may be where the hurt were taken.
    """
    if item.villages and case.villages:
        return not item.villages & case.villages
    if item.landmarks & case.landmarks:
        return False
    return bool(item.territories and case.territories and not item.territories & case.territories)


def _names(shared: frozenset[str]) -> str:
    return "、".join(sorted(shared)[:3])


def _minutes(gap: timedelta) -> str:
    minutes = int(gap / timedelta(minutes=1))
    return f"{minutes}分钟" if minutes < 120 else f"{minutes // 60}小时"  # noqa: PLR2004
