"""One incident, folded from its items. 案卷。"""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.case import Entry, fold
from tests.builders import MINUTE, NEIGHBOUR, an_entry
from vocabulary.judgement import Casualties
from vocabulary.terms import Severity, Stage, Verdict

STAGES = [Stage.FIRST, Stage.FOLLOW_UP, Stage.CORRECTION, Stage.VERIFIED, Stage.FINAL]


def test_a_case_is_named_by_its_first_item_and_as_grave_as_its_gravest() -> None:
    case = fold(
        [
            an_entry(1, verdict=Verdict.ATTENTION),
            an_entry(2, after=MINUTE, severity=Severity.SERIOUS),
        ]
    )

    assert case.title == "第1报"
    assert case.verdict is Verdict.EMERGENCY
    assert case.severity_provisional is Severity.SERIOUS


def test_the_newest_count_holds_and_an_unknown_one_is_not_zero() -> None:
    case = fold(
        [
            an_entry(1, deaths=2, injured=5),
            an_entry(2, after=MINUTE, stage=Stage.FOLLOW_UP, deaths=3),
        ]
    )

    assert case.casualties == Casualties(deaths=3, injured=5)


def test_counts_of_two_units_are_never_added_up_and_the_graver_holds() -> None:
    told = [
        an_entry(1, deaths=3),
        replace(an_entry(2, after=MINUTE, deaths=2), unit_id=NEIGHBOUR),
    ]

    assert fold(told).casualties.deaths == 3


def test_a_unit_that_counts_again_replaces_its_own_count_alone() -> None:
    told = [
        an_entry(1, deaths=3),
        replace(an_entry(2, after=MINUTE, deaths=2), unit_id=NEIGHBOUR),
        an_entry(3, after=2 * MINUTE, stage=Stage.FOLLOW_UP, deaths=1),
    ]

    assert fold(told).casualties.deaths == 2


def test_a_later_grade_may_raise_and_only_a_checked_one_may_lower() -> None:
    graver = [an_entry(1), an_entry(2, after=MINUTE, severity=Severity.MAJOR)]
    rumour = an_entry(3, after=2 * MINUTE, stage=Stage.FOLLOW_UP, severity=Severity.ORDINARY)

    assert fold([*graver, rumour]).severity_provisional is Severity.MAJOR


@pytest.mark.parametrize("stage", [Stage.CORRECTION, Stage.VERIFIED, Stage.FINAL])
def test_a_checked_count_may_lower(stage: Stage) -> None:
    case = fold(
        [
            an_entry(1, severity=Severity.MAJOR, deaths=12),
            an_entry(2, after=MINUTE, stage=stage, severity=Severity.SERIOUS, deaths=3),
        ]
    )

    assert case.severity_provisional is Severity.SERIOUS
    assert case.casualties.deaths == 3


def test_the_final_grade_is_that_of_the_final_report() -> None:
    first = an_entry(1, severity=Severity.MAJOR)

    assert fold([first]).severity_final is None
    final = an_entry(2, after=MINUTE, stage=Stage.FINAL, severity=Severity.SERIOUS)
    assert fold([first, final]).severity_final is Severity.SERIOUS


def test_a_case_rises_by_verdict_before_grade() -> None:
    sign = fold([an_entry(1, verdict=Verdict.ATTENTION, severity=Severity.SERIOUS)])
    ordinary = fold([an_entry(1, severity=Severity.ORDINARY)])
    serious = fold([an_entry(1, severity=Severity.SERIOUS)])

    assert sign.height < ordinary.height < serious.height


def test_to_learn_that_it_is_no_worse_than_ordinary_is_no_rise() -> None:
    ungraded = fold([an_entry(1)])
    ordinary = fold([an_entry(1, severity=Severity.ORDINARY)])

    assert ungraded.height == ordinary.height


entries = st.lists(
    st.builds(
        lambda number, minutes, stage, verdict, severity, deaths: an_entry(
            number,
            after=minutes * MINUTE,
            stage=stage,
            verdict=verdict,
            severity=severity,
            deaths=deaths,
        ),
        number=st.integers(1, 1_000_000),
        minutes=st.integers(0, 5),
        stage=st.sampled_from(STAGES),
        verdict=st.sampled_from(Verdict),
        severity=st.none() | st.sampled_from(Severity),
        deaths=st.integers(0, 40),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda entry: entry.uid,
)


@given(items=entries, seed=st.integers(), crash_after=st.integers(0, 8))
def test_twice_or_in_another_order_or_after_a_crash_it_is_the_same_case(
    items: list[Entry], seed: int, crash_after: int
) -> None:
    before_the_crash = items[:crash_after]
    as_they_came_again = [*before_the_crash, *items]
    Random(seed).shuffle(as_they_came_again)

    assert fold(as_they_came_again) == fold(items)
