"""The duty room's own cases, written in YAML: does each get the verdict it deserves? 案例。

To add one, add it to a tests/scenarios/triage*.yaml; its name is the test's name.
"""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rulebook
from rules.triage import Judge
from vocabulary.submission import Submission

FILES = sorted((Path(__file__).parent.parent / "scenarios").glob("triage*.yaml"))
CASES = [case for file in FILES for case in YAML(typ="safe").load(file.read_text("utf-8"))]
JUDGE = Judge(rulebook.load())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_duty_rooms_case(case: dict[str, Any]) -> None:
    submission = Submission(
        title=case["title"], body=case["body"], is_drill=case.get("is_drill", False)
    )

    judgement = JUDGE(submission)

    told = "\n".join(f"{r.sentence} {r.words}" for r in judgement.reasons)
    wanted = case["verdict"]
    assert judgement.verdict in ([wanted] if isinstance(wanted, str) else wanted), told
    for figure in ("deaths", "injured", "missing", "trapped"):
        if figure in case:
            assert getattr(judgement.casualties, figure) == case[figure], figure
    for answer in ("severity", "code"):
        if answer in case:
            assert getattr(judgement, answer) == case[answer]
    assert set(case.get("asked", ())) <= set(judgement.missing_elements)
