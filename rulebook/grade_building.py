"""From the tables of sub-types, grades and floors to the rules. 分类分级由表到规则。"""

from collections.abc import Iterable, Iterator

from rulebook.grade_tables import (
    CaseTable,
    ConditionTable,
    CriterionTable,
    EscalatorsPage,
    FloorsPage,
    GradeTable,
    GradingPage,
    SubtypesPage,
)
from rulebook.law_tables import Cited
from rules.grade_rules import Band, Condition, Escalator, Floor, GradeLadder, SubtypeName
from rules.rulebook import Source
from vocabulary.terms import Severity


def subtypes(page: SubtypesPage) -> dict[str, SubtypeName]:
    """Return every class and every leaf by its code."""
    made: dict[str, SubtypeName] = {}
    for each in page.classes:
        made[each.code] = SubtypeName(
            each.code, each.name, each.category, each.standard, each.settings, each.instead_of
        )
        for code, name in each.leaves.items():
            made[code] = SubtypeName(code, name, each.category)
    return made


def grades(pages: Iterable[GradingPage]) -> tuple[GradeLadder, ...]:
    """Return the ladders that the county has adopted, in the order of the files."""
    return tuple(_ladder(table) for page in pages for table in page.ladders if table.adopted)


def floors(page: FloorsPage) -> tuple[Floor, ...]:
    """Return the floors that the county has adopted. A floor has no grade of its own."""
    return tuple(
        Floor(
            table.name,
            tuple(_band(case, Severity.ORDINARY) for case in table.any_of),
            source(table),
            table.in_force_from,
            table.codes,
        )
        for table in page.floors
        if table.adopted
    )


def escalators(page: EscalatorsPage) -> tuple[Escalator, ...]:
    """Return the sensitive factors that the county has adopted."""
    return tuple(
        Escalator(table.name, table.words, source(table), table.codes, table.at_least)
        for table in page.escalators
        if table.adopted
    )


def source(cited: Cited) -> Source:
    """Return where a table's values come from."""
    return Source(cited.source, cited.confidence, cited.verify)


def _ladder(table: GradeTable) -> GradeLadder:
    bands = [band for criterion in table.criteria for band in _bands(criterion)]
    bands += [_band(case, case.severity) for case in table.special]
    return GradeLadder(
        name=table.name,
        bands=tuple(bands),
        source=source(table),
        in_force_from=table.in_force_from,
        in_force_until=table.in_force_until,
        codes=table.codes,
        is_otherwise=table.otherwise,
        needs_casualties=table.needs_casualties,
        only_with=table.only_with,
    )


def _bands(table: CriterionTable) -> Iterator[Band]:
    """Half-open: each grade ends where the next one told begins."""
    starts = table.starts()
    ends = [start for _, start in starts[1:]]
    for (severity, low), high in zip(starts, [*ends, None], strict=True):
        yield Band(severity, (Condition(table.figures, low, high),))


def _band(case: CaseTable, severity: Severity) -> Band:
    return Band(severity, tuple(map(_condition, case.when)), case.words, case.with_words)


def _condition(table: ConditionTable) -> Condition:
    return Condition(table.figures, table.low, table.high)
