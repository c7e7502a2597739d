"""Which provisional grade do casualties give? 初判等级。

Read downwards: the bands and their edges, the highest wins, unknown is not zero, the sources, every
edge of the rulebook as its files tell it, and that more harm is never less grave.
"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rules.grade_rules import Band, GradeLadder
from rules.grading import grade, regrading
from rules.rulebook import Rulebook
from vocabulary.judgement import Casualties, Measure
from vocabulary.terms import Quantity, Regrading, Severity

RULEBOOK = rulebook.load()
TODAY = date(2026, 3, 1)


def severity_of(casualties: Casualties) -> Severity | None:
    return grade(casualties, RULEBOOK, TODAY)[0]


@pytest.mark.parametrize(
    ("deaths", "expected"),
    [
        pytest.param(0, Severity.ORDINARY, id="none dead"),
        pytest.param(2, Severity.ORDINARY, id="two"),
        pytest.param(3, Severity.SERIOUS, id="three: 以上 includes the number"),
        pytest.param(9, Severity.SERIOUS, id="nine"),
        pytest.param(10, Severity.MAJOR, id="ten"),
        pytest.param(29, Severity.MAJOR, id="twenty-nine"),
        pytest.param(30, Severity.EXTREME, id="thirty"),
    ],
)
def test_the_dead_grade_by_half_open_bands(deaths: int, expected: Severity) -> None:
    assert severity_of(Casualties(deaths=deaths, injured=0)) is expected


@pytest.mark.parametrize(
    ("injured", "expected"),
    [(9, Severity.ORDINARY), (10, Severity.SERIOUS), (50, Severity.MAJOR), (100, Severity.EXTREME)],
)
def test_the_injured_grade_by_their_own_bands(injured: int, expected: Severity) -> None:
    assert severity_of(Casualties(deaths=0, injured=injured)) is expected


def test_any_criterion_is_enough_and_the_highest_wins() -> None:
    assert severity_of(Casualties(deaths=1, injured=60)) is Severity.MAJOR


def test_the_missing_count_with_the_dead_in_a_first_grade() -> None:
    assert severity_of(Casualties(deaths=1, injured=0, missing=6)) is Severity.SERIOUS


@pytest.mark.parametrize(
    "casualties",
    [
        pytest.param(Casualties(), id="nothing known"),
        pytest.param(Casualties(injured=2), id="the dead unknown"),
        pytest.param(Casualties(deaths=1), id="the injured unknown"),
    ],
)
def test_unknown_casualties_are_never_graded_as_ordinary(casualties: Casualties) -> None:
    severity, reason = grade(casualties, RULEBOOK, TODAY)

    assert severity is None
    assert reason.rule == "ungraded"


def test_what_is_known_can_reach_a_higher_grade_though_the_rest_is_unknown() -> None:
    assert severity_of(Casualties(deaths=4)) is Severity.SERIOUS


def test_a_grade_names_its_text() -> None:
    _, reason = grade(Casualties(deaths=3, injured=0), RULEBOOK, TODAY)

    assert "国务院令第493号" in reason.source
    assert reason.confidence == "L"
    assert "死亡3人" in reason.sentence


def test_before_any_ladder_was_in_force_nothing_is_graded() -> None:
    assert grade(Casualties(deaths=30, injured=0), RULEBOOK, date(2005, 1, 1))[0] is None


def a_measure(quantity: Quantity, value: float) -> Measure:
    return Measure(quantity, value, value, 0, 1)


def known_casualties(figures: dict[Quantity, float]) -> Casualties:
    return Casualties(
        *(
            None if quantity not in figures else int(figures[quantity])
            for quantity in (Quantity.DEATHS, Quantity.INJURED, Quantity.MISSING, Quantity.TRAPPED)
        )
    )


def graded(figures: dict[Quantity, float], code: str | None, law: Rulebook = RULEBOOK) -> int:
    """Return the rank of the grade; none at all ranks below ordinary."""
    measures = tuple(a_measure(quantity, value) for quantity, value in figures.items())
    severity, _ = grade(known_casualties(figures), law, TODAY, measures, code=code, told=ALL_TOLD)
    return severity.rank if severity else 0


ALL_TOLD = {
    word: (0, 1)
    for ladder in RULEBOOK.grades
    for words in (ladder.only_with, *(band.words + band.with_words for band in ladder.bands))
    for word in words
}
EDGES = [
    pytest.param(ladder, band, id=f"{ladder.name}: {band.conditions[0].figures} {band.severity}")
    for ladder in RULEBOOK.grades
    for band in ladder.bands
    if len(band.conditions) == 1 and not band.words and band.conditions[0].low > 0
]


@pytest.mark.parametrize(("ladder", "band"), EDGES)
def test_every_band_of_the_law_begins_at_its_very_number(ladder: GradeLadder, band: Band) -> None:
    law = replace(RULEBOOK, grades=(replace(ladder, bands=band_family(ladder, band)),))
    condition = band.conditions[0]
    quantity = condition.figures[0]
    safe: dict[Quantity, float] = {Quantity.DEATHS: 0, Quantity.INJURED: 0}

    at_the_edge = graded({**safe, quantity: condition.low}, ladder.codes[0], law)
    just_below = graded({**safe, quantity: below(condition.low)}, ladder.codes[0], law)

    assert at_the_edge == band.severity.rank
    assert just_below < band.severity.rank


def band_family(ladder: GradeLadder, band: Band) -> tuple[Band, ...]:
    """The bands of the same figures, so that others do not speak for the edge."""
    return tuple(
        each
        for each in ladder.bands
        if not each.words
        and len(each.conditions) == 1
        and each.conditions[0].figures == band.conditions[0].figures
    )


def below(value: float) -> float:
    return value - 1 if value > 10 and value == int(value) else value * 0.99


CODES = [None, *(code for code in RULEBOOK.subtypes if code.endswith("00"))]
FIGURES = st.dictionaries(
    st.sampled_from([*Quantity]), st.sampled_from([0, 1, 2, 3, 9, 10, 29, 30, 99, 1e3, 1e5, 1e8])
)


@given(
    figures=FIGURES,
    code=st.sampled_from(CODES),
    raised=st.sampled_from([*Quantity]),
    more=st.sampled_from([1, 2, 7, 100, 1e6]),
)
def test_raising_a_count_never_lowers_a_grade(
    figures: dict[Quantity, float], code: str | None, raised: Quantity, more: float
) -> None:
    if raised in figures:
        higher = {**figures, raised: figures[raised] + more}
        assert graded(higher, code) >= graded(figures, code)


def test_a_blurred_figure_is_graded_by_its_lower_end_and_says_how_high_it_could_be() -> None:
    blurred = Measure(Quantity.DEATHS, 10, 40, 0, 1)

    severity, reason = grade(Casualties(deaths=10, injured=0), RULEBOOK, TODAY, (blurred,))

    assert severity is Severity.MAJOR
    assert "按上限可至特别重大" in reason.sentence


def test_a_grade_from_memory_is_shown_as_unverified() -> None:
    told = Casualties(deaths=0, injured=12)

    _, reason = grade(told, RULEBOOK, TODAY, code="12G00")

    assert reason.confidence == "M"
    assert "未经核对" in reason.source


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Severity.ORDINARY, Severity.SERIOUS, Regrading.RISE),
        (None, Severity.SERIOUS, Regrading.RISE),
        (Severity.MAJOR, Severity.SERIOUS, Regrading.FALL),
        (Severity.MAJOR, None, Regrading.FALL),
        (None, Severity.ORDINARY, Regrading.SAME),
        (Severity.MAJOR, Severity.MAJOR, Regrading.SAME),
    ],
)
def test_two_gradings_are_compared(
    before: Severity | None, after: Severity | None, expected: Regrading
) -> None:
    assert regrading(before, after) is expected
