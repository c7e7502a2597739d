"""The duty room's own cases, written in YAML: does each get the verdict it deserves? 案例。

To add one, add it to a tests/scenarios/triage*.yaml; its name is the test's name.
"""

from collections import Counter
from typing import Any

import pytest

import rulebook
from rules.triage import Judge
from tests.rules.scenario_cases import CASES, wanted
from vocabulary.submission import Submission

RULEBOOK = rulebook.load()
JUDGE = Judge(RULEBOOK)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_duty_rooms_case(case: dict[str, Any]) -> None:
    submission = Submission(
        title=case["title"], body=case["body"], is_drill=case.get("is_drill", False)
    )

    judgement = JUDGE(submission)

    told = "\n".join(f"{r.sentence} {r.words}" for r in judgement.reasons)
    assert judgement.verdict in wanted(case), told
    for figure in ("deaths", "injured", "missing", "trapped"):
        if figure in case:
            assert getattr(judgement.casualties, figure) == case[figure], figure
    for answer in ("severity", "code"):
        if answer in case:
            assert getattr(judgement, answer) == case[answer]
    assert set(case.get("asked", ())) <= set(judgement.missing_elements)


def test_no_two_cases_have_one_name() -> None:
    assert [name for name, times in Counter(c["name"] for c in CASES).items() if times > 1] == []


def test_every_class_of_the_lexicon_has_a_case() -> None:
    told = {case.get("code") for case in CASES}
    untold = {s.code for s in RULEBOOK.lexicon.subtypes} - told

    assert untold == set(), "each sub-type wants one scenario at least"
