"""The duty room's own sentences, written in YAML: is each figure read as they read it? 抽取案例。

To add one, add a line to tests/scenarios/extraction.yaml; its text is the test's name.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from rules.extraction import count_people
from vocabulary.judgement import Measure
from vocabulary.terms import Quantity

CASES = YAML(typ="safe").load(
    (Path(__file__).parent.parent / "scenarios" / "extraction.yaml").read_text("utf-8")
)
HALF_WIDTH = str.maketrans("０１２３４５６７８９．：", "0123456789.:")


def read(text: str) -> dict[str, Measure]:
    text = text.translate(HALF_WIDTH)
    sentences = [match.span() for match in re.finditer("[^。；！？]+", text)]
    return {measure.quantity.value: measure for measure in count_people(text, sentences).measures}


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
            assert [found.low, found.high] == pytest.approx(expected), name
        else:
            assert found is not None, name
            assert found.low == pytest.approx(expected), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_every_figure_points_into_its_text(case: dict[str, Any]) -> None:
    for measure in read(case["text"]).values():
        assert 0 <= measure.start < measure.end <= len(case["text"])
        assert measure.high is None or measure.high >= measure.low
