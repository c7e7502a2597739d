"""Which grade do the casualties give, provisionally? 初判等级。

Any criterion met is enough and the highest wins; every band is half-open. Unknown is not zero:
where the dead or the injured are unknown, nothing is ever graded as ordinary.
"""

from datetime import date

from rules.rulebook import Band, GradeLadder, Rulebook
from vocabulary.judgement import Casualties, Reason
from vocabulary.terms import Severity

NAMES = {
    Severity.EXTREME: "特别重大",
    Severity.MAJOR: "重大",
    Severity.SERIOUS: "较大",
    Severity.ORDINARY: "一般",
}


def grade(casualties: Casualties, rulebook: Rulebook, day: date) -> tuple[Severity | None, Reason]:
    """Return the grade that the casualties give under the law of `day`, and why. 按伤亡初判。

    The injured count as badly hurt until somebody says how badly, and the missing with the dead:
    a first grade errs upwards and is mended by the next report.

    Returns:
        None where the figures do not reach a higher grade and some of them are unknown.

    Source:
        rulebook/grading.yaml
    """
    met = [
        (band, ladder)
        for ladder in rulebook.grades
        if ladder.in_force_from <= day
        for band in ladder.bands
        if _is_met(band, casualties)
    ]
    told = _told(casualties)
    if not met:
        return None, Reason("ungraded", f"伤亡人数不明，暂不定级（{told}）")
    band, ladder = max(met, key=lambda pair: pair[0].severity.rank)
    if band.severity is Severity.ORDINARY and None in (casualties.deaths, casualties.injured):
        return None, _reason("ungraded", f"伤亡未报全，不得初判为一般（{told}）", ladder)
    sentence = f"{told}，初判为{NAMES[band.severity]}（{ladder.name}）"
    return band.severity, _reason("severity", sentence, ladder)


def _is_met(band: Band, casualties: Casualties) -> bool:
    """A sum needs one figure; what is unknown adds nothing to it."""
    known = [n for name in band.figures if (n := getattr(casualties, name)) is not None]
    if not known:
        return False
    return band.low <= sum(known) and (band.high is None or sum(known) < band.high)


def _told(casualties: Casualties) -> str:
    figures = (
        ("死亡", casualties.deaths),
        ("受伤", casualties.injured),
        ("失联", casualties.missing),
        ("被困", casualties.trapped),
    )
    told = [f"{name}{count}人" for name, count in figures if count is not None]
    return "、".join(told) or "伤亡未报"


def _reason(rule: str, sentence: str, ladder: GradeLadder) -> Reason:
    return Reason(rule, sentence, source=str(ladder.source), confidence=ladder.source.confidence)
