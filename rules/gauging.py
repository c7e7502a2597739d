"""How grave is it, by all that the text counts and measures? 定级与必报。

Puts the figures together once: the grade under the law of the incident's day, and the grounds on
which the item is reported whatever its grade.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from rules.extraction import People
from rules.figures import figures
from rules.grading import grade
from rules.measuring import measure
from rules.rulebook import Rulebook
from rules.sensitive import at_least, is_about, must_report
from rules.telling import Teller
from vocabulary.judgement import Casualties, Measure, Reason
from vocabulary.terms import Quantity, Severity

UNCLEAR = re.compile(
    "(?:伤亡|死伤|人员|被困|失联|受灾)(?:人数|情况|人员)?(?:暂|尚|仍|目前|还|具体)*"
    "(?:不详|不明|不清|未知|待核实|待查|正在(?:进一步)?(?:核实|统计|核查|排查|调查)|有待|无法确定)"
)
"""“伤亡情况不详”: whatever else is told, the harm is not known yet."""


_ONLY_OF = {
    Quantity.PATIENTS: ("13", "12D", "12Q", "12T"),
    Quantity.CROWD: ("14", "12S", "13"),
}


class Gauge(NamedTuple):
    """A provisional grade and its grounds. 初判。"""

    severity: Severity | None
    reasons: tuple[Reason, ...]
    measures: tuple[Measure, ...]
    must_report: bool


class Gauging:
    """The grading under one rulebook. 定级。"""

    def __init__(self, rulebook: Rulebook) -> None:
        """Compile the words of the special cases, floors and sensitive factors."""
        self._rulebook = rulebook
        self._tell = Teller(_words(rulebook))
        self._narrowed: dict[str | None, Rulebook] = {}

    def __call__(
        self, text: str, people: People, casualties: Casualties, day: date, code: str | None
    ) -> Gauge:
        """Return how grave an emergency is; `casualties` hold what the sender stated, too."""
        measures = (*people.measures, *[m for m in measure(text) if _belongs(m, code)])
        told = self._tell(text)
        known = figures(casualties, measures)
        rulebook = self._for(code)
        grounds = must_report(known, rulebook, day, code, told)
        severity, why = grade(
            casualties,
            rulebook,
            day,
            measures,
            code=code,
            told=told,
            known=known,
            is_unclear=UNCLEAR.search(text) is not None,
        )
        reasons = (why, *grounds)
        if severity is None and (by_law := at_least(rulebook, code, told)) is not None:
            severity, ground = by_law
            reasons = (why, ground, *grounds)
        return Gauge(severity, reasons, measures, bool(grounds))

    def _for(self, code: str | None) -> Rulebook:
        """Return the rulebook with only what can be about the sub-type: most of it never is."""
        if code not in self._narrowed:
            whole = self._rulebook
            self._narrowed[code] = replace(
                whole,
                grades=tuple(g for g in whole.grades if g.is_otherwise or g.is_for(code)),
                floors=tuple(f for f in whole.floors if is_about(f.codes, code)),
                escalators=tuple(e for e in whole.escalators if is_about(e.codes, code)),
            )
        return self._narrowed[code]


def _belongs(measure: Measure, code: str | None) -> bool:
    """Patients are of an illness or a poisoning, a crowd of an assembly: else both are chatter."""
    codes = _ONLY_OF.get(measure.quantity)
    return codes is None or code is None or code.startswith(codes)


def ungraded(gauge: Gauge) -> Gauge:
    """Return the gauge of an item that is no emergency: it has no grade, but may be owed."""
    reasons = tuple(reason for reason in gauge.reasons if reason.rule in {"floor", "must_report"})
    return Gauge(None, reasons, gauge.measures, gauge.must_report)


def _words(rulebook: Rulebook) -> Iterator[str]:
    for ladder in rulebook.grades:
        yield from ladder.only_with
    bands = [band for ladder in rulebook.grades for band in ladder.bands]
    bands += [band for floor in rulebook.floors for band in floor.bands]
    for band in bands:
        yield from band.words
        yield from band.with_words
    for escalator in rulebook.escalators:
        yield from escalator.words
