"""The duty room's own cases of grading, written in YAML: which grade, and owed whatever it is?

定级案例。To add one, add it to tests/scenarios/grading.yaml; its name is the test's name.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import rulebook
from rules.extraction import count_people
from rules.gauging import Gauge, Gauging

CASES = yaml.safe_load(
    (Path(__file__).parent.parent / "scenarios" / "grading.yaml").read_text("utf-8")
)
GAUGING = Gauging(rulebook.load())


def gauge(case: dict[str, Any]) -> Gauge:
    text = case["text"]
    people = count_people(text, [match.span() for match in re.finditer("[^。；！？]+", text)])
    day = case.get("day", date.max)
    return GAUGING(text, people, people.casualties, day, case["code"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_duty_rooms_case_is_graded(case: dict[str, Any]) -> None:
    found = gauge(case)

    why = "\n".join(f"{reason.sentence} {reason.source}" for reason in found.reasons)
    if "severity" in case:
        assert found.severity == case["severity"], why
    if "source" in case:
        assert any(case["source"] in r.source for r in found.reasons if r.rule == "severity"), why
    if case.get("must_report") is False:
        assert not found.must_report, why
    elif "must_report" in case:
        owed = [r.sentence for r in found.reasons if r.rule in {"floor", "must_report"}]
        assert any(case["must_report"] in sentence for sentence in owed), why


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_ground_has_its_source_and_points_into_the_text(case: dict[str, Any]) -> None:
    for reason in gauge(case).reasons:
        assert reason.source or reason.rule == "ungraded"
        assert reason.confidence != "M" or "未经核对" in reason.source
        for start, end in reason.spans:
            assert 0 <= start < end <= len(case["text"])
