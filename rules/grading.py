"""Which grade do the figures give, provisionally? 初判等级。

Any criterion met is enough and the highest wins; every band is half-open. Unknown is not zero:
where the dead or the injured are unknown, nothing that harms people is graded as ordinary.
"""

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from rules.figures import Figures, figures, highest
from rules.grade_rules import Band, Condition, GradeLadder
from rules.marking import number
from rules.rulebook import Rulebook, Source
from rules.telling import Span, Told, first_told
from vocabulary.judgement import Casualties, Measure, Reason
from vocabulary.names import QUANTITY_NAMES, QUANTITY_UNITS, SEVERITY_NAMES
from vocabulary.terms import Quantity, Regrading, Severity

_CONFIDENCE = "LXSCDM"  # the surer text is named where two give the same grade


class _Met(NamedTuple):
    """A band that was met, by which words, under which ladder. 达到的一档。"""

    band: Band
    ladder: GradeLadder
    spans: tuple[Span, ...]


def grade(
    casualties: Casualties,
    rulebook: Rulebook,
    day: date,
    measures: tuple[Measure, ...] = (),
    *,
    code: str | None = None,
    told: Told = MappingProxyType({}),
    known: Figures | None = None,
    is_unclear: bool = False,
) -> tuple[Severity | None, Reason]:
    """Return the grade that the figures give under the law of `day`, and why. 初判。

    The injured count as badly hurt until somebody says how badly, and the missing with the dead:
    a first grade errs upwards and is mended by the next report.

    Args:
        code: the sub-type, which says which ladders apply; without one, those for all others.
        told: the words of the special cases that the text tells.
        known: the figures, where the caller has put them together already.
        is_unclear: the text says itself that the harm is not known yet.

    Returns:
        None where the figures do not reach a higher grade and some of them are unknown.

    Source:
        rulebook/grading/
    """
    ladders = ladders_for(rulebook.grades, code, day, told)
    known = figures(casualties, measures) if known is None else known
    best = _best(ladders, known, told)
    if best is None:
        return None, _ungraded(known)
    severity = best.band.severity
    is_told = casualties.deaths is not None and casualties.injured is not None
    may_be_ordinary = is_told or not (is_unclear or best.ladder.needs_casualties)
    if severity is Severity.ORDINARY and not may_be_ordinary:
        said = f"伤亡未报全，不得初判为一般（{_all_told(known)}）"
        return None, _reason("ungraded", said, best.ladder.source)
    rule = f"{best.ladder.name}：{best.band.said}"
    said = f"{_told(best, known)}，初判为{SEVERITY_NAMES[severity]}（{rule}）"
    if any(measure.high != measure.low for measure in measures):
        said += _upper(severity, _best(ladders, highest(casualties, measures), told))
    return severity, _reason("severity", said, best.ladder.source, _spans(best, measures))


def regrading(before: Severity | None, after: Severity | None) -> Regrading:
    """Compare two gradings. 升级或降级。

    A grade not yet known stands with ordinary: learning that it is no worse is no rise.
    """
    ranks = [(severity or Severity.ORDINARY).rank for severity in (before, after)]
    if ranks[1] > ranks[0]:
        return Regrading.RISE
    return Regrading.FALL if ranks[1] < ranks[0] else Regrading.SAME


def band_met(band: Band, known: Figures, told: Told) -> tuple[Span, ...] | None:
    """Return where the words of a band that is met stand, or None where it is not met."""
    for condition in band.conditions:
        if not _is_met(condition, known):
            return None
    if not band.words:
        return ()
    if told.keys().isdisjoint(band.words):
        return None
    spans = [first_told(told, words) for words in (band.words, band.with_words) if words]
    return None if None in spans else tuple(span for span in spans if span is not None)


def ladders_for(
    grades: Iterable[GradeLadder], code: str | None, day: date, told: Told
) -> list[GradeLadder]:
    """Return the ladders that grade such an item; those for all others where none does."""
    in_force = [ladder for ladder in grades if ladder.is_in_force(day)]
    named = [
        ladder
        for ladder in in_force
        if ladder.is_for(code)
        and not (ladder.only_with and told.keys().isdisjoint(ladder.only_with))
    ]
    return named or [ladder for ladder in in_force if ladder.is_otherwise]


def _best(ladders: Iterable[GradeLadder], known: Figures, told: Told) -> _Met | None:
    """Return the highest band that is met, the first of the best; None where none is."""
    best: _Met | None = None
    for ladder in ladders:
        for band in ladder.bands:
            if band.needs is not None and band.needs not in known:
                continue
            if best is not None and band.rank < best.band.rank:
                continue
            spans = band_met(band, known, told)
            if spans is not None:
                met = _Met(band, ladder, spans)
                best = met if best is None or _order(met) > _order(best) else best
    return best


def _is_met(condition: Condition, known: Figures) -> bool:
    """A sum needs one figure; what is unknown adds nothing to it."""
    if len(condition.figures) == 1:
        total = known.get(condition.figures[0])
    else:
        counted = [known[quantity] for quantity in condition.figures if quantity in known]
        total = sum(counted) if counted else None
    if total is None or total < condition.low:
        return False
    return condition.high is None or total < condition.high


def _order(met: _Met) -> tuple[int, bool, int]:
    """The highest grade; among equals that by figures above none, and by the surer text."""
    has_figures = any(condition.low > 0 for condition in met.band.conditions)
    sureness = -_CONFIDENCE.index(met.ladder.source.confidence)
    return met.band.rank, has_figures, sureness


def _told(met: _Met, known: Figures) -> str:
    quantities = [q for condition in met.band.conditions for q in condition.figures if q in known]
    return _list(quantities, known) or "件中写明"


def _all_told(known: Figures) -> str:
    people = (Quantity.DEATHS, Quantity.INJURED, Quantity.MISSING, Quantity.TRAPPED)
    return _list([quantity for quantity in people if quantity in known], known) or "伤亡未报"


def _list(quantities: Iterable[Quantity], known: Figures) -> str:
    return "、".join(
        [
            f"{QUANTITY_NAMES[quantity]}{number(known[quantity])}{QUANTITY_UNITS[quantity]}"
            for quantity in dict.fromkeys(quantities)
        ]
    )


def _spans(met: _Met, measures: Iterable[Measure]) -> tuple[Span, ...]:
    wanted = {quantity for condition in met.band.conditions for quantity in condition.figures}
    if Quantity.SERIOUSLY_INJURED in wanted:
        wanted.add(Quantity.INJURED)
    told = [(m.start, m.end) for m in measures if m.quantity in wanted]
    return tuple(sorted({*told, *met.spans}))


def _upper(severity: Severity, met: _Met | None) -> str:
    """What a blurred figure could come to: “3至12人死亡”."""
    if met is None or met.band.rank <= severity.rank:
        return ""
    return f"；按上限可至{SEVERITY_NAMES[met.band.severity]}"


def _ungraded(known: Figures) -> Reason:
    told = _all_told(known)
    if Quantity.DEATHS in known and Quantity.INJURED in known:
        return Reason("ungraded", f"未达到所适用分级标准的任何一档，暂不定级（{told}）")
    return Reason("ungraded", f"伤亡人数不明，暂不定级（{told}）")


def _reason(rule: str, sentence: str, source: Source, spans: tuple[Span, ...] = ()) -> Reason:
    return Reason(rule, sentence, source=str(source), confidence=source.confidence, spans=spans)
