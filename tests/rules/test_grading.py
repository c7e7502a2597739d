"""Which provisional grade do casualties give? 初判等级。

Read downwards: the bands and their edges, the highest wins, unknown is not zero, the sources.
"""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from rules.grading import grade
from vocabulary.judgement import Casualties
from vocabulary.terms import Severity

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


@given(deaths=st.integers(0, 200), injured=st.integers(0, 300), more=st.integers(0, 50))
def test_more_dead_never_lower_the_grade(deaths: int, injured: int, more: int) -> None:
    before = severity_of(Casualties(deaths=deaths, injured=injured))
    after = severity_of(Casualties(deaths=deaths + more, injured=injured))

    assert before is not None
    assert after is not None
    assert after.rank >= before.rank
