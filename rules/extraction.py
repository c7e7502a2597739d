"""How many dead, injured, missing, trapped? 伤亡抽取。

The first figure stands; 累计 and 升至 replace it by a larger one, 新增 adds to it, 其中 is a part
of it and never added. “无人员伤亡” is zero; “伤亡情况不详” is unknown, and unknown is never zero.
A blurred figure counts by its lower end. A sentence of statistics or of old times tells nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rules.casualty_patterns import COUNT, LATER, MORE, NEW_TOTAL, NONE, NOT_NOW, ONE, PART
from rules.numerals import least
from vocabulary.judgement import Casualties
from vocabulary.submission import Submission

_FIGURES = {"d": "deaths", "i": "injured", "m": "missing", "t": "trapped"}
_REACH = 12  # letters before a count that say how it is meant


@dataclass(slots=True)
class _Tally:
    """What has been counted so far, by figure. 计数。"""

    found: dict[str, int] = field(default_factory=dict)
    parts: dict[str, int] = field(default_factory=dict)  # 重伤 and 轻伤; on the spot and later
    zeros: set[str] = field(default_factory=set)

    def add(self, kind: str, value: int, before: str, verb: str) -> None:
        """Take one figure in, by the words that stand before it."""
        if PART.search(before) and (kind in self.found or kind in self.parts):
            return
        if part := _part_of(kind, verb):
            self.parts[part] = self.parts.get(part, value)
        elif kind not in self.found:
            self.found[kind] = value
        elif MORE.search(before):
            self.found[kind] += value
        elif NEW_TOTAL.search(before) or any(mark in verb for mark in ("升至", "增至", "累计")):
            self.found[kind] = max(value, self.found[kind])

    def total(self, kind: str) -> int | None:
        """Return the figure; the sum of its parts where no whole was told; zero; or unknown."""
        if kind in self.found:
            return self.found[kind]
        parts = [value for part, value in self.parts.items() if part.startswith(kind)]
        if parts:
            return sum(parts)
        return 0 if kind in self.zeros else None


def extract(sentences: Iterable[str]) -> Casualties:
    """Return the figures of these sentences, read in order. 从句中抽取伤亡。

    Figures that nobody told are `None`. The trapped are counted apart.
    """
    tally = _Tally()
    kept = [sentence for sentence in sentences if not NOT_NOW.search(sentence)]
    for sentence in kept:
        _read_zeros(sentence, tally)
        for match in COUNT.finditer(sentence):
            _read_count(sentence, match, tally)
    deaths = tally.total("deaths")
    if not deaths:
        deaths = next((n for n in map(_one, kept) if n), deaths)
    return Casualties(
        deaths, tally.total("injured"), tally.total("missing"), tally.total("trapped")
    )


def overruled(found: Casualties, stated: Submission) -> Casualties:
    """Return the figures with those that the sender stated in their place."""
    return Casualties(
        found.deaths if stated.deaths is None else stated.deaths,
        found.injured if stated.injured is None else stated.injured,
        found.missing if stated.missing is None else stated.missing,
        found.trapped,
    )


def _read_zeros(sentence: str, tally: _Tally) -> None:
    for match in NONE.finditer(sentence):
        if match["all"]:
            tally.zeros |= {"deaths", "injured", "missing"}
        tally.zeros |= {kind for key, kind in _FIGURES.items() if match[key]}


def _read_count(sentence: str, match: re.Match[str], tally: _Tally) -> None:
    before = sentence[max(0, match.start() - _REACH) : match.start()]
    if match["n"] or match["m"]:
        number, side = (match["n"], "a") if match["n"] else (match["m"], "b")
        kind = next(name for key, name in _FIGURES.items() if match[side + key])
        tally.add(kind, least(number), before, match[0])
        return
    if match["d"]:
        tally.add("deaths", least(match["d"]), before, "")
    if injured := match["i"] or match["h"]:
        tally.add("injured", least(injured), before, "")


def _part_of(kind: str, verb: str) -> str | None:
    if kind == "injured":
        return next((f"{kind}{word}" for word in ("重伤", "轻伤") if word in verb), None)
    if kind == "deaths" and "当场" in verb:
        return "deaths当场"
    if kind == "deaths" and LATER.search(verb):
        return "deaths其后"
    return None


def _one(sentence: str) -> int | None:
    """“一男子触电身亡” counts one though it writes no number of people."""
    match = ONE.search(sentence)
    if match is None or NONE.search(sentence):
        return None
    return 2 if "双双" in match[0] else 1
