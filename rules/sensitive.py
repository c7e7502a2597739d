"""What is reported whatever the grade? 必报底线与敏感因素。

A floor that is reached, and a sensitive place, time, people or echo. The grade stays what the
figures give; only an item that cannot be graded counts as what the text of law says.
"""

from collections.abc import Iterator
from datetime import date

from rules.figures import Figures
from rules.grade_rules import Escalator, Floor
from rules.grading import band_met
from rules.rulebook import Rulebook
from rules.telling import Span, Told
from vocabulary.judgement import Reason
from vocabulary.names import SEVERITY_NAMES
from vocabulary.terms import Severity


def must_report(
    known: Figures, rulebook: Rulebook, day: date, code: str | None, told: Told
) -> tuple[Reason, ...]:
    """Return the grounds on which the item is reported whatever its grade. 不论等级须报。

    Source:
        rulebook/floors.yaml, rulebook/escalators.yaml
    """
    return (*_floors(known, rulebook, day, code, told), *_escalators(rulebook, code, told))


def at_least(rulebook: Rulebook, code: str | None, told: Told) -> tuple[Severity, Reason] | None:
    """Return the grade of an item that the figures cannot grade, where the law gives it one."""
    for escalator in rulebook.escalators:
        if escalator.at_least is None or not is_about(escalator.codes, code):
            continue
        word = next((word for word in escalator.words if word in told), None)
        if word is not None:
            name = SEVERITY_NAMES[escalator.at_least]
            said = f"级别一时难以确认，涉及{escalator.name}，按{name}办"
            return escalator.at_least, _reason("severity", said, escalator, word, told)
    return None


def _floors(
    known: Figures, rulebook: Rulebook, day: date, code: str | None, told: Told
) -> Iterator[Reason]:
    for floor in rulebook.floors:
        if floor.in_force_from > day or not is_about(floor.codes, code):
            continue
        spans = _spans_met(floor, known, told)
        if spans is not None:
            words = tuple([word for word, span in told.items() if span in spans])
            said = f"达到必报底线：{floor.name}，不论等级须报"
            source = floor.source
            yield Reason("floor", said, words, str(source), source.confidence, spans)


def _spans_met(floor: Floor, known: Figures, told: Told) -> tuple[Span, ...] | None:
    """Return where the words of the first band that is met stand; None where none is met."""
    for band in floor.bands:
        if band.needs is None or band.needs in known:
            spans = band_met(band, known, told)
            if spans is not None:
                return spans
    return None


def _escalators(rulebook: Rulebook, code: str | None, told: Told) -> Iterator[Reason]:
    if not told:
        return
    for escalator in rulebook.escalators:
        if not told.keys().isdisjoint(escalator.words) and is_about(escalator.codes, code):
            word = next((word for word in escalator.words if word in told), None)
            if word is not None:
                said = f"涉及{escalator.name}，不论等级须报"
                yield _reason("must_report", said, escalator, word, told)


def _reason(rule: str, said: str, escalator: Escalator, word: str, told: Told) -> Reason:
    source = escalator.source
    return Reason(rule, said, (word,), str(source), source.confidence, (told[word],))


def is_about(codes: tuple[str, ...], code: str | None) -> bool:
    """Say whether a rule for these codes is about the sub-type; one for none is about all."""
    return not codes or (code is not None and code.startswith(codes))
