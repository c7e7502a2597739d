"""The duty room's own sentences, written in YAML: is each figure read as they read it? 抽取案例。

To add one, add a line to tests/scenarios/extraction.yaml; its text is the test's name.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.extraction import count_people
from rules.measuring import measure
from vocabulary.judgement import Measure
from vocabulary.terms import Quantity

CASES = yaml.safe_load(
    (Path(__file__).parent.parent / "scenarios" / "extraction.yaml").read_text("utf-8")
)
HALF_WIDTH = str.maketrans("０１２３４５６７８９．：", "0123456789.:")


def read(text: str) -> dict[str, Measure]:
    text = text.translate(HALF_WIDTH)
    sentences = [match.span() for match in re.finditer("[^。；！？]+", text)]
    told = (*count_people(text, sentences).measures, *measure(text))
    return {each.quantity.value: each for each in told}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_the_duty_rooms_sentence(case: dict[str, Any]) -> None:
    told = read(case["text"])

    for name, expected in case.items():
        if name == "text":
            continue
        found = told.get(Quantity(name).value)
        if expected is None:
            assert found is None, name
        elif isinstance(expected, list):
            assert found is not None, name
            assert found.low == pytest.approx(expected[0], rel=1e-3), name
            assert found.high == (expected[1] and pytest.approx(expected[1], rel=1e-3)), name
        else:
            assert found is not None, name
            assert found.low == pytest.approx(expected), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_every_figure_points_into_its_text(case: dict[str, Any]) -> None:
    for figure in read(case["text"]).values():
        assert 0 <= figure.start < figure.end <= len(case["text"])
        assert figure.high is None or figure.high >= figure.low
